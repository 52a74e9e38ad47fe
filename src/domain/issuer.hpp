// An authorization server of ours as its tokens name it, with what they are for. It comes with
// each request, so that nothing is made or taken for another one (attack 50).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"

namespace keystead::domain {

struct Issuer {
  std::string url;                      // `iss`, without a slash at its end
  std::vector<std::string> resources;   // RFC 8707; the first is that of a request without one
  std::optional<TenantId> tenant = {};  // whose own it is, and where alone its tokens act

  // Whether one of these is its own: of a grant, that the grant was made under it.
  bool has_any(std::vector<std::string> const& others) const;
};

class Issuers {
 public:
  explicit Issuers(Issuer root) : root_(std::move(root)) {}

  Issuer const& root() const { return root_; }

  // By `iss`; nothing if it is none of ours.
  std::optional<Issuer> find(std::string_view url) const;
  // Whose resources these are.
  std::optional<Issuer> of_resources(std::vector<std::string> const& resources) const;

 private:
  Issuer root_;
};

}  // namespace keystead::domain
