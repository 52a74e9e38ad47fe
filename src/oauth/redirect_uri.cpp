#include "oauth/redirect_uri.hpp"

#include <algorithm>
#include <array>

#include "codec/percent.hpp"
#include "http/url.hpp"

namespace keystead::oauth {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// RFC 3986 §3.1, in lower case: another case would be another text for the same scheme.
bool is_scheme(std::string_view text) {
  return !text.empty() && is_lower(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_lower(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

// What a URI may hold behind its scheme, but for a fragment. The at sign could hide the host.
bool is_uri_text(std::string_view text) {
  static constexpr std::string_view kOthers = "-._~!$&'()*+,;=:/?%";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || kOthers.contains(c);
  });
}

bool is_loopback_host(std::string_view host) {
  return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

}  // namespace

bool is_app_scheme(std::string_view scheme) {
  // Schemes by which a browser runs or shows what the address itself says, or leaves the web.
  static constexpr std::array<std::string_view, 18> kKnown{
      "about",
      "blob",
      "chrome",
      "data",
      "edge",
      "file",
      "filesystem",
      "ftp",
      "http",
      "https",
      "intent",
      "javascript",
      "mailto",
      "sms",
      "tel",
      "urn",
      "vbscript",
      "view-source",
  };
  return is_scheme(scheme) && std::ranges::find(kKnown, scheme) == kKnown.end();
}

Result<RedirectUri> RedirectUri::parse(
    std::string_view text, std::span<std::string const> app_schemes
) {
  RedirectUri uri;
  uri.text_ = text;
  auto scheme = text.substr(0, text.find(':'));
  if (text.size() > http::Url::kTextMax) {
    return fail(Code::invalid_request, "The redirect URI is too long.");
  }
  if (scheme == "https" || scheme == "http") {
    auto url = TRY(http::Url::parse(text));
    bool is_http = url.scheme() == http::Url::Scheme::http;
    if (is_http && !is_loopback_host(url.host())) {
      return fail(Code::invalid_request, "A redirect URI over http must be on loopback.");
    }
    uri.kind_ = is_http ? Kind::loopback : Kind::web;
    uri.place_ = scheme.size() + 3;
    uri.place_size_ = url.authority().size();
    uri.host_size_ = url.host().size() + (url.host_kind() == http::Url::HostKind::ipv6 ? 2 : 0);
    return uri;
  }
  bool is_open =
      scheme.contains('.') || std::ranges::find(app_schemes, scheme) != app_schemes.end();
  if (scheme.size() == text.size() || !is_app_scheme(scheme) || !is_open) {
    return fail(Code::invalid_request, "The redirect URI has a scheme that is not allowed.");
  }
  if (!is_uri_text(text.substr(scheme.size() + 1))) {
    return fail(Code::invalid_request, "The redirect URI holds a character that is not allowed.");
  }
  uri.kind_ = Kind::app;
  uri.place_size_ = scheme.size();
  return uri;
}

bool RedirectUri::admits(RedirectUri const& asked) const {
  if (kind_ != Kind::loopback || asked.kind_ != Kind::loopback) return text_ == asked.text_;
  auto host = [](RedirectUri const& uri) { return uri.place().substr(0, uri.host_size_); };
  auto rest = [](RedirectUri const& uri) {
    return std::string_view(uri.text_).substr(uri.place_ + uri.place_size_);
  };
  return host(*this) == host(asked) && rest(*this) == rest(asked);
}

std::string RedirectUri::with(
    std::span<std::pair<std::string_view, std::string> const> parameters
) const {
  std::string out = text_;
  char separator = text_.contains('?') ? '&' : '?';
  for (auto const& [name, value] : parameters) {
    out += separator;
    out.append(name).append("=").append(codec::percent_encode(value));
    separator = '&';
  }
  return out;
}

}  // namespace keystead::oauth
