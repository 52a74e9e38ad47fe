#include "app/admin_endpoint.hpp"

#include "api/problem.hpp"
#include "app/administration.hpp"
#include "app/log.hpp"
#include "codec/json.hpp"

namespace keystead::app {

Result<json::value> AdminEndpoint::run(http::Request const& request) {
  auto body = TRY(codec::parse_json(request.body));
  auto const* fields = body.if_object();
  auto const* command = fields ? fields->if_contains("command") : nullptr;
  auto const* arguments = fields ? fields->if_contains("arguments") : nullptr;
  if (!command || !command->is_string() || !arguments || !arguments->is_object()) {
    return fail(Code::invalid_request, "expected {\"command\":…,\"arguments\":{…}}");
  }
  return administer(installation_, command->get_string(), arguments->get_object());
}

http::Outcome AdminEndpoint::handle(
    http::Request const& request, http::Response& response, http::Where where
) {
  if (where == http::Where::io_thread) return http::Outcome::needs_worker;
  response.content_type = "application/json";
  try {
    auto result = run(request);
    if (!result) response.status = api::status_of(result.error().code);
    response.body = result ? codec::to_text({{"result", std::move(*result)}})
                           : codec::to_text({{"error", result.error().public_text}});
  } catch (std::exception const& error) {
    log::error("admin.broken", {{"detail", error.what()}});
    response.reset();
    response.status = 503;
    response.content_type = "application/json";
    response.body = codec::to_text({{"error", error.what()}});
  }
  return http::Outcome::answered;
}

}  // namespace keystead::app
