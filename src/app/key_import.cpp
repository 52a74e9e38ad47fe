#include "app/key_import.hpp"

#include <algorithm>
#include <array>

#include "codec/json.hpp"

namespace keystead::app {
namespace {

constexpr std::size_t kKeysMax = 100'000;
constexpr std::size_t kComplaintsShown = 20;
constexpr std::array<std::string_view, 10> kMembers{
    "tenant",
    "name",
    "hash",
    "scopes",
    "prefix",
    "environment",
    "expires_at",
    "kind",
    "pepper_version",
    "addresses",
};

std::unexpected<Failure> refuse(std::string text) {
  return fail(Code::invalid_request, std::move(text));
}

Result<std::string> text_of(json::object const& key, std::string_view name) {
  auto const* value = key.if_contains(name);
  if (!value || value->is_null()) return std::string();
  if (!value->is_string()) return refuse(std::string(name) + ": not a text");
  return std::string(value->get_string());
}

Result<std::vector<std::string>> texts_of(json::object const& key, std::string_view name) {
  std::vector<std::string> texts;
  auto const* value = key.if_contains(name);
  if (!value || value->is_null()) return texts;
  auto const* list = value->if_array();
  if (!list) return refuse(std::string(name) + ": not a list");
  for (auto const& each : *list) {
    if (!each.is_string()) return refuse(std::string(name) + ": not a list of texts");
    texts.emplace_back(each.get_string());
  }
  return texts;
}

Result<domain::KeyDigest> bytes_of(std::string_view hex) {
  domain::KeyDigest bytes{};
  auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  if (hex.size() != bytes.size() * 2) return refuse("hash: not 64 hexadecimal digits");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    int high = digit(hex[2 * i]);
    int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return refuse("hash: not 64 hexadecimal digits");
    bytes[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return bytes;
}

Result<void> read_hash(json::object const& key, authn::ImportedKey& imported) {
  constexpr std::string_view kPlain = "sha256:";
  constexpr std::string_view kKeyed = "hmac-sha256:";
  std::string text = TRY(text_of(key, "hash"));
  std::string_view hash = text;
  if (hash.starts_with(kKeyed)) {
    hash.remove_prefix(kKeyed.size());
    imported.form = domain::DigestForm::of_key;
    auto const* version = key.if_contains("pepper_version");
    if (version && version->is_int64()) {
      imported.pepper_version = static_cast<int>(version->get_int64());
    }
  } else if (hash.starts_with(kPlain)) {
    hash.remove_prefix(kPlain.size());
  }
  imported.hash = TRY(bytes_of(hash));
  return {};
}

// By id, or by a slug that only one tenant has.
Result<domain::TenantId> tenant_of(
    std::vector<domain::Tenant> const& tenants, std::string_view text
) {
  if (auto id = domain::TenantId::parse(text)) return *id;
  auto named = [&](domain::Tenant const& tenant) { return tenant.slug == text; };
  if (std::ranges::count_if(tenants, named) != 1) {
    return refuse("tenant: \"" + std::string(text) + "\" is not the id or the slug of one tenant");
  }
  return std::ranges::find_if(tenants, named)->id;
}

Result<authn::ImportedKey> read_key(
    json::value const& value, std::vector<domain::Tenant> const& tenants
) {
  auto const* key = value.if_object();
  if (!key) return refuse("not a JSON object");
  for (auto const& member : *key) {
    if (std::ranges::find(kMembers, std::string_view(member.key())) == kMembers.end()) {
      return refuse(std::string(member.key()) + ": unknown member");
    }
  }
  authn::ImportedKey imported;
  auto& terms = imported.terms;
  TRY(read_hash(*key, imported));
  terms.name = TRY(text_of(*key, "name"));
  terms.scopes = TRY(texts_of(*key, "scopes"));
  terms.environment = TRY(text_of(*key, "environment"));
  imported.prefix = TRY(text_of(*key, "prefix"));
  if (auto kind = TRY(text_of(*key, "kind")); !kind.empty()) terms.kind = kind;
  if (auto tenant = TRY(text_of(*key, "tenant")); !tenant.empty()) {
    terms.tenant = TRY(tenant_of(tenants, tenant));
  }
  if (auto expiry = TRY(text_of(*key, "expires_at")); !expiry.empty()) {
    terms.expires_at = parse_time(expiry);
    if (!terms.expires_at) return refuse("expires_at: not a moment such as 2027-01-31T12:00:00Z");
  }
  auto addresses = TRY(texts_of(*key, "addresses"));
  for (auto const& text : addresses) {
    terms.addresses.push_back(TRY(domain::AddressRange::parse(text)));
  }
  return imported;
}

// The values of a JSON array, or of one document a line.
Result<json::array> read_documents(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') {
    auto parsed = TRY(codec::parse_json(text));
    return std::move(parsed.get_array());
  }
  json::array documents;
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto one = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto parsed = codec::parse_json(one);
    if (!parsed) {
      return refuse("line " + std::to_string(line) + ": " + parsed.error().public_text);
    }
    documents.push_back(std::move(*parsed));
  }
  return documents;
}

class Complaints {
 public:
  void add(std::size_t number, Failure const& failure) {
    if (++count_ > kComplaintsShown) return;
    text_ += "\n  key " + std::to_string(number) + ": " + failure.public_text;
  }
  bool empty() const { return count_ == 0; }
  std::unexpected<Failure> failure() const {
    std::string text = std::to_string(count_) + " keys are refused, and none was imported:" + text_;
    if (count_ > kComplaintsShown) text += "\n  and more";
    return refuse(std::move(text));
  }

 private:
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace

Result<json::value> import_keys(Installation& installation, json::object const& arguments) {
  auto const* text = arguments.if_contains("keys");
  if (!text || !text->is_string()) return refuse("keys is missing");
  auto documents = TRY(read_documents(text->get_string()));
  if (documents.size() > kKeysMax) {
    return refuse("more than " + std::to_string(kKeysMax) + " keys; split the file");
  }
  auto const* flag = arguments.if_contains("dry_run");
  bool is_dry = flag && flag->is_bool() && flag->get_bool();
  using Import = authn::KeyAuthority::Import;
  authn::Actor const actor{"import"};
  auto tenants = installation.control().list_tenants();
  std::vector<authn::ImportedKey> keys;
  Complaints complaints;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    auto key = read_key(documents[i], tenants);
    auto tried = key ? installation.keys().import(*key, Import::dry_run, actor)
                     : Result<domain::ApiKey>(std::unexpected(key.error()));
    if (!tried)
      complaints.add(i + 1, tried.error());
    else
      keys.push_back(std::move(*key));
  }
  if (!complaints.empty()) return complaints.failure();
  json::array imported;
  for (auto const& key : keys) {
    auto how = is_dry ? Import::dry_run : Import::real;
    auto record = TRY(installation.keys().import(key, how, actor));
    json::object out{{"name", record.name}, {"prefix", record.prefix}};
    if (!is_dry) out["id"] = record.id.text();
    if (record.tenant) out["tenant"] = record.tenant->text();
    imported.emplace_back(std::move(out));
  }
  std::size_t count = is_dry ? 0 : imported.size();
  return json::object{{"imported", count}, {"dry_run", is_dry}, {"keys", std::move(imported)}};
}

}  // namespace keystead::app
