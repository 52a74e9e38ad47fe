#include "http/url.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

#include "http/grammar.hpp"

namespace keystead::http {
namespace {

constexpr std::size_t kHostNameMax = 253;  // RFC 1035 §2.3.4, without the root's dot
constexpr std::size_t kLabelMax = 63;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_lower_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z');
}

// RFC 3986 pchar, and the slash. Escapes are judged apart.
bool is_path_char(char c) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:@/";
  return is_lower_alphanumeric(c) || (c >= 'A' && c <= 'Z') || kOthers.contains(c);
}

// Names of services in a container network have underscores; names in certificates may.
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLabelMax && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, [](char c) {
           return is_lower_alphanumeric(c) || c == '-' || c == '_';
         });
}

// What old resolvers take for a part of an IPv4 address: 127, 0177, 0x7f, and 0x alone.
bool is_number(std::string_view label) {
  if (label.starts_with("0x")) return std::ranges::all_of(label.substr(2), is_hex_digit);
  return std::ranges::all_of(label, is_digit);
}

// Whether the text is the one canonical spelling of an address.
bool is_address(int family, std::string_view text) {
  char terminated[INET6_ADDRSTRLEN] = {};
  if (text.size() >= sizeof terminated || text.contains('\0')) return false;
  text.copy(terminated, text.size());
  unsigned char bytes[sizeof(in6_addr)];
  char canonical[INET6_ADDRSTRLEN];
  return ::inet_pton(family, terminated, bytes) == 1 &&
         ::inet_ntop(family, bytes, canonical, sizeof canonical) != nullptr && text == canonical;
}

std::string_view fault_of_name(std::string_view name) {
  if (name.size() > kHostNameMax) return "The host name is too long.";
  std::string_view label;
  for (std::string_view rest = name;;) {
    label = rest.substr(0, rest.find('.'));
    if (!is_label(label)) return "The host is not a name in lower-case ASCII, nor an address.";
    if (label.size() == rest.size()) break;
    rest.remove_prefix(label.size() + 1);
  }
  // The last label decides, as in browsers: no top-level domain is a number.
  return is_number(label) ? "An IPv4 address is written as four decimal numbers." : "";
}

bool is_dot(std::string_view& text) {
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    return true;
  }
  if (!text.starts_with("%2e") && !text.starts_with("%2E")) return false;
  text.remove_prefix(3);
  return true;
}

// "." and "..", with any of the dots escaped.
bool is_dot_segment(std::string_view segment) {
  return is_dot(segment) && (segment.empty() || (is_dot(segment) && segment.empty()));
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    auto segment = path.substr(0, path.find('/'));
    if (is_dot_segment(segment)) return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

// Escapes are passed on as they are, but for control characters: those end lines and strings.
bool is_good_escape(std::string_view text) {
  if (text.size() < 3 || !is_hex_digit(text[1]) || !is_hex_digit(text[2])) return false;
  bool control = text[1] == '0' || text[1] == '1';
  bool del = text[1] == '7' && (text[2] | 0x20) == 'f';
  return !control && !del;
}

std::string_view fault_of_text(std::string_view text, std::string_view where_also) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      if (!is_good_escape(text.substr(at))) return "The URL holds a bad percent escape.";
      at += 2;
    } else if (!is_path_char(text[at]) && !where_also.contains(text[at])) {
      return "The URL holds a character that must not stand in its path or query.";
    }
  }
  return {};
}

}  // namespace

// Goes through the text from left to right, and keeps what is wrong with it.
class UrlReader {
 public:
  explicit UrlReader(std::string_view text) { url_.text_ = text; }

  Result<Url> read() {
    if (url_.text_.size() > Url::kTextMax) refuse("The URL is too long.");
    if (fault_.empty()) read_scheme();
    if (fault_.empty()) read_authority();
    if (fault_.empty()) read_path_and_query();
    if (!fault_.empty()) return fail(Code::invalid_request, std::string(fault_));
    return std::move(url_);
  }

 private:
  void refuse(std::string_view fault) { fault_ = fault; }

  void read_scheme() {
    std::string_view text = url_.text_;
    constexpr std::string_view kHttps = "https://";
    constexpr std::string_view kHttp = "http://";
    if (text.starts_with(kHttps)) {
      url_.scheme_ = Url::Scheme::https;
      url_.port_ = 443;
      url_.authority_.begin = kHttps.size();
    } else if (text.starts_with(kHttp)) {
      url_.scheme_ = Url::Scheme::http;
      url_.port_ = 80;
      url_.authority_.begin = kHttp.size();
    } else {
      refuse("The URL does not begin with https:// or http://.");
    }
  }

  void read_authority() {
    std::size_t begin = url_.authority_.begin;
    std::size_t end = std::min(url_.text_.find_first_of("/?#", begin), url_.text_.size());
    url_.authority_.size = end - begin;
    auto authority = url_.authority();
    if (authority.contains('@')) return refuse("The URL holds a user name or password.");
    bool bracketed = authority.starts_with('[');
    std::size_t host_end = authority.find(bracketed ? ']' : ':');
    if (bracketed) {
      if (host_end == authority.npos) return refuse("The URL's IPv6 address has no end.");
      url_.host_ = {begin + 1, host_end - 1};
      ++host_end;
    } else {
      host_end = std::min(host_end, authority.size());
      url_.host_ = {begin, host_end};
    }
    read_host(bracketed);
    if (fault_.empty() && host_end < authority.size()) read_port(authority.substr(host_end));
  }

  void read_host(bool bracketed) {
    auto host = url_.host();
    if (bracketed) {
      url_.host_kind_ = Url::HostKind::ipv6;
      if (!is_address(AF_INET6, host)) refuse("The URL's IPv6 address is not written canonically.");
    } else if (is_address(AF_INET, host)) {
      url_.host_kind_ = Url::HostKind::ipv4;
    } else {
      url_.host_kind_ = Url::HostKind::name;
      refuse(host.empty() ? "The URL has no host." : fault_of_name(host));
    }
  }

  void read_port(std::string_view text) {
    constexpr std::string_view kFault = "The URL's port is not a number from 1 to 65535.";
    if (text.front() != ':') return refuse(kFault);
    text.remove_prefix(1);
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), url_.port_);
    bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || text.front() == '0') refuse(kFault);
  }

  void read_path_and_query() {
    std::size_t begin = url_.authority_.begin + url_.authority_.size;
    if (url_.text_.find('#', begin) != url_.text_.npos) return refuse("The URL has a fragment.");
    std::size_t question = std::min(url_.text_.find('?', begin), url_.text_.size());
    url_.path_ = {begin, question - begin};
    std::size_t query = std::min(question + 1, url_.text_.size());
    url_.query_ = {query, url_.text_.size() - query};
    refuse(fault_of_text(url_.path(), ""));
    if (fault_.empty()) refuse(fault_of_text(url_.query(), "?"));
    if (fault_.empty() && has_dot_segment(url_.path()))
      refuse("The URL's path holds a dot segment.");
  }

  Url url_;
  std::string_view fault_;
};

Result<Url> Url::parse(std::string_view text) {
  return UrlReader(text).read();
}

std::string Url::target() const {
  std::string_view written = std::string_view(text_).substr(path_.begin);
  return written.starts_with('/') ? std::string(written) : "/" + std::string(written);
}

bool Url::is_loopback() const {
  switch (host_kind_) {
    case HostKind::name: return host() == "localhost";
    case HostKind::ipv4: return host().starts_with("127.");
    case HostKind::ipv6: return host() == "::1";
  }
  return false;
}

}  // namespace keystead::http
