// A tool as MCP serves it, and all tools of an installation.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "domain/permit.hpp"
#include "store/tenant_store.hpp"

namespace keystead::mcp {

namespace json = boost::json;

struct Tool {
  std::string name;  // [A-Za-z0-9_./-]{1,64}
  std::string title;
  std::string description;
  json::object input_schema;               // JSON Schema 2020-12 of the arguments
  json::object output_schema;              // of the structured result; empty if it has none
  domain::Action const* action = nullptr;  // its effect becomes readOnlyHint and destructiveHint
  bool idempotent = false;

  // What it does: exactly one of the two is set. A tool in memory answers on the io thread and must
  // not wait; a tool on a tenant runs on a worker. A Failure with Code::invalid_request is about
  // the arguments and names the path ("due: not a date"); any other Failure is the tool's own
  // refusal. Neither ends the request: the model reads it. `arguments`, and copies that share its
  // memory, must not outlive the call.
  std::function<Result<json::object>(domain::Permit const&, json::object const& arguments)>
      in_memory;
  std::function<Result<json::object>(
      domain::Permit const&, store::TenantStore&, json::object const& arguments
  )>
      on_tenant;
};

// Immutable once the server runs. In the order of the names' bytes, which is the order tools/list
// answers in.
class Toolbox {
 public:
  // Code::invalid_request if the name is malformed or taken (attack 81: names are compared by their
  // exact bytes).
  Result<void> add(Tool tool);

  Tool const* find(std::string_view name) const;  // nullptr if there is none
  std::map<std::string, Tool, std::less<>> const& all() const { return tools_; }

 private:
  std::map<std::string, Tool, std::less<>> tools_;
};

}  // namespace keystead::mcp
