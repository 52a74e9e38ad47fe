#include "oauth/refresh_tokens.hpp"

#include <string>

#include "codec/base64url.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {

domain::GrantSecretDigest RefreshTokens::digest(std::string_view text, int version) const {
  return digest_of(SecretPurpose::refresh_token, text, parts_.digester, version);
}

domain::RefreshToken RefreshTokens::record_of(std::string_view text, int version) const {
  domain::RefreshToken record;
  record.digest = digest(text, version);
  record.pepper_version = version;
  record.issued_at = parts_.clock.now();
  record.expires_at = record.issued_at + parts_.lifetime;
  return record;
}

IssuedRefreshToken RefreshTokens::first(domain::GrantId const& grant) const {
  auto text = make_secret(parts_.random);
  auto record = record_of(text.reveal(), parts_.digester.current_version());
  record.grant = grant;
  return {std::move(text), record};
}

IssuedRefreshToken RefreshTokens::successor(std::string_view text, int version) const {
  auto bytes = digest_of(SecretPurpose::refresh_successor, text, parts_.digester, version);
  Secret next(codec::base64url_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()}));
  auto record = record_of(next.reveal(), version);
  return {std::move(next), record};
}

IssuedRefreshToken RefreshTokens::successor(std::string_view text) const {
  return successor(text, parts_.digester.current_version());
}

}  // namespace keystead::oauth
