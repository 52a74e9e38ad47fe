#include "api/pages.hpp"

#include "api/markdown.hpp"

namespace keystead::api {
namespace {

std::string link(PageParts const& parts, Page const& page) {
  return "- [" + page.title + "](" + parts.url + page.path + "): " + page.summary + "\n";
}

// The form of https://llmstxt.org: a title, a quotation that says what it is, sections of links.
Page index_page(PageParts const& parts, std::vector<Page> const& pages) {
  Page index{"/llms.txt", parts.title, "", "# " + one_line(parts.title) + "\n\n"};
  std::string& text = index.text;
  std::string summary = one_line(parts.instructions);
  if (summary.empty()) summary = "An MCP server and a REST interface.";
  text += "> " + summary + "\n\n";
  text += "MCP is served at " + parts.url + parts.mcp_path + ", REST below " + parts.url +
          "/api/v1. Every call carries an API key.\n\n## Documentation\n\n";
  for (auto const& page : pages) text += link(parts, page);
  Page const openapi{"/api/v1/openapi.json", "OpenAPI", "The REST interface as OpenAPI 3.1.", ""};
  text += "\n## Machine-readable\n\n" + link(parts, openapi);
  return index;
}

}  // namespace

std::vector<Page> make_pages(PageParts const& parts, std::vector<Route> const& routes) {
  std::vector<Page> pages{
      authentication_page(parts),
      errors_page(parts),
      tools_page(parts),
      rest_page(parts, routes),
      keys_page(parts, routes),
  };
  pages.insert(pages.begin(), index_page(parts, pages));
  return pages;
}

}  // namespace keystead::api
