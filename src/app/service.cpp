#include "app/service.hpp"

#include "app/log.hpp"
#include "app/version.hpp"
#include "mcp/builtin_tools.hpp"

namespace keystead::app {
namespace {

// The five things that can be done with a collection.
Result<data::CollectionActions> add_actions(authz::ActionTable& actions, domain::Collection const& collection) {
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
        {{"status", event.status}, {"method", event.method}, {"path", event.path}, {"detail", event.detail}}
    );
    return;
  }
  bool is_denial = event.kind == api::GateEvent::Kind::denied;
  log::info(
      is_denial ? "request.denied" : "request.answered",
      {{"status", event.status}, {"method", event.method}, {"path", event.path}, {"peer", event.peer}}
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
  TRY(service->add_tools());
  service->open_gate(std::move(parts));
  return service;
}

Result<void> Service::add_tools() {
  Config const& config = installation_.config();
  TRY(mcp::add_builtin_tools(tools_, actions_, config.tools, {config.scope_catalog, installation_.clock()}));
  for (auto const& collection : installation_.collections()) {
    auto actions = TRY(add_actions(actions_, collection));
    TRY(data::add_collection_tools(tools_, collection, actions));
    collections_.push_back({&collection, actions});
  }
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
      [this](auto const& denial, auto const& id, auto& response) { problems_.render_mcp(denial, id, response); }
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
          .credential_headers = {config.keys.headers},
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
