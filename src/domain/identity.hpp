// What another issuer calls a user or a tenant of ours. Both parts compare byte by byte: an issuer
// with a slash at its end is another one (RFC 8414 §3.3, OpenID Connect Core §2).
#pragma once

#include <string>

#include "base/result.hpp"

namespace keystead::domain {

// A user at an issuer: `iss` and `sub` of its tokens.
class Identity {
 public:
  static constexpr std::size_t kIssuerBytesMax = 512;
  static constexpr std::size_t kSubjectBytesMax = 256;

  // Code::invalid_request for a part that is empty, too long, no UTF-8, or holds a control
  // character.
  static Result<Identity> make(std::string issuer, std::string subject);

  std::string const& issuer() const { return issuer_; }
  std::string const& subject() const { return subject_; }

  friend auto operator<=>(Identity const&, Identity const&) = default;

 private:
  Identity(std::string issuer, std::string subject)
      : issuer_(std::move(issuer)), subject_(std::move(subject)) {}
  std::string issuer_;
  std::string subject_;
};

// A tenant at an issuer: an organisation there, a claim that the issuer alone can write. Which
// tenant of ours it is stands in the database, never in the token (attack 38).
class ExternalTenant {
 public:
  // As Identity::make.
  static Result<ExternalTenant> make(std::string issuer, std::string external_id);

  std::string const& issuer() const { return issuer_; }
  std::string const& external_id() const { return external_id_; }

  friend auto operator<=>(ExternalTenant const&, ExternalTenant const&) = default;

 private:
  ExternalTenant(std::string issuer, std::string external_id)
      : issuer_(std::move(issuer)), external_id_(std::move(external_id)) {}
  std::string issuer_;
  std::string external_id_;
};

}  // namespace keystead::domain
