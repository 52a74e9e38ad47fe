#include "api/document_routes.hpp"

#include <memory>

#include "api/openapi.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

ForAnyone answer_document(std::shared_ptr<std::string const> text, std::string_view content_type) {
  return [text = std::move(text), content_type](auto const&, auto& response) {
    response.content_type = content_type;
    response.body = *text;
  };
}

}  // namespace

void add_document_routes(std::vector<Route>& routes, PageParts parts) {
  while (parts.url.ends_with('/')) parts.url.pop_back();
  // Its own route is in it, so the route comes first and its text afterwards.
  auto document = std::make_shared<std::string>();
  routes.push_back(
      {http::Method::get,
       "/api/v1/openapi.json",
       answer_document(document, "application/json"),
       {"This interface as an OpenAPI document", 200, {}, {}, {{"type", "object"}}}}
  );
  auto refusals = refusal_samples(parts.problems, parts.scopes);
  OpenApiInfo info{
      parts.title, parts.version, parts.instructions, parts.url, parts.credential_headers
  };
  *document = codec::to_text(openapi(routes, info, refusals));
  for (auto& page : make_pages(parts, routes)) {
    routes.push_back(
        {http::Method::get,
         page.path,
         answer_document(
             std::make_shared<std::string const>(std::move(page.text)),
             "text/markdown; charset=utf-8"
         ),
         {page.title, 200, {}, {}, {}}}
    );
  }
}

}  // namespace keystead::api
