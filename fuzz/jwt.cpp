// Tokens: the first line of input is the header, the second the claims, the third the signature's
// bytes. What comes as three parts is tried as it is as well. Whatever is accepted must be what our
// own key signed.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "codec/base64url.hpp"
#include "crypto/hmac.hpp"
#include "jose/jwt_verifier.hpp"

namespace {

using namespace keystead;

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr Time kNow{std::chrono::seconds(1'800'000'000)};

jose::JwtVerifier make_verifier() {
  jose::JwtProfile profile;
  profile.issuer = "i";
  profile.audiences = {"a"};
  profile.algorithms = {jose::Algorithm::hs256, jose::Algorithm::es256};
  return jose::JwtVerifier::make(profile).value();
}

bool is_signed(std::string_view token) {
  auto dot = token.rfind('.');
  if (dot == std::string_view::npos) return false;
  auto mac = crypto::hmac(crypto::Hash::sha256, kSecret, token.substr(0, dot));
  return codec::base64url_encode(mac) == token.substr(dot + 1);
}

// Whether it is ours is asked of what is accepted only: most of what a fuzzer makes is not.
void check(std::string_view token) {
  static jose::JwtVerifier const kVerifier = make_verifier();
  static jose::JwkSet const kKeys(
      {jose::Jwk::shared_secret(Secret(std::string(kSecret)), jose::Algorithm::hs256).value()}
  );
  auto jwt = kVerifier.verify(token, kKeys, kNow);
  if (!jwt) return;
  if (!is_signed(token) || jwt->issuer() != "i" || !jwt->subject() || jwt->subject()->empty()) {
    std::abort();
  }
  if (jwt->audiences().empty() || jwt->expires_at() + std::chrono::seconds(60) <= kNow) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  check(input);
  auto take_line = [&] {
    auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    return line;
  };
  std::string text = codec::base64url_encode(take_line());
  text += '.';
  text += codec::base64url_encode(take_line());
  // A signature of the fuzzer's, and the right one: what comes behind it is to be reached as well.
  check(text + '.' + codec::base64url_encode(input));
  check(text + '.' + codec::base64url_encode(crypto::hmac(crypto::Hash::sha256, kSecret, text)));
  return 0;
}
