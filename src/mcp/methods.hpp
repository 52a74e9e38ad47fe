// The methods of the endpoint: which exist in which era, and what the small ones answer.
#pragma once

#include <string>

#include "mcp/call.hpp"
#include "mcp/catalog.hpp"
#include "mcp/endpoint.hpp"

namespace keystead::mcp {

class Methods {
 public:
  // `tools` and `stores` outlive the methods.
  Methods(Endpoint::Options const& options, Toolbox const& tools, store::TenantStores& stores);

  // Appends the JSON-RPC response to the call's message, which is a request. Appends nothing unless
  // the outcome is answered.
  Reply answer(Call const& call, std::string& out) const;

 private:
  // Each appends the members of its result, and none on a refusal that it sees in time.
  using Method = Reply (Methods::*)(Call const&, std::string&) const;
  struct Row;
  static Row const kTable[];
  static Method find(Call const& call);

  Reply initialize(Call const& call, std::string& out) const;
  Reply ping(Call const& call, std::string& out) const;
  Reply discover(Call const& call, std::string& out) const;
  Reply list_tools(Call const& call, std::string& out) const;
  Reply call_tool(Call const& call, std::string& out) const;

  Catalog catalog_;
  store::TenantStores& stores_;
  CallHooks hooks_;
  std::size_t page_size_;
  std::string server_info_;           // with a title, which 2025-06-18 introduced
  std::string untitled_server_info_;  // for those before it
  std::string instructions_;          // ,"instructions":"…" or nothing
};

}  // namespace keystead::mcp
