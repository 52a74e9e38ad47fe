// How a refusal looks: the one table from a Failure or a Denial to status, headers and body. RFC
// 9457 for REST, JSON-RPC for MCP, and the WWW-Authenticate challenge of RFC 6750 §3 wherever the
// status is 401 or a scope is missing.
#pragma once

#include <string>

#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "domain/permit.hpp"
#include "http/response.hpp"

namespace keystead::api {

namespace json = boost::json;

class Problems {
 public:
  // `realm` names the service in challenges.
  explicit Problems(std::string const& realm);

  // Sets status, headers and an application/problem+json body. The private detail stays out of it.
  void render(Failure const& failure, http::Response& response) const;
  // 401 for a request without any credential. Its challenge has no error code (RFC 6750 §3.1).
  void render_missing_credential(http::Response& response) const;
  // 403 with the scope that would do.
  void render(domain::Denial const& denial, http::Response& response) const;
  // The same as a JSON-RPC error, for POST /mcp.
  void render_mcp(
      domain::Denial const& denial, json::value const& id, http::Response& response
  ) const;
  // 405 with Allow.
  void render_method_not_allowed(std::string_view allow, http::Response& response) const;

  // What a person may read about a denial.
  static std::string text_of(domain::Denial const& denial);

 private:
  void challenge_scope(domain::Denial const& denial, http::Response& response) const;

  std::string challenge_;  // Bearer realm="…"
};

// The HTTP status of a code.
int status_of(Code code);

}  // namespace keystead::api
