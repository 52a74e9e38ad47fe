// What the signature of a token costs by itself: OpenSSL verifies ES256 over the tokens of a file,
// each once and in turn, with everything else made ready before.
//
//   keystead_bare_verify KEY.pem TOKENS SECONDS     prints {"count":N,"microseconds":CPU of one}
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "codec/base64url.hpp"

namespace {

struct Signed {
  std::string text;
  std::string signature;  // in DER
};

unsigned char const* bytes(std::string const& text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

std::string der_of(std::string const& signature) {
  constexpr int kHalf = 32;
  ECDSA_SIG* pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(
      pair,
      BN_bin2bn(bytes(signature), kHalf, nullptr),
      BN_bin2bn(bytes(signature) + kHalf, kHalf, nullptr)
  );
  unsigned char* der = nullptr;
  int size = i2d_ECDSA_SIG(pair, &der);
  std::string out(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  ECDSA_SIG_free(pair);
  return out;
}

std::vector<Signed> read_tokens(char const* file) {
  std::vector<Signed> tokens;
  std::ifstream lines(file);
  for (std::string token; std::getline(lines, token);) {
    auto dot = token.rfind('.');
    auto signature = keystead::codec::base64url_decode(token.substr(dot + 1));
    if (!signature || signature->size() != 64) throw std::runtime_error("not a token of ES256");
    tokens.push_back({token.substr(0, dot), der_of(*signature)});
  }
  if (tokens.empty()) throw std::runtime_error("no tokens");
  return tokens;
}

EVP_PKEY* read_key(char const* file) {
  std::FILE* in = std::fopen(file, "r");
  EVP_PKEY* key = in ? PEM_read_PUBKEY(in, nullptr, nullptr, nullptr) : nullptr;
  if (in) std::fclose(in);
  if (!key) throw std::runtime_error("not a public key");
  return key;
}

double cpu_microseconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void run(char const* key_file, char const* token_file, double seconds) {
  EVP_PKEY* key = read_key(key_file);
  auto tokens = read_tokens(token_file);
  EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  double begun = cpu_microseconds();
  std::size_t count = 0;
  for (; std::chrono::steady_clock::now() < end; ++count) {
    auto const& token = tokens[count % tokens.size()];
    EVP_MD_CTX_reset(context);
    bool is_good = EVP_DigestVerifyInit(context, nullptr, sha256, nullptr, key) == 1 &&
                   EVP_DigestVerify(
                       context,
                       bytes(token.signature),
                       token.signature.size(),
                       bytes(token.text),
                       token.text.size()
                   ) == 1;
    if (!is_good) throw std::runtime_error("a signature is not good");
  }
  double each = (cpu_microseconds() - begun) / static_cast<double>(count);
  std::printf("{\"count\":%zu,\"microseconds\":%.3f}\n", count, each);
  EVP_MD_CTX_free(context);
  EVP_MD_free(sha256);
  EVP_PKEY_free(key);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  try {
    run(arguments[1], arguments[2], std::atof(arguments[3]));
  } catch (std::exception const& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
