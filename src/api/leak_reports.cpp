#include "api/leak_reports.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "crypto/digest.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kTokensMax = 1000;

std::string text_member(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

LeakReports::LeakReports(
    std::map<std::string, crypto::EcdsaKey, std::less<>> reporters, authn::KeyAuthority& keys
)
    : reporters_(std::move(reporters)), keys_(keys) {}

Result<void> LeakReports::check_signature(http::Request const& request) const {
  auto name = http::find_header(request, "Github-Public-Key-Identifier");
  auto signature = http::find_header(request, "Github-Public-Key-Signature");
  auto refused = fail(Code::unauthorized, "The report is not signed by a reporter that is known.");
  if (!name || !signature) return refused;
  auto reporter = reporters_.find(*name);
  auto bytes = codec::base64_decode(*signature);
  if (reporter == reporters_.end() || !bytes) return refused;
  if (!reporter->second.verify_der(request.body, *bytes)) return refused;
  return {};
}

Result<void> LeakReports::take(RouteCall const& call, http::Response& response) const {
  TRY(check_signature(call.request));
  auto report = TRY(codec::parse_json(call.request.body));
  auto const* finds = report.if_array();
  if (!finds || finds->size() > kTokensMax) {
    return fail(Code::invalid_request, "the body must be a list of at most 1000 finds");
  }
  authn::Actor const actor{"leak report", call.request_id.text(), {}};
  json::array answers;
  for (auto const& each : *finds) {
    auto const* find = each.if_object();
    if (!find) return fail(Code::invalid_request, "a find must be a JSON object");
    std::string token = text_member(*find, "token");
    auto key = keys_.find(token);
    if (key) TRY(keys_.revoke(key->id, actor, "key.leaked"));
    auto hash = crypto::sha256(token);
    answers.push_back(
        json::object{
            {"token_hash",
             codec::base64_encode({reinterpret_cast<char const*>(hash.data()), hash.size()})},
            {"token_type", text_member(*find, "type")},
            {"label", key ? "true_positive" : "false_positive"},
        }
    );
  }
  response.content_type = "application/json";
  response.body = codec::to_text(answers);
  return {};
}

}  // namespace keystead::api
