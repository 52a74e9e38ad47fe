#include "api/whoami.hpp"

#include "codec/json.hpp"

namespace keystead::api {

// Written in place: this answers on the io thread.
void describe_caller(
    domain::Principal const& principal, domain::ScopeCatalog const& scopes, http::Response& response
) {
  response.content_type = "application/json";
  std::string& body = response.body;
  body += R"({")";
  body += principal.bearer_kind();
  body += R"(_id":)";
  codec::append_quoted(body, principal.bearer_id());
  body += R"(,"scopes":[)";
  auto const& all = scopes.all();
  bool first = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!principal.scopes().has(i)) continue;
    if (!first) body += ',';
    first = false;
    codec::append_quoted(body, all[i].name);
  }
  body += "]}";
}

}  // namespace keystead::api
