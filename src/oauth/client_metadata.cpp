#include "oauth/client_metadata.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include <boost/json/array.hpp>

#include "codec/json.hpp"
#include "http/url.hpp"
#include "jose/jwk_set.hpp"
#include "oauth/redirect_uri.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameMax = 100;  // bytes
constexpr std::size_t kRedirectUrisMax = 20;
constexpr std::string_view kRequiresPushed = "require_pushed_authorization_requests";

template <class T = void>
using Read = std::expected<T, MetadataFault>;

std::unexpected<MetadataFault> fault(std::string text) {
  return std::unexpected(MetadataFault{false, std::move(text)});
}

bool has(auto const& items, auto const& wanted) {
  return std::ranges::find(items, wanted) != items.end();
}

// Null and absent are the same: clients write both.
json::value const* find(json::object const& document, std::string_view name) {
  auto const* value = document.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

Read<std::string> read_text(json::object const& document, std::string_view name) {
  auto const* value = find(document, name);
  if (!value) return std::string();
  if (!value->is_string()) return fault(std::string(name) + ": expected a text");
  return std::string(value->get_string());
}

// Nothing if it is absent.
Read<std::optional<std::vector<std::string>>> read_texts(
    json::object const& document, std::string_view name
) {
  auto const* value = find(document, name);
  if (!value) return std::nullopt;
  std::vector<std::string> texts;
  for (auto const& item : value->is_array() ? value->get_array() : json::array{nullptr}) {
    if (!item.is_string()) return fault(std::string(name) + ": expected a list of texts");
    texts.emplace_back(item.get_string());
  }
  return texts;
}

struct Range {
  char32_t first;
  char32_t last;
};

bool is_in(std::span<Range const> ranges, char32_t letter) {
  return std::ranges::any_of(ranges, [&](Range const& range) {
    return range.first <= letter && letter <= range.last;
  });
}

// Controls, ends of lines and paragraphs, and what turns the direction of a text: with these a name
// could look like words of ours (attack 67).
constexpr std::array<Range, 7> kDisguising{{
    {0x00, 0x1f},
    {0x7f, 0x9f},
    {0x61c, 0x61c},
    {0x200e, 0x200f},
    {0x2028, 0x2029},
    {0x202a, 0x202e},
    {0x2066, 0x2069},
}};

// Spaces of all widths, none included, and letters that leave a place empty.
constexpr std::array<Range, 14> kBlank{{
    {0x20, 0x20},
    {0xa0, 0xa0},
    {0xad, 0xad},
    {0x34f, 0x34f},
    {0x115f, 0x1160},
    {0x1680, 0x1680},
    {0x180b, 0x180f},
    {0x2000, 0x200d},
    {0x202f, 0x202f},
    {0x205f, 0x2065},
    {0x2800, 0x2800},
    {0x3000, 0x3000},
    {0x3164, 0x3164},
    {0xfeff, 0xfeff},
}};

// REQUIRES: valid UTF-8, as codec::parse_json sees to.
std::u32string letters_of(std::string_view text) {
  std::u32string letters;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      letters.push_back(byte);
    } else if (byte >= 0xc0) {
      letters.push_back(byte >= 0xf0 ? byte & 0x07u : byte >= 0xe0 ? byte & 0x0fu : byte & 0x1fu);
    } else {
      letters.back() = letters.back() << 6 | (byte & 0x3fu);
    }
  }
  return letters;
}

// A name that shows nothing is none: whoever decides is to see who asks.
Read<std::string> read_name(json::object const& document) {
  auto name = TRY(read_text(document, "client_name"));
  auto letters = letters_of(name);
  bool is_disguised =
      std::ranges::any_of(letters, [](auto letter) { return is_in(kDisguising, letter); });
  if (name.size() > kNameMax || is_disguised) {
    return fault("client_name: too long, or no plain text");
  }
  bool is_blank = std::ranges::all_of(letters, [](auto letter) { return is_in(kBlank, letter); });
  return is_blank ? std::string() : name;
}

Read<std::vector<std::string>> read_redirect_uris(
    json::object const& document,
    std::vector<domain::GrantType> const& grant_types,
    ClientRules const& rules
) {
  auto bad = [](std::string const& text) {
    return std::unexpected(MetadataFault{true, "redirect_uris" + text});
  };
  auto texts = read_texts(document, "redirect_uris");
  if (!texts) return bad(": expected a list of texts");
  // RFC 7591 §2: of clients to which a person is sent back.
  bool is_sent_to = has(grant_types, domain::GrantType::authorization_code);
  if (!*texts || (*texts)->empty()) {
    if (!is_sent_to) return std::vector<std::string>();
    return bad(": at least one is needed");
  }
  if ((*texts)->size() > kRedirectUrisMax) return bad(": too many");
  for (std::size_t i = 0; i < (*texts)->size(); ++i) {
    auto uri = RedirectUri::parse((**texts)[i], rules.redirect_schemes);
    if (!uri) return bad("[" + std::to_string(i) + "]: " + uri.error().public_text);
  }
  return std::move(**texts);
}

Read<domain::ClientAuth> read_auth(json::object const& document, ClientRules const& rules) {
  auto text = TRY(read_text(document, "token_endpoint_auth_method"));
  if (text.empty()) return rules.auths.front();
  auto auth = domain::parse_client_auth(text);
  if (auth && has(rules.auths, *auth)) return *auth;
  return fault("token_endpoint_auth_method: not one that is offered here");
}

// Those that are allowed of those that are wanted; the others are left out (RFC 7591 §3.2.1).
Read<std::vector<domain::GrantType>> read_grant_types(
    json::object const& document, ClientRules const& rules
) {
  auto wanted = TRY(read_texts(document, "grant_types"));
  std::vector<domain::GrantType> granted;
  for (auto type : rules.grant_types) {
    bool is_wanted =
        wanted ? has(*wanted, name_of(type)) : type == domain::GrantType::authorization_code;
    if (is_wanted) granted.push_back(type);
  }
  if (granted.empty()) return fault("grant_types: none that is offered here");
  return granted;
}

Read<> check_response_types(
    json::object const& document, std::vector<domain::GrantType> const& grant_types
) {
  auto types = TRY(read_texts(document, "response_types"));
  bool has_none = !has(grant_types, domain::GrantType::authorization_code);
  if (!types || has(*types, "code") || (has_none && types->empty())) return {};
  return fault("response_types: only code is offered here");
}

bool is_link(std::string_view text) {
  auto url = http::Url::parse(text);
  return url && (url->scheme() == http::Url::Scheme::https || url->is_loopback());
}

// RFC 7591 §2. An address of keys is one more to fetch, for as long as the client is used: that is
// not done for whoever comes along and registers.
Read<std::string> read_keys(
    json::object const& document, domain::ClientAuth auth, ClientRules const& rules
) {
  if (find(document, "jwks") && find(document, "jwks_uri")) {
    return fault("jwks_uri: not beside jwks");
  }
  if (auth != domain::ClientAuth::private_key_jwt) return std::string();
  auto const* value = find(document, "jwks");
  auto uri = rules.takes_jwks_uri ? TRY(read_text(document, "jwks_uri")) : std::string();
  if (!uri.empty()) {
    if (!is_link(uri)) return fault("jwks_uri: expected an https URL");
    return uri;
  }
  if (!value) return fault("jwks: needed for private_key_jwt");
  auto text = codec::to_text(*value);
  auto keys = jose::JwkSet::parse(text);
  if (!keys || keys->keys().empty()) return fault("jwks: no key that can be used");
  return text;
}

// RFC 9449 §5.2.
Read<bool> read_is_key_bound(json::object const& document) {
  auto const* value = find(document, "dpop_bound_access_tokens");
  if (!value) return false;
  if (!value->is_bool()) return fault("dpop_bound_access_tokens: expected true or false");
  return value->get_bool();
}

// Addresses that a browser might be led to. Nobody is led there; a client that tries other schemes
// here is no good one.
Read<> check_links(json::object const& document) {
  for (auto const* name : {"client_uri", "logo_uri", "tos_uri", "policy_uri"}) {
    auto text = TRY(read_text(document, name));
    if (text.empty() || is_link(text)) continue;
    return fault(std::string(name) + ": expected an https URL");
  }
  return {};
}

// As domain::Client keeps it.
Read<std::string> read_pushing(json::object const& document, ClientRules const& rules) {
  auto const* value = rules.takes_pushed ? find(document, kRequiresPushed) : nullptr;
  if (!value) return std::string("{}");
  if (!value->is_bool()) return fault(std::string(kRequiresPushed) + ": expected true or false");
  return codec::to_text(json::object{{kRequiresPushed, value->get_bool()}});
}

}  // namespace

bool requires_pushed_requests(domain::Client const& client) {
  auto metadata = codec::parse_json(client.metadata);
  auto const* members = metadata ? metadata->if_object() : nullptr;
  auto const* value = members ? members->if_contains(kRequiresPushed) : nullptr;
  return value && value->is_bool() && value->get_bool();
}

Read<domain::Client> read_client_metadata(json::object const& document, ClientRules const& rules) {
  domain::Client client;
  client.grant_types = TRY(read_grant_types(document, rules));
  client.redirect_uris = TRY(read_redirect_uris(document, client.grant_types, rules));
  client.name = TRY(read_name(document));
  client.auth = TRY(read_auth(document, rules));
  TRY(check_response_types(document, client.grant_types));
  client.jwks = TRY(read_keys(document, client.auth, rules));
  if (rules.heeds_keys) client.is_key_bound = TRY(read_is_key_bound(document));
  client.metadata = TRY(read_pushing(document, rules));
  TRY(check_links(document));
  return client;
}

}  // namespace keystead::oauth
