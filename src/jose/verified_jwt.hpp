// A JSON Web Token (RFC 7519) that is genuine, of the issuer that it was tested against, meant for
// us, and within its time. Only JwtVerifier can construct one.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "base/clock.hpp"

namespace keystead::jose {

namespace json = boost::json;

class VerifiedJwt {
 public:
  std::string const& issuer() const { return registered_.issuer; }
  std::optional<std::string> const& subject() const { return registered_.subject; }
  std::vector<std::string> const& audiences() const { return registered_.audiences; }
  Time expires_at() const { return registered_.expires_at; }
  std::optional<Time> issued_at() const { return registered_.issued_at; }
  std::optional<Time> not_before() const { return registered_.not_before; }
  std::optional<std::string> const& jwt_id() const { return registered_.jwt_id; }

  // All of them, those above among them. Only their form is known: what they say is the issuer's
  // word, or that of whoever the issuer lets write them (attack 38).
  json::object const& claims() const { return claims_; }

 private:
  friend class JwtVerifier;

  struct Registered {
    std::string issuer;
    std::optional<std::string> subject;
    std::vector<std::string> audiences;
    Time expires_at;
    std::optional<Time> issued_at;
    std::optional<Time> not_before;
    std::optional<std::string> jwt_id;
  };

  VerifiedJwt(Registered registered, json::object claims)
      : registered_(std::move(registered)), claims_(std::move(claims)) {}

  Registered registered_;
  json::object claims_;
};

}  // namespace keystead::jose
