#include "api/command_example.hpp"
#include "api/example_value.hpp"
#include "api/markdown.hpp"
#include "api/openapi.hpp"
#include "api/pages.hpp"
#include "api/refusal_samples.hpp"

namespace keystead::api {
namespace {

std::string header_line(std::string const& header, std::string const& key) {
  return written_header(header) + (header == "authorization" ? ": Bearer " : ": ") + key;
}

std::string sending_section(PageParts const& parts) {
  auto key = example_key(parts.kinds.all().front().format.grammar());
  std::string text = "## Sending a key\n\n";
  bool is_first = true;
  for (auto const& header : parts.credential_headers) {
    if (!is_first) text += "or\n\n";
    is_first = false;
    text += code_block("http", header_line(header, key));
  }
  std::string status;
  for (auto const& sample : refusal_samples(parts.problems, parts.scopes)) {
    if (sample.name == "invalid_request") status = std::to_string(sample.status);
  }
  text +=
      "A request that carries a key twice, two keys that differ, or a key in its URL is refused "
      "with " +
      status + ".\n\n";
  return text +
         code_block(
             "sh",
             "KEY=" + key + "\n" +
                 mcp_command(parts, R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}})")
         );
}

std::string reach_of(PageParts const& parts, domain::KeyKind const& kind) {
  if (!kind.tenant_bound) return "no " + parts.tenant + ": no tool and no data";
  std::string text = "one " + parts.tenant;
  if (kind.format.environments().empty()) return text;
  text += ", and there the data of its environment:";
  for (auto const& each : kind.format.environments()) text += " " + each + ",";
  text.pop_back();
  return text;
}

std::string formats_section(PageParts const& parts) {
  std::string text = "## What a key looks like\n\n";
  MarkdownTable table({"kind", "form", "looks like", "reaches"});
  for (auto const& kind : parts.kinds.all()) {
    auto const& grammar = kind.format.grammar();
    table.add({kind.name, code(grammar), code(example_key(grammar)), reach_of(parts, kind)});
  }
  text += table.text();
  text +=
      "A key is shown once, when it is made; only a digest of it is kept. It works until it "
      "expires or is revoked, and not for one request more.\n\n";
  return text;
}

std::string scopes_section(PageParts const& parts) {
  std::string text = "## Scopes\n\n";
  if (parts.scopes.all().empty()) {
    return text + "There are none: a key may do everything in its " + parts.tenant + ".\n";
  }
  MarkdownTable table({"scope", "what it grants", "comes with"});
  for (auto const& scope : parts.scopes.all()) {
    std::string implied;
    for (auto const& each : scope.implies) implied += (implied.empty() ? "" : ", ") + code(each);
    table.add({code(scope.name), scope.label, implied});
  }
  text += table.text();
  text += parts.scopeless_is_full ? "A key without scopes has all of them.\n"
                                  : "A key without scopes may do nothing that needs one.\n";
  return text + "`GET /api/v1/whoami` answers the scopes of the key that it is asked with.\n";
}

}  // namespace

Page authentication_page(PageParts const& parts) {
  Page page{
      "/docs/authentication.md",
      "Authentication",
      "How a key is sent, what it looks like, and which scopes there are.",
      "# Authentication\n\n"
  };
  page.text += "Every call carries one API key. The key decides which " + parts.tenant +
               " it is about: nothing takes the id of one.\n\n";
  page.text += sending_section(parts) + formats_section(parts) + scopes_section(parts);
  return page;
}

}  // namespace keystead::api
