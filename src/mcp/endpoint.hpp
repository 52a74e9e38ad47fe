// POST /mcp: one request of any revision from 2025-03-26 to 2026-07-28, answered without sessions.
// No I/O happens here; what a tool does to a tenant's data happens behind its TenantStore.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/json/fwd.hpp>

#include "authz/authorizer.hpp"
#include "domain/principal.hpp"
#include "http/handler.hpp"
#include "mcp/call_hooks.hpp"
#include "mcp/json_rpc.hpp"
#include "mcp/tool.hpp"

namespace keystead::mcp {

class Methods;
enum class Revision;
struct Exchange;

// Who calls, and with what.
struct Caller {
  domain::Principal const& principal;
  http::Request const& request;
};

class Endpoint {
 public:
  struct Options {
    std::string name;             // serverInfo.name
    std::string title;            // serverInfo.title; may be empty
    std::string version;          // serverInfo.version
    std::string instructions;     // may be empty
    std::size_t page_size = 100;  // tools on one page of tools/list
    CallHooks hooks{};
  };
  // Writes the answer for a caller who is denied; `id` is the JSON-RPC id, null for none.
  using RenderDenial = std::function<
      void(Caller const&, domain::Denial const&, json::value const& id, http::Response&)>;
  // The same for an element of a batch, which has no HTTP answer of its own.
  using DenialInBatch = std::function<RpcError(Caller const&, domain::Denial const&)>;

  // `tools` is complete, for its JSON is rendered here; it and `stores` outlive the endpoint.
  Endpoint(
      Options const& options,
      Toolbox const& tools,
      store::TenantStores& stores,
      RenderDenial render_denial,
      DenialInBatch denial_in_batch
  );
  ~Endpoint();

  // Whether a request asks for nothing but who we are: initialize, ping, server/discover, or a
  // notification. Such a one may be served to nobody, where the installation wants that.
  static bool is_introduction(http::Request const& request);

  // Answers any method on the MCP path for an authenticated caller. On an io thread it answers
  // everything but a batch and a call of a tool that needs the tenant's data. Throws what the store
  // throws (store::Broken).
  http::Outcome serve(
      domain::Principal const& principal,
      http::Request const& request,
      http::Response& response,
      http::Where where
  ) const;

 private:
  http::Outcome serve_message(Exchange const& exchange, json::value const& document) const;
  http::Outcome serve_batch(Exchange const& exchange, json::array const& elements) const;
  void answer_element(
      Exchange const& exchange, json::value const& element, Revision revision
  ) const;

  std::unique_ptr<Methods const> methods_;
  RenderDenial render_denial_;
  DenialInBatch denial_in_batch_;
};

}  // namespace keystead::mcp
