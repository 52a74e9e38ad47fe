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
    case SecretPurpose::pushed_request: return "pushed_request:";
    case SecretPurpose::pushed_page: return "pushed_page:";
    case SecretPurpose::code: return "authorization_code:";
    case SecretPurpose::refresh_token: return "refresh_token:";
    case SecretPurpose::refresh_successor: return "refresh_successor:";
    case SecretPurpose::device_code: return "device_code:";
    case SecretPurpose::user_code: break;
  }
  return "user_code:";
}

std::string random_text(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  return codec::base64url_encode(bytes);
}

}  // namespace

Secret make_secret(Random& random) {
  return Secret(random_text(random, 32));
}

domain::ClientId make_client_id(Random& random) {
  return domain::ClientId("kc_" + random_text(random, 16));
}

std::array<unsigned char, 32> digest_of(
    SecretPurpose purpose, std::string_view text, authn::KeyDigester const& digester, int version
) {
  return digester.digest(std::string(prefix_of(purpose)).append(text), version);
}

}  // namespace keystead::oauth
