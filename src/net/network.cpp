#include "net/network.hpp"

#include <cstring>
#include <memory>

#include <netdb.h>
#include <sys/socket.h>

#include "http/fetcher.hpp"

namespace keystead::net {

Result<Addresses> SystemNetwork::resolve(std::string const& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* head = nullptr;
  int error = ::getaddrinfo(name.c_str(), nullptr, &hints, &head);
  if (error != 0) return http::fetch_failed(std::string("the name: ") + ::gai_strerror(error));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(head, ::freeaddrinfo);
  Addresses addresses;
  for (addrinfo const* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (entry->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    endpoint.resize(entry->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  return addresses;
}

}  // namespace keystead::net
