// Requests to the token endpoint: the first line is the type of the body, and the rest the body.
// What was read is put through the checks that compare it with what was granted.
#include "oauth/token_request.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "oauth/checks/client_assertion.hpp"
#include "oauth/checks/pkce.hpp"
#include "oauth/checks/resource.hpp"
#include "oauth/checks/scope.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace keystead;
  static auto const kCatalog = domain::ScopeCatalog::make(
                                   {{"read", "", {}}, {"write", "", {"read"}}, {"admin", "", {}}}
  ).value();
  static std::vector<std::string> const kGranted{"write"};
  static std::vector<std::string> const kResources{"https://ops.example/mcp"};
  std::string_view input(reinterpret_cast<char const*>(data), size);
  auto type = input.substr(0, input.find('\n'));
  input.remove_prefix(std::min(input.size(), type.size() + 1));
  auto request = oauth::TokenRequest::parse(type, input);
  if (!request) return 0;
  auto scopes =
      oauth::narrow_scope(request->find("scope"), kGranted, kCatalog, oauth::NoneKnown::refused);
  // A token never grows.
  if (scopes && std::ranges::find(*scopes, "admin") != scopes->end()) std::abort();
  auto resources = oauth::narrow_resources(request->resources(), kResources);
  if (resources && *resources != kResources) std::abort();
  if (oauth::is_verified(request->find("code_verifier"), request->find("code_challenge")) &&
      request->find("code_verifier").size() < 43) {
    std::abort();
  }
  oauth::ClientAssertions::claimed_client(request->find("client_assertion"));
  return 0;
}
