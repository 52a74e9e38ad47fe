// Every action of the installation, made once from configuration. Addresses stay valid as long as
// the table.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "domain/action.hpp"

namespace keystead::authz {

class ActionTable {
 public:
  // `catalog` outlives the table.
  explicit ActionTable(domain::ScopeCatalog const& catalog) : catalog_(catalog) {}

  // Code::invalid_request if the name is taken or the scope is not declared. An empty scope lets
  // any principal of a tenant; several, with spaces between, are all needed.
  Result<domain::Action const*> add(std::string name, domain::Effect effect, std::string scope);
  // The same for what a tool does. `twin` names the action of the route that does the same to the
  // same data, if it is another one: a rule about the tool holds for its twin too.
  Result<domain::Action const*> add_tool(
      std::string name, domain::Effect effect, std::string scope, std::string tool, std::string twin
  );

  // Attaches the rules to the actions that they concern. Called once, when all actions are there.
  // Code::invalid_request for a pattern that matches nothing, an unknown scope, environment or
  // kind.
  Result<void> apply(
      std::vector<domain::Rule> rules,
      std::vector<std::string> const& environments,
      std::vector<std::string> const& kinds
  );

  std::deque<domain::Action> const& all() const { return actions_; }

 private:
  // The failure says only which scope is not declared.
  Result<domain::ScopeSet> needs_of(std::string const& scope) const;
  domain::Action* find(std::string_view name);  // nullptr if there is none
  void attach(domain::Rule const& rule);
  domain::Rule const* rule_for_twin(domain::Rule const& rule);

  domain::ScopeCatalog const& catalog_;
  std::deque<domain::Action> actions_;
  std::vector<domain::Rule> rules_;
  std::deque<domain::Rule> twin_rules_;
};

}  // namespace keystead::authz
