#include "api/denial_routes.hpp"

#include "api/refusals.hpp"
#include "codec/json.hpp"

namespace keystead::api {

namespace json = boost::json;

json::object describe_denial(domain::AuditRecord const& record) {
  constexpr std::string_view kPrefix = "denied.";
  auto const& entry = record.entry;
  std::string_view reason = entry.event;
  if (reason.starts_with(kPrefix)) reason.remove_prefix(kPrefix.size());
  json::object out{
      {"id", entry.request},
      {"at", format_time(entry.at)},
      {"reason", reason},
      {"subject", entry.subject},
      {"actor", entry.actor},
  };
  auto detail = codec::parse_json(entry.detail);
  if (!detail || !detail->is_object()) return out;
  for (auto& member : detail->get_object()) out[member.key()] = std::move(member.value());
  return out;
}

void add_denial_routes(std::vector<Route>& routes, DenialParts const& parts) {
  auto find = [parts](
                  domain::Permit const& permit, RouteCall const& call, http::Response& response
              ) -> Result<void> {
    parts.flush();
    auto record = parts.store.find_denial(call.parameters[0]);
    // Another tenant's denial, and one of nobody's, are as good as none; so is another person's for
    // who is no administrator.
    auto const& caller = permit.principal();
    if (!record || record->entry.tenant != permit.tenant() ||
        !(caller.manages() || record->entry.actor == actor_name(caller))) {
      return fail(Code::not_found, "no such denial");
    }
    response.content_type = "application/json";
    response.body = codec::to_text(describe_denial(*record));
    return {};
  };
  routes.push_back(
      {http::Method::get,
       "/api/v1/denials/{id}",
       ForManager{parts.read, find},
       {"Why a request was denied; its id is in X-Request-Id", 200, {}, {}, {{"type", "object"}}}}
  );
}

}  // namespace keystead::api
