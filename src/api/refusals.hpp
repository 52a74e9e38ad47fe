// Every denial passes here: it is rendered for the caller, and recorded for those who are asked
// why.
#pragma once

#include <functional>
#include <string_view>

#include "api/problem.hpp"
#include "api/request_id.hpp"
#include "base/clock.hpp"
#include "domain/audit_entry.hpp"
#include "domain/scope.hpp"
#include "http/request.hpp"

namespace keystead::api {

// Whose call was denied, and which.
struct DeniedCall {
  http::Request const& request;
  std::string_view address;
  std::string_view route;                        // its pattern; "none" where there is none
  domain::Principal const* principal = nullptr;  // null: nobody was proven
  Surface surface = Surface::rest;
  // The path of the MCP endpoint that was called, whose metadata a challenge names; empty for none.
  std::string_view resource = {};
};

class Refusals {
 public:
  using Record = std::function<void(domain::AuditEntry)>;

  // All references outlive it. `record` must not wait.
  Refusals(
      Problems const& problems,
      domain::ScopeCatalog const& scopes,
      Clock const& clock,
      Record record
  );

  // `reason` is what the audit log calls it: invalid_credential, address, origin.
  void deny(
      Failure const& failure,
      std::string_view reason,
      DeniedCall const& call,
      RequestId& id,
      http::Response& response
  ) const;
  void deny_missing_credential(
      DeniedCall const& call, RequestId& id, http::Response& response
  ) const;
  void deny_key_fault(
      KeyFault fault, DeniedCall const& call, RequestId& id, http::Response& response
  ) const;
  void deny(
      domain::Denial const& denial, DeniedCall const& call, RequestId& id, http::Response& response
  ) const;
  void deny_mcp(
      domain::Denial const& denial,
      json::value const& rpc_id,
      DeniedCall const& call,
      RequestId& id,
      http::Response& response
  ) const;
  // In a batch, where a denial is an element among others.
  mcp::RpcError deny_element(
      domain::Denial const& denial, DeniedCall const& call, RequestId& id
  ) const;

  // Records what the caller words by itself.
  void note(std::string_view reason, DeniedCall const& call, RequestId& id) const {
    record(reason, call, id, {});
  }

 private:
  void record(
      std::string_view reason, DeniedCall const& call, RequestId& id, json::object detail
  ) const;
  void record(domain::Denial const& denial, DeniedCall const& call, RequestId& id) const;

  Problems const& problems_;
  domain::ScopeCatalog const& scopes_;
  Clock const& clock_;
  Record record_;
};

// The actor of audit entries: key:ID or user:ID.
std::string actor_name(domain::Principal const& principal);

}  // namespace keystead::api
