// Every action of the installation, made once from configuration. Addresses stay valid as long as
// the table.
#pragma once

#include <deque>
#include <string>

#include "domain/action.hpp"

namespace keystead::authz {

class ActionTable {
 public:
  // `catalog` outlives the table.
  explicit ActionTable(domain::ScopeCatalog const& catalog) : catalog_(catalog) {}

  // Code::invalid_request if the name is taken or the scope is not declared. An empty scope lets
  // any principal of a tenant.
  Result<domain::Action const*> add(std::string name, domain::Effect effect, std::string scope);

  std::deque<domain::Action> const& all() const { return actions_; }

 private:
  domain::ScopeCatalog const& catalog_;
  std::deque<domain::Action> actions_;
};

}  // namespace keystead::authz
