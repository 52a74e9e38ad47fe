#include "app/served_tools.hpp"

#include "mcp/builtin_tools.hpp"

namespace keystead::app {
namespace {

using domain::Collection;
using domain::Effect;

struct Deed {
  std::string_view name;
  Effect effect;
  bool writes;
};

constexpr Deed kList{"list", Effect::read, false};
constexpr Deed kGet{"get", Effect::read, false};
constexpr Deed kCreate{"create", Effect::write, true};
constexpr Deed kUpdate{"update", Effect::write, true};
constexpr Deed kDelete{"delete", Effect::destroy, true};

// One of the five things that can be done with a collection. Where the collection has no tools of
// its own, the tool of that name and the route share it.
Result<domain::Action const*> add_deed(
    authz::ActionTable& actions, Collection const& collection, Deed const& deed
) {
  std::string name = collection.name + "." + std::string(deed.name);
  auto const& scope = deed.writes ? collection.write_scope : collection.read_scope;
  if (collection.tools) return actions.add(name, deed.effect, scope);
  std::string tool = collection.name + "_" + std::string(deed.name);
  return actions.add_tool(name, deed.effect, scope, std::move(tool), {});
}

Result<data::CollectionActions> add_actions(
    authz::ActionTable& actions, Collection const& collection
) {
  return data::CollectionActions{
      .list = TRY(add_deed(actions, collection, kList)),
      .get = TRY(add_deed(actions, collection, kGet)),
      .create = TRY(add_deed(actions, collection, kCreate)),
      .update = TRY(add_deed(actions, collection, kUpdate)),
      .remove = TRY(add_deed(actions, collection, kDelete)),
  };
}

// The action of the route that does what the tool does; none does what a proposal does.
std::string twin_of(Collection const& collection, domain::CollectionTool const& tool) {
  using enum domain::Operation;
  switch (tool.operation) {
    case list: return collection.name + ".list";
    case get: return collection.name + ".get";
    case create: return collection.name + ".create";
    case update: return collection.name + ".update";
    case remove: return collection.name + ".delete";
    case propose: break;
  }
  return {};
}

Result<void> add_own_tools(
    authz::ActionTable& actions,
    mcp::Toolbox& tools,
    Collection const& collection,
    std::vector<domain::CollectionTool> const& own
) {
  for (auto const& tool : own) {
    auto const* action = TRY(actions.add_tool(
        collection.name + "." + tool.name,
        data::effect_of(tool),
        data::scope_of(collection, tool),
        tool.name,
        twin_of(collection, tool)
    ));
    TRY(data::add_collection_tool(tools, collection, tool, action));
  }
  return {};
}

}  // namespace

Result<std::vector<api::ServedCollection>> add_tools(
    Config const& config,
    std::span<Collection const> collections,
    Clock const& clock,
    authz::ActionTable& actions,
    mcp::Toolbox& tools
) {
  TRY(mcp::add_builtin_tools(tools, actions, config.tools, {config.scope_catalog, clock}));
  std::vector<api::ServedCollection> served;
  for (auto const& collection : collections) {
    if (collection.tools) TRY(add_own_tools(actions, tools, collection, *collection.tools));
    if (collection.tools && !collection.rest) continue;
    auto collection_actions = TRY(add_actions(actions, collection));
    if (!collection.tools) {
      TRY(data::add_collection_tools(tools, collection, collection_actions));
    }
    if (collection.rest) served.push_back({&collection, collection_actions});
  }
  return served;
}

Result<void> apply_rules(Config const& config, authz::ActionTable& actions) {
  std::vector<std::string> kinds;
  for (auto const& kind : config.key_kinds.all()) kinds.push_back(kind.name);
  return actions.apply(config.rules, config.keys.format.environments(), kinds);
}

Result<ManagementActions> add_management(Config const& config, authz::ActionTable& actions) {
  std::string scope = config.keys.manage.value_or("");
  if (!config.keys.manage) {
    for (auto const& each : config.keys.scopes) scope += (scope.empty() ? "" : " ") + each.name;
  }
  return ManagementActions{
      .read_keys = TRY(actions.add("keys.read", Effect::read, config.keys.read.value_or(scope))),
      .manage_keys = TRY(actions.add("keys.manage", Effect::write, scope)),
      .manage_members = TRY(actions.add("members.manage", Effect::write, scope)),
      .read_denials = TRY(actions.add("denials.read", Effect::read, scope)),
      .pass = TRY(actions.add("verify", Effect::read, "")),
  };
}

}  // namespace keystead::app
