// How a refusal looks: the one table from a Failure or a Denial to status, headers and body. What
// the configuration words itself is a DenialForm; the rest is RFC 9457 for REST, JSON-RPC for MCP.
// The WWW-Authenticate challenge of RFC 6750 §3 is there wherever the status is 401 or a scope is
// missing.
#pragma once

#include <span>
#include <string>

#include <boost/json/value.hpp>

#include "api/denial_form.hpp"
#include "base/result.hpp"
#include "domain/permit.hpp"
#include "http/response.hpp"
#include "mcp/json_rpc.hpp"

namespace keystead::api {

namespace json = boost::json;

// What is wrong with a token that came as bound to a key (RFC 9449 §7.1, §9).
enum class KeyFault { invalid_token, invalid_proof, use_nonce };

// What the caller expects to read.
enum class Surface { rest, mcp };

// Where the documents of RFC 9728 are that challenges point to.
struct ResourceDocuments {
  std::string place;  // in front of the path of a resource; empty: there are none
  std::string first;  // the path of the resource that is meant where none was called
};

class Problems {
 public:
  // `realm` names the service in challenges; `scope` is what a client that has no token yet should
  // ask for, empty for nothing in particular; `dpop_algorithms` is what proofs may be signed with,
  // with spaces in between, empty where tokens are bound to no key.
  explicit Problems(
      std::string const& realm,
      DenialForms forms = {},
      ResourceDocuments documents = {},
      std::string const& scope = {},
      std::string const& dpop_algorithms = {}
  );

  // Each sets status, headers and body, and tells `request_id` in X-Request-Id. The private detail
  // of a failure stays out of it. `rpc_id` is of the message that failed, where it was read, and
  // `resource` the path of the one that was called, empty for none.
  void render(
      Failure const& failure,
      std::string_view request_id,
      http::Response& response,
      Surface surface = Surface::rest,
      json::value const& rpc_id = nullptr,
      std::string_view resource = {}
  ) const;
  // 401 for a request without any credential. Its challenge has no error code (RFC 6750 §3.1).
  void render_missing_credential(
      std::string_view request_id,
      http::Response& response,
      Surface surface = Surface::rest,
      std::string_view resource = {}
  ) const;
  // 401 for a token that came with the scheme DPoP.
  void render_key_fault(
      KeyFault fault,
      std::string_view request_id,
      http::Response& response,
      Surface surface = Surface::rest,
      std::string_view resource = {}
  ) const;
  // What was refused before it was a request. `status` is of the 4xx or 5xx.
  void render_status(
      int status, std::string_view reason, std::string_view request_id, http::Response& response
  ) const;
  void render(
      domain::Denial const& denial, std::string_view request_id, http::Response& response
  ) const;
  // 405 with Allow.
  void render_method_not_allowed(
      std::string_view allow, std::string_view request_id, http::Response& response
  ) const;

  // The same for POST /mcp, where the body is a JSON-RPC error unless a form says otherwise.
  void render_mcp(
      domain::Denial const& denial,
      json::value const& id,
      std::string_view request_id,
      http::Response& response,
      std::string_view resource = {}
  ) const;
  // For one element of a batch, which has no status and no headers of its own.
  mcp::RpcError rpc_error(domain::Denial const& denial) const;

  // The names that a form can have, for the configuration.
  static std::span<std::string_view const> form_names();

 private:
  struct Refusal;

  DenialForm const* form_of(std::string_view name) const;
  // The parameter that points to the document of a resource; empty where there is none.
  std::string documents_at(std::string_view resource) const;
  // That of Bearer, and behind it that of DPoP where there are bound tokens, each with what it says
  // besides.
  void add_challenges(
      std::string_view resource,
      std::string_view of_bearers,
      std::string_view of_bound,
      http::Response& response
  ) const;
  void write_head(
      Refusal const& refusal, std::string_view request_id, http::Response& response
  ) const;
  void write_body(
      Refusal const& refusal,
      std::string_view request_id,
      http::Response& response,
      Surface surface = Surface::rest,
      json::value const& rpc_id = nullptr
  ) const;

  std::string challenge_;  // Bearer realm="…"
  ResourceDocuments documents_;
  std::string scope_challenge_;  // what stands behind it for a client without a token
  // DPoP realm="…", algs="…"; empty: bound tokens are not taken. It stands behind the one of
  // Bearer, which some clients look for at the beginning.
  std::string dpop_challenge_;
  DenialForms forms_;
};

// The HTTP status of a code.
int status_of(Code code);
// The name of a code in forms and bodies: not_found.
std::string_view name_of(Code code);

// What a person may read about a denial. It tells no more than the caller has to know to mend it.
std::string text_of(domain::Denial const& denial);
// In a challenge, and in the audit log: invalid_dpop_proof.
std::string_view name_of(KeyFault fault);
// The name of a reason in the audit log: insufficient_scope.
std::string_view name_of(domain::DenialReason reason);

}  // namespace keystead::api
