// POST /mcp: whatever body and headers a caller with a valid key sends, there is one answer, and
// its body is JSON. The first four lines of input are the MCP headers, the rest is the body.
#include <cstdint>
#include <cstdlib>

#include <unistd.h>

#include "codec/json.hpp"
#include "mcp/builtin_tools.hpp"
#include "mcp/endpoint.hpp"
#include "mcp/test_principal.hpp"

namespace {

using namespace keystead;

struct Fixture {
  SystemClock clock;
  SystemRandom random;
  domain::ScopeCatalog scopes =
      domain::ScopeCatalog::make({{"read", "", {}}, {"write", "", {}}}).value();
  authz::ActionTable actions{scopes};
  mcp::Toolbox tools;
  store::TenantStores stores{{.folder = "/nonexistent", .open_files_max = 1}, {}, clock, random};
  domain::Principal principal = authn::Authenticator::principal({}, {}, {});

  Fixture() {
    std::vector<std::string> names{"whoami", "current_time"};
    mcp::add_builtin_tools(tools, actions, names, {scopes, clock}).value();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static Fixture fixture;
  static mcp::Endpoint endpoint(
      {.name = "fuzz", .title = {}, .version = "1", .instructions = {}},
      fixture.tools,
      fixture.stores,
      [](auto const&, auto const&, auto const&, http::Response& response) {
        response.status = 403;
      },
      [](auto const&, auto const&) {
        return mcp::RpcError{mcp::RpcCode::invalid_request, "denied"};
      }
  );
  std::string_view input(reinterpret_cast<char const*>(data), size);
  std::vector<http::Header> headers{{"Content-Type", "application/json"}};
  for (auto name : {"MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Accept"}) {
    auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    if (!line.empty()) headers.push_back({name, line});
  }
  http::Request request;
  request.method = http::Method::post;
  request.path = "/mcp";
  request.headers = headers;
  request.body = input;
  http::Response response;
  auto outcome = endpoint.serve(fixture.principal, request, response, http::Where::worker);
  if (outcome != http::Outcome::answered) std::abort();
  if (!response.body.empty() && !codec::parse_json(response.body)) std::abort();
  return 0;
}
