// An absolute http or https URL, read strictly: what two programs could read in two ways is
// refused, not repaired, so that the host that was checked is the host that is asked. There is one
// spelling of a host: lower case, IPv4 as four decimal numbers, IPv6 as RFC 5952 writes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace keystead::http {

class Url {
 public:
  enum class Scheme { http, https };
  enum class HostKind { name, ipv4, ipv6 };

  static constexpr std::size_t kTextMax = 2048;

  // RFC 3986 without user name, password, fragment and dot segments (also escaped ones), in ASCII.
  // Code::invalid_request says what is wrong and repeats no part of the text, which may hold a
  // secret in its query.
  static Result<Url> parse(std::string_view text);

  std::string const& text() const { return text_; }  // as it was parsed, byte for byte
  Scheme scheme() const { return scheme_; }
  HostKind host_kind() const { return host_kind_; }
  std::string_view host() const { return part(host_); }  // IPv6 without brackets
  std::uint16_t port() const { return port_; }           // the scheme's where none is written
  std::string_view authority() const { return part(authority_); }  // for the Host header
  std::string_view origin() const { return std::string_view(text_).substr(0, path_.begin); }
  std::string_view path() const { return part(path_); }    // as written: may be empty
  std::string_view query() const { return part(query_); }  // without the question mark
  std::string target() const;                              // for a request line: begins with /

  // Whether the host says of itself that it is this machine: localhost, 127.0.0.0/8 or ::1. What a
  // resolver makes of "localhost" is not asked.
  bool is_loopback() const;

  // Byte for byte, as OAuth compares them (RFC 3986 §6.2.1).
  friend bool operator==(Url const& a, Url const& b) { return a.text_ == b.text_; }

 private:
  friend class UrlReader;
  // Not a view: a copy of a Url has its own text.
  struct Part {
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  Url() = default;
  std::string_view part(Part part) const {
    return std::string_view(text_).substr(part.begin, part.size);
  }

  std::string text_;
  Scheme scheme_ = Scheme::https;
  HostKind host_kind_ = HostKind::name;
  std::uint16_t port_ = 0;
  Part authority_;
  Part host_;
  Part path_;
  Part query_;
};

}  // namespace keystead::http
