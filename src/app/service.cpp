#include "app/service.hpp"

#include "app/log.hpp"
#include "app/version.hpp"
#include "mcp/builtin_tools.hpp"

namespace keystead::app {
namespace {

// The five things that can be done with a collection.
Result<data::CollectionActions> add_actions(
    authz::ActionTable& actions, domain::Collection const& collection
) {
  using enum domain::Effect;
  auto const& name = collection.name;
  return data::CollectionActions{
      .list = TRY(actions.add(name + ".list", read, collection.read_scope)),
      .get = TRY(actions.add(name + ".get", read, collection.read_scope)),
      .create = TRY(actions.add(name + ".create", write, collection.write_scope)),
      .update = TRY(actions.add(name + ".update", write, collection.write_scope)),
      .remove = TRY(actions.add(name + ".delete", destroy, collection.write_scope)),
  };
}

// Every tool of the configuration into `tools`, with the action it needs. `collections` and
// `actions` outlive the toolbox.
Result<std::vector<api::ServedCollection>> add_tools(
    Config const& config,
    std::span<domain::Collection const> collections,
    Clock const& clock,
    authz::ActionTable& actions,
    mcp::Toolbox& tools
) {
  TRY(mcp::add_builtin_tools(tools, actions, config.tools, {config.scope_catalog, clock}));
  std::vector<api::ServedCollection> served;
  for (auto const& collection : collections) {
    auto collection_actions = TRY(add_actions(actions, collection));
    TRY(data::add_collection_tools(tools, collection, collection_actions));
    served.push_back({&collection, collection_actions});
  }
  return served;
}

std::vector<std::string> origins_of(Config const& config, std::string const& public_url) {
  std::vector<std::string> origins;
  if (!config.origins) return {config.service.url ? config.service.url->origin().text : public_url};
  for (auto const& origin : *config.origins) origins.push_back(origin.text);
  return origins;
}

void log_event(api::GateEvent const& event) {
  if (event.kind == api::GateEvent::Kind::broken) {
    log::error(
        "request.broken",
        {{"status", event.status},
         {"method", event.method},
         {"route", event.route},
         {"detail", event.detail}}
    );
    return;
  }
  bool is_denial = event.kind == api::GateEvent::Kind::denied;
  log::info(
      is_denial ? "request.denied" : "request.answered",
      {{"status", event.status},
       {"method", event.method},
       {"route", event.route},
       {"peer", event.peer}}
  );
}

}  // namespace

Service::Service(Installation& installation, std::string const& public_url)
    : installation_(installation),
      problems_(public_url),
      actions_(installation.config().scope_catalog),
      authenticator_(
          installation.config().keys.format,
          installation.digester(),
          installation.config().scope_catalog,
          installation.control(),
          installation.ring(),
          installation.clock()
      ) {}

Result<std::unique_ptr<Service>> Service::build(Installation& installation, Parts parts) {
  std::unique_ptr<Service> service(new Service(installation, parts.public_url));
  service->collections_ = TRY(add_tools(
      installation.config(),
      installation.collections(),
      installation.clock(),
      service->actions_,
      service->tools_
  ));
  service->open_gate(std::move(parts));
  return service;
}

Result<void> Service::check(Config const& config) {
  auto collections = collections_of(config);
  authz::ActionTable actions(config.scope_catalog);
  mcp::Toolbox tools;
  TRY(add_tools(config, collections, SystemClock(), actions, tools));
  return {};
}

void Service::open_gate(Parts parts) {
  Config const& config = installation_.config();
  endpoint_ = std::make_unique<mcp::Endpoint>(
      mcp::Endpoint::Options{
          .name = config.service.name,
          .title = config.service.title,
          .version = std::string(kVersion),
          .instructions = config.service.instructions,
          .page_size = config.mcp.page_size,
      },
      tools_,
      installation_.tenants(),
      [this](auto const& denial, auto const& id, auto& response) {
        problems_.render_mcp(denial, id, response);
      }
  );
  auto routes = api::make_routes({
      .version = std::string(kVersion),
      .mcp = *endpoint_,
      .scopes = config.scope_catalog,
      .collections = collections_,
      .is_ready = [this] { return ready_.load(); },
      .metrics = std::move(parts.metrics),
  });
  bool log_denials = config.log.requests != RequestLog::none;
  gate_ = std::make_unique<api::Gate>(
      api::Gate::Options{
          .credential_headers = {config.keys.headers, &config.keys.format},
          .origins = origins_of(config, parts.public_url),
          .report =
              [log_denials](api::GateEvent const& event) {
                if (log_denials || event.kind == api::GateEvent::Kind::broken) log_event(event);
              },
          .report_every_request = config.log.requests == RequestLog::all,
      },
      std::move(routes),
      authenticator_,
      installation_.tenants(),
      problems_
  );
}

}  // namespace keystead::app
