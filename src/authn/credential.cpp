#include "authn/credential.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "codec/percent.hpp"
#include "http/cookie.hpp"

namespace keystead::authn {
namespace {

// RFC 6750 §2.1: b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=".
constexpr auto kIsTokenCharacter = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (char c : std::string_view("-._~+/=")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

// Looks at every character, whatever it finds: a branch less for each of them.
bool is_token(std::string_view text) {
  bool inside = !text.empty();
  for (char c : text) inside &= kIsTokenCharacter[static_cast<unsigned char>(c)];
  return inside;
}

// Three parts with a dot between them (RFC 7515 §7.1). No key has a dot.
bool has_form_of_token(std::string_view text) {
  return std::ranges::count(text, '.') == 2;
}

// What an Authorization header holds.
struct Authorization {
  std::string_view token;
  bool is_dpop = false;
};

Result<Authorization> read_authorization(std::string_view value, bool takes_dpop) {
  // A comma would make it a list of credentials; which of them counts is exactly what must not be
  // guessed.
  if (value.contains(','))
    return fail(Code::invalid_request, "Authorization must hold one credential");
  auto space = value.find(' ');
  auto scheme = value.substr(0, space);
  bool is_dpop = false;
  if (!http::equals_ignoring_case(scheme, "Bearer")) {
    is_dpop = takes_dpop && http::equals_ignoring_case(scheme, "DPoP");
    if (!is_dpop) return fail(Code::unauthorized, "Authorization must use the Bearer scheme");
  }
  auto token = space == std::string_view::npos ? std::string_view() : value.substr(space + 1);
  if (!is_token(token)) return fail(Code::unauthorized, "the bearer token is malformed");
  // No key has a key of its own to be bound to.
  if (is_dpop && !has_form_of_token(token)) {
    return fail(Code::unauthorized, "the DPoP scheme is for access tokens");
  }
  return Authorization{token, is_dpop};
}

bool names_a_credential(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames{
      "access_token", "api_key", "apikey", "api-key", "x-api-key", "bearer", "authorization"
  };
  return std::ranges::any_of(kNames, [&](std::string_view known) {
    return http::equals_ignoring_case(name, known);
  });
}

// RFC 9700 §4.3.2: what stands in a URL ends up in logs, histories and Referer headers.
Result<void> refuse_query_credential(std::string_view query, domain::KeyKinds const* kinds) {
  while (!query.empty()) {
    auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    auto equals = std::min(pair.find('='), pair.size());
    auto name = codec::percent_decode(pair.substr(0, equals), codec::Plus::as_space);
    auto value = codec::percent_decode(
        pair.substr(std::min(equals + 1, pair.size())), codec::Plus::as_space
    );
    bool is_key = value && kinds && kinds->match(*value);
    if (is_key || (name && names_a_credential(*name))) {
      return fail(
          Code::invalid_request,
          "credentials are not accepted in the URL, where logs would keep them; send them in a "
          "header"
      );
    }
  }
  return {};
}

}  // namespace

std::string_view text_of(Credential const& credential) {
  if (auto const* key = std::get_if<PresentedKey>(&credential)) return key->text;
  if (auto const* token = std::get_if<PresentedToken>(&credential)) return token->text;
  if (auto const* session = std::get_if<PresentedSession>(&credential)) return session->text;
  return {};
}

Result<Credential> read_credential(
    http::Request const& request, CredentialHeaders const& headers, Cookies cookies
) {
  if (!request.query.empty()) TRY(refuse_query_credential(request.query, headers.kinds));
  std::optional<std::string_view> found;
  std::string_view found_in;
  bool is_dpop = false, is_second = false;
  for (http::Header const& header : request.headers) {
    for (std::string const& name : headers.names) {
      if (!http::equals_ignoring_case(header.name, name)) continue;
      if (found && found_in == name) {
        return fail(Code::invalid_request, "a credential header was sent twice");
      }
      auto key = header.value;
      if (name == "authorization") {
        auto authorization = TRY(read_authorization(header.value, headers.dpop));
        key = authorization.token;
        is_dpop = authorization.is_dpop;
      }
      if (found && *found != key) {
        return fail(Code::invalid_request, "two credentials were sent and they disagree; send one");
      }
      is_second = found.has_value();
      found = key;
      found_in = name;
    }
  }
  std::optional<std::string_view> session;
  if (cookies == Cookies::accepted) session = http::find_cookie(request, kSessionCookie);
  if (found && session) {
    return fail(Code::invalid_request, "a session and another credential were sent; send one");
  }
  if (session) return PresentedSession{*session};
  if (!found) return NoCredential{};
  if (is_dpop && is_second) {
    return fail(Code::invalid_request, "a bound token and another credential were sent; send one");
  }
  if (found->contains(',')) return fail(Code::invalid_request, "a credential header holds a list");
  if (headers.tokens && found_in == "authorization" && has_form_of_token(*found)) {
    return PresentedToken{*found, is_dpop};
  }
  return PresentedKey{*found};
}

}  // namespace keystead::authn
