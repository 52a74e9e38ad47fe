#include "api/problem.hpp"

#include "codec/json.hpp"

namespace keystead::api {
namespace {

void write_body(int status, std::string_view detail, http::Response& response) {
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = R"({"type":"about:blank","title":)";
  codec::append_quoted(response.body, http::reason_phrase(status));
  response.body += ",\"status\":" + std::to_string(status) + ",\"detail\":";
  codec::append_quoted(response.body, detail);
  response.body += '}';
}

// RFC 9110 §5.6.4: a quoted-string; what it cannot hold is left out.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f) out += c;
  }
  return out + '"';
}

}  // namespace

int status_of(Code code) {
  switch (code) {
    case Code::invalid_request: return 400;
    case Code::unauthorized: return 401;
    case Code::forbidden: return 403;
    case Code::insufficient_scope: return 403;
    case Code::not_found: return 404;
    case Code::method_not_allowed: return 405;
    case Code::not_acceptable: return 406;
    case Code::conflict: return 409;
    case Code::payload_too_large: return 413;
    case Code::unsupported_media_type: return 415;
    case Code::too_many_requests: return 429;
    case Code::unavailable: return 503;
    case Code::internal: return 500;
  }
  return 500;
}

Problems::Problems(std::string const& realm) : challenge_("Bearer realm=" + quoted(realm)) {}

void Problems::render(Failure const& failure, http::Response& response) const {
  write_body(status_of(failure.code), failure.public_text, response);
  if (failure.code == Code::unauthorized) {
    response.add("WWW-Authenticate", challenge_ + ", error=\"invalid_token\"");
  }
  if (failure.code == Code::unavailable) response.add("Retry-After", "1");
}

void Problems::render_missing_credential(http::Response& response) const {
  write_body(401, "A valid credential is required.", response);
  response.add("WWW-Authenticate", challenge_);
}

std::string Problems::text_of(domain::Denial const& denial) {
  return "This operation requires the " + denial.action->scope + " scope.";
}

void Problems::challenge_scope(domain::Denial const& denial, http::Response& response) const {
  response.add(
      "WWW-Authenticate",
      challenge_ + ", error=\"insufficient_scope\", scope=" + quoted(denial.action->scope) +
          ", error_description=" + quoted(text_of(denial))
  );
}

void Problems::render(domain::Denial const& denial, http::Response& response) const {
  write_body(403, text_of(denial), response);
  challenge_scope(denial, response);
}

void Problems::render_mcp(
    domain::Denial const& denial, json::value const& id, http::Response& response
) const {
  // MCP leaves codes outside -32768…-32000 to applications; the HTTP status is what decides.
  constexpr int kDenied = 403;
  response.status = 403;
  response.content_type = "application/json";
  response.body = codec::to_text({
      {"jsonrpc", "2.0"},
      {"id", id},
      {"error",
       {{"code", kDenied},
        {"message", text_of(denial)},
        {"data", {{"error", "insufficient_scope"}, {"scope", denial.action->scope}}}}},
  });
  challenge_scope(denial, response);
}

void Problems::render_method_not_allowed(std::string_view allow, http::Response& response) const {
  write_body(405, "This path does not take that method.", response);
  response.add("Allow", allow);
}

}  // namespace keystead::api
