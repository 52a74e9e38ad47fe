#include "oauth/client_documents.hpp"

#include <algorithm>

#include "codec/json.hpp"
#include "http/cache_control.hpp"
#include "http/media_type.hpp"
#include "http/request.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

// §6.6 of the draft recommends 5 KB.
constexpr http::FetchLimits kLimits{.body_bytes_max = 5 * 1024};

std::unexpected<Failure> refused(std::string why) {
  return fail(
      Code::invalid_request, "The client cannot be read from its client_id.", std::move(why)
  );
}

std::string_view text_of(json::object const& document, std::string_view name) {
  auto const* value = document.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// §4 of the draft. A page that somebody may write to, an upload or a paste, is served as something
// else (attack 67).
bool is_json(std::string_view content_type) {
  if (http::is_media_type(content_type, "application/json")) return true;
  auto bare = content_type.substr(0, content_type.find(';'));
  bare = bare.substr(0, bare.find_last_not_of(" \t") + 1);
  constexpr std::string_view kTree = "application/", kSuffix = "+json";
  if (bare.size() <= kTree.size() + kSuffix.size()) return false;
  return http::equals_ignoring_case(bare.substr(0, kTree.size()), kTree) &&
         http::equals_ignoring_case(bare.substr(bare.size() - kSuffix.size()), kSuffix);
}

}  // namespace

bool is_document_url(std::string_view client_id) {
  return client_id.starts_with("https://") || client_id.starts_with("http://");
}

// §3: https, with a path. What else a URL must not have, http::Url refuses.
Result<http::FetchRequest> ClientDocuments::request_for(domain::ClientId const& id) const {
  auto url = http::Url::parse(id.text());
  if (!url) return refused(url.error().public_text);
  bool is_trusted =
      std::ranges::find(options_.trusted_hosts, url->host()) != options_.trusted_hosts.end();
  if (url->scheme() != http::Url::Scheme::https && !is_trusted) return refused("it is not https");
  if (url->path().size() < 2) return refused("it has no path");
  return http::FetchRequest{
      .url = std::move(*url),
      .headers = {{"Accept", "application/json"}},
      .limits = kLimits,
      .reach = is_trusted ? http::Reach::configured : http::Reach::public_only,
  };
}

Result<domain::Client> ClientDocuments::fetch(domain::ClientId const& id, Time now) const {
  auto answer = fetcher_.fetch(TRY(request_for(id)));
  if (!answer) return refused(answer.error().private_detail);
  if (answer->status != 200) return refused("its status is " + std::to_string(answer->status));
  if (!is_json(answer->find("Content-Type"))) return refused("its type is not JSON");
  auto document = codec::parse_json(answer->body);
  auto const* members = document ? document->if_object() : nullptr;
  if (!members) return refused("it is no JSON object");
  // §4.1: whoever can publish some document somewhere must not speak for another client.
  if (text_of(*members, "client_id") != id.text()) return refused("it is about another client_id");
  if (members->contains("client_secret")) return refused("it publishes a secret");
  auto client = read_client_metadata(*members, options_.rules);
  if (!client) return refused(client.error().text);
  if (client->name.empty()) return refused("client_name: needed");
  client->id = id;
  client->origin = domain::ClientOrigin::metadata_document;
  client->created_at = now;
  auto fresh = http::age_max(answer->find("Cache-Control")).value_or(kFreshUnsaid);
  client->fresh_until = now + std::clamp(fresh, kFreshMin, kFreshMax);
  return std::move(*client);
}

}  // namespace keystead::oauth
