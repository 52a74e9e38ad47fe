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

// The result holds what was tested, so that a token which it accepts is one.
void check(std::string_view token, bool is_ours) {
  static jose::JwtVerifier const kVerifier = make_verifier();
  static jose::JwkSet const kKeys(
      {jose::Jwk::shared_secret(Secret(std::string(kSecret)), jose::Algorithm::hs256).value()}
  );
  auto jwt = kVerifier.verify(token, kKeys, kNow);
  if (!jwt) return;
  if (!is_ours || jwt->issuer() != "i" || !jwt->subject() || jwt->subject()->empty()) std::abort();
  if (jwt->audiences().empty() || jwt->expires_at() + std::chrono::seconds(60) <= kNow) {
    std::abort();
  }
}

bool is_signed(std::string_view token) {
  auto dot = token.rfind('.');
  if (dot == std::string_view::npos) return false;
  auto mac = crypto::hmac(crypto::Hash::sha256, kSecret, token.substr(0, dot));
  return codec::base64url_encode(mac) == token.substr(dot + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  check(input, is_signed(input));
  auto take_line = [&] {
    auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    return line;
  };
  std::string text = codec::base64url_encode(take_line());
  text += '.';
  text += codec::base64url_encode(take_line());
  // A signature of the fuzzer's, and the right one: what comes behind it is to be reached as well.
  check(
      text + '.' + codec::base64url_encode(input),
      is_signed(text + '.' + codec::base64url_encode(input))
  );
  check(
      text + '.' + codec::base64url_encode(crypto::hmac(crypto::Hash::sha256, kSecret, text)), true
  );
  return 0;
}
