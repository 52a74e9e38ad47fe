// URLs: what is accepted means the same to Boost.URL, and its host the same to the C library, which
// knows every spelling of an IPv4 address.
#include "http/url.hpp"

#include <cstdint>
#include <cstdlib>

#include <arpa/inet.h>
#include <boost/url/parse.hpp>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using keystead::http::Url;
  std::string text(reinterpret_cast<char const*>(data), size);
  auto url = Url::parse(text);
  if (!url) return 0;
  require(url->text() == text);
  require(text.starts_with(url->origin()) && url->origin().ends_with(url->authority()));
  for (char c : text) require(c > ' ' && c <= '~' && c != '\\' && c != '#');

  std::string host(url->host());
  in_addr address{};
  bool is_v4 = url->host_kind() == Url::HostKind::ipv4;
  require((::inet_aton(host.c_str(), &address) == 1) == is_v4);

  auto other = boost::urls::parse_uri(text);
  // Boost.URL 1.81 takes 192.0.2.1.example for the address, and the rest for a path without slash.
  bool misread = other && url->host_kind() == Url::HostKind::name &&
                 other->host_type() == boost::urls::host_type::ipv4;
  if (misread) return 0;
  require(other.has_value() && !other->has_userinfo() && !other->has_fragment());
  require(other->scheme() == (url->scheme() == Url::Scheme::https ? "https" : "http"));
  require(!other->has_port() || other->port_number() == url->port());
  require(other->encoded_path() == url->path() && other->encoded_query() == url->query());
  switch (other->host_type()) {
    case boost::urls::host_type::name:
      require(url->host_kind() == Url::HostKind::name && other->encoded_host() == host);
      break;
    case boost::urls::host_type::ipv4: require(is_v4 && other->encoded_host() == host); break;
    case boost::urls::host_type::ipv6: require(other->encoded_host() == "[" + host + "]"); break;
    default: std::abort();
  }
  return 0;
}
