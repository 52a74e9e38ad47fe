#include "api/registration_routes.hpp"

#include "api/issuer_routes.hpp"
#include "api/json_body.hpp"
#include "api/strangers.hpp"
#include "codec/json.hpp"
#include "oauth/metadata.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kBodyMax = 16 * 1024;

void write_error(http::Response& response, int status, std::string_view error, std::string text) {
  write_json(response, status, json::object{{"error", error}, {"error_description", text}});
}

void write_refusal(http::Response& response, oauth::Registration::Refusal const& refusal) {
  using enum oauth::Registration::Refusal::Kind;
  switch (refusal.kind) {
    case metadata: return write_error(response, 400, "invalid_client_metadata", refusal.text);
    case redirect_uri: return write_error(response, 400, "invalid_redirect_uri", refusal.text);
    case quota: break;
  }
  response.add("Retry-After", "3600");
  write_error(response, 429, "temporarily_unavailable", refusal.text);
}

}  // namespace

void add_registration_routes(
    std::vector<Route>& routes,
    domain::Issuers const& issuers,
    oauth::Registration const& registration,
    authz::AddressGuard& strangers
) {
  // A client that has introduced itself is known to every issuer.
  auto serve = [&registration, &strangers](
                   domain::Issuer const&, RouteCall const& call, http::Response& response
               ) -> Result<void> {
    if (auto counted = count_stranger(strangers, call, response); !counted) {
      write_error(response, 429, "temporarily_unavailable", counted.error().public_text);
      return {};
    }
    auto body = call.request.body.size() <= kBodyMax
                    ? codec::parse_json(call.request.body)
                    : fail(Code::payload_too_large, "the document is too large");
    auto const* document = body ? body->if_object() : nullptr;
    if (!document || !require_json(call.request)) {
      write_error(response, 400, "invalid_client_metadata", "the body must be a JSON object");
      return {};
    }
    auto made = registration.add(*document, call.address, call.request_id.text());
    if (!made) {
      write_refusal(response, made.error());
      return {};
    }
    write_json(response, 201, oauth::describe(*made));
    return {};
  };
  IssuerRoute const route{http::Method::post, oauth::kRegisterPath, true};
  add_issuer_routes(routes, issuers, route, serve, for_visitor);
}

}  // namespace keystead::api
