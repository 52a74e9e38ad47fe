#include "oauth/issued_secret.hpp"

#include <string>

#include "codec/base64url.hpp"

namespace keystead::oauth {
namespace {

// With a colon, so that no key has the same digest.
std::string_view prefix_of(SecretPurpose purpose) {
  switch (purpose) {
    case SecretPurpose::client_secret: return "client_secret:";
    case SecretPurpose::request: return "authorization_request:";
    case SecretPurpose::refresh_token: return "refresh_token:";
    case SecretPurpose::refresh_successor: return "refresh_successor:";
    case SecretPurpose::device_code: return "device_code:";
    case SecretPurpose::user_code: return "user_code:";
    case SecretPurpose::code: break;
  }
  return "authorization_code:";
}

}  // namespace

Secret make_secret(Random& random) {
  std::string bytes(32, '\0');
  random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  return Secret(codec::base64url_encode(bytes));
}

std::array<unsigned char, 32> digest_of(
    SecretPurpose purpose, std::string_view text, authn::KeyDigester const& digester, int version
) {
  return digester.digest(std::string(prefix_of(purpose)).append(text), version);
}

}  // namespace keystead::oauth
