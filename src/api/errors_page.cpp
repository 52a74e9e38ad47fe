#include "api/markdown.hpp"
#include "api/pages.hpp"
#include "api/refusal_samples.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

std::string table_of(std::vector<RefusalSample> const& samples) {
  MarkdownTable table({"status", "when", "body", "headers"});
  for (auto const& sample : samples) {
    std::string headers;
    for (auto const& name : sample.headers) headers += (headers.empty() ? "" : ", ") + code(name);
    table.add(
        {std::to_string(sample.status),
         std::string(sample.meaning),
         code(codec::to_text(sample.body)),
         headers}
    );
  }
  return table.text();
}

std::string rpc_section(PageParts const& parts) {
  std::string text =
      "## On the MCP path\n\nA message that cannot be served is answered with a "
      "JSON-RPC error:\n\n";
  MarkdownTable codes({"code", "meaning"});
  codes.add({"-32700", "The body is not JSON."});
  codes.add({"-32600", "It is no JSON-RPC message."});
  codes.add({"-32601", "There is no such method."});
  codes.add({"-32602", "The parameters are wrong, or there is no such tool."});
  codes.add({"-32020", "A header says something else than the body."});
  codes.add({"-32022", "The protocol revision is not served."});
  text += codes.text();
  text +=
      "A call that is not allowed is answered so; with a missing or invalid key, and whatever "
      "is not in this table, as over REST.\n\n";
  return text + table_of(mcp_refusal_samples(parts.problems, parts.scopes));
}

std::string limit_line(std::string const& what, authz::RateLimit const& limit) {
  return "- " + what + ": " + std::to_string(limit.calls) + " in " +
         std::to_string(limit.per.count()) + " s\n";
}

std::string limits_section(PageParts const& parts) {
  auto const& limits = parts.limits;
  std::string text = "## Limits\n\n";
  std::string calls;
  if (limits.key) calls += limit_line("calls with one key", *limits.key);
  if (limits.tenant) calls += limit_line("calls in one " + parts.tenant, *limits.tenant);
  for (auto const& [pattern, limit] : limits.tools) {
    calls += limit_line("calls of each tool " + code(pattern) + " with one key", limit);
  }
  if (calls.empty()) {
    text += "Calls are not limited.";
  } else {
    text += calls +
            "\nCounted are calls of tools and of their REST resources. A limit is a bucket "
            "that refills evenly. `RateLimit` and `RateLimit-Policy` tell its state.";
  }
  if (limits.address) {
    text += " An address that failed to authenticate " + std::to_string(limits.address->calls) +
            " times in " + std::to_string(limits.address->per.count()) +
            " s has to wait, unless its key was good from there before.";
  }
  return text + "\n";
}

}  // namespace

Page errors_page(PageParts const& parts) {
  Page page{
      "/docs/errors.md",
      "Errors",
      "Every refusal with its status, body and headers; rate limits.",
      "# Errors\n\n"
  };
  page.text +=
      "Every refusal of a call has an id, in `X-Request-Id`. With it, whoever manages the " +
      parts.tenant +
      " reads at `GET /api/v1/denials/{id}` why a call was denied and what would allow "
      "it.\n\n## Over REST\n\n";
  page.text += table_of(refusal_samples(parts.problems, parts.scopes));
  page.text +=
      "Texts vary with the call; members and status do not. `WWW-Authenticate` is there "
      "where a key or a scope is missing.\n\n";
  page.text += rpc_section(parts) + limits_section(parts);
  return page;
}

}  // namespace keystead::api
