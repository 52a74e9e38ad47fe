#include "data/collection_rest.hpp"

#include <boost/json/value.hpp>

#include "codec/json.hpp"
#include "data/collection_rows.hpp"
#include "data/row_query.hpp"

namespace keystead::data {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kMergePatch = "application/merge-patch+json";  // RFC 7396 §4

// The media type without its parameters; empty if it is missing or was sent twice.
std::string_view media_type(http::Request const& request) {
  auto sent = http::find_header(request, "Content-Type");
  if (!sent || http::count_headers(request, "Content-Type") != 1) return {};
  std::string_view text = *sent;
  text = text.substr(0, text.find(';'));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

Result<void> require_media_type(
    http::Request const& request, std::initializer_list<std::string_view> accepted
) {
  std::string_view sent = media_type(request);
  for (auto type : accepted) {
    if (http::equals_ignoring_case(sent, type)) return {};
  }
  return fail(Code::unsupported_media_type, "the body must be application/json");
}

Result<json::object> read_object(http::Request const& request) {
  json::value body = TRY(codec::parse_json(request.body));
  if (!body.is_object()) return fail(Code::invalid_request, "the body must be a JSON object");
  return std::move(body.get_object());
}

void write(http::Response& response, int status, json::object const& object) {
  response.status = status;
  response.content_type = kJson;
  response.body = codec::to_text(object);
}

}  // namespace

Result<void> list_rows(
    domain::Permit const&, store::TenantStore& store, RestCall const& call, http::Response& response
) {
  auto query = TRY(parse_query(call.collection, call.request.query));
  write(response, 200, TRY(list_rows(store, call.collection, query)));
  return {};
}

Result<void> get_row(
    domain::Permit const&, store::TenantStore& store, RestCall const& call, http::Response& response
) {
  TRY(refuse_parameters(call.request.query));
  write(response, 200, TRY(get_row(store, call.collection, call.id)));
  return {};
}

Result<void> create_row(
    domain::Permit const&, store::TenantStore& store, RestCall const& call, http::Response& response
) {
  TRY(refuse_parameters(call.request.query));
  TRY(require_media_type(call.request, {kJson}));
  auto members = TRY(read_object(call.request));
  auto row = TRY(create_row(store, call.collection, members));
  std::string location = "/api/v1/" + call.collection.name + "/";
  location += std::string_view(row.at("id").as_string().data(), row.at("id").as_string().size());
  write(response, 201, row);
  response.add("Location", location);
  return {};
}

Result<void> update_row(
    domain::Permit const&, store::TenantStore& store, RestCall const& call, http::Response& response
) {
  TRY(refuse_parameters(call.request.query));
  TRY(require_media_type(call.request, {kJson, kMergePatch}));
  auto members = TRY(read_object(call.request));
  auto changes = TRY(decode_changes(call.collection, members));
  write(response, 200, TRY(update_row(store, call.collection, call.id, changes)));
  return {};
}

Result<void> delete_row(
    domain::Permit const&, store::TenantStore& store, RestCall const& call, http::Response& response
) {
  TRY(refuse_parameters(call.request.query));
  TRY(remove_row(store, call.collection, call.id));
  response.status = 204;
  return {};
}

}  // namespace keystead::data
