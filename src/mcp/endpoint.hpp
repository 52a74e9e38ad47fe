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
#include "mcp/tool.hpp"

namespace keystead::mcp {

class Methods;
enum class Revision;
struct Exchange;

class Endpoint {
 public:
  struct Options {
    std::string name;             // serverInfo.name
    std::string title;            // serverInfo.title; may be empty
    std::string version;          // serverInfo.version
    std::string instructions;     // may be empty
    std::size_t page_size = 100;  // tools on one page of tools/list
  };
  // Writes the answer for a caller who lacks a scope; `id` is the JSON-RPC id, null for none.
  using RenderDenial =
      std::function<void(domain::Denial const&, json::value const& id, http::Response&)>;

  // `tools` is complete, for its JSON is rendered here; it and `stores` outlive the endpoint.
  Endpoint(
      Options const& options,
      Toolbox const& tools,
      store::TenantStores& stores,
      RenderDenial render_denial
  );
  ~Endpoint();

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
};

}  // namespace keystead::mcp
