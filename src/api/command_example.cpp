#include "api/command_example.hpp"

#include <algorithm>
#include <cctype>

#include "api/example_value.hpp"
#include "api/openapi.hpp"
#include "api/route_statement.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kNextLine = " \\\n  ";

// In the shell's single quotes; one inside ends them, stands escaped, and begins them again.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string key_option(PageParts const& parts) {
  auto const& headers = parts.credential_headers;
  bool is_bearer = std::ranges::find(headers, "authorization") != headers.end();
  if (is_bearer || headers.empty()) return "-H \"Authorization: Bearer $KEY\"";
  return "-H \"" + written_header(headers.front()) + ": $KEY\"";
}

std::string json_options(std::string_view body) {
  return std::string(kNextLine) + "-H 'Content-Type: application/json'" + std::string(kNextLine) +
         "-d " + quoted(body);
}

// /api/v1/tasks/ID
std::string example_path(std::string_view pattern) {
  std::string path;
  while (!pattern.empty()) {
    auto fixed = pattern.substr(0, pattern.find('{'));
    path += fixed;
    pattern.remove_prefix(fixed.size());
    auto name = pattern.substr(0, std::min(pattern.find('}') + 1, pattern.size()));
    pattern.remove_prefix(name.size());
    for (char c : name) {
      if (c != '{' && c != '}' && c != '.') {
        path += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
    }
  }
  return path;
}

}  // namespace

std::string mcp_command(PageParts const& parts, std::string_view message) {
  return "curl " + parts.url + parts.mcp_path + std::string(kNextLine) + key_option(parts) +
         std::string(kNextLine) + "-H 'Accept: application/json, text/event-stream'" +
         json_options(message) + "\n";
}

std::string rest_command(PageParts const& parts, Route const& route, std::string_view body) {
  std::string command = "curl ";
  if (route.method != http::Method::get) {
    command += "-X " + std::string(text_of(route.method)) + " ";
  }
  command += parts.url + example_path(route.pattern);
  if (statement_of(route).proof == RouteStatement::Proof::key) {
    command += std::string(kNextLine) + key_option(parts);
  }
  if (!route.doc.request.empty()) {
    command += json_options(
        body.empty() ? codec::to_text(example_value(route.doc.request)) : std::string(body)
    );
  }
  return command + "\n";
}

}  // namespace keystead::api
