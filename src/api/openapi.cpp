#include "api/openapi.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/array.hpp>

#include "api/refusal_schemas.hpp"
#include "api/route_statement.hpp"
#include "authn/credential.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kSignature = "report_signature";
constexpr std::string_view kSession = "session";

char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    if (!segment.empty()) segments.push_back(segment);
  }
  return segments;
}

// id of {id} and of {id...}; empty for a fixed segment.
std::string_view variable_of(std::string_view segment) {
  if (!segment.starts_with('{')) return {};
  segment = segment.substr(1, segment.size() - 2);
  return segment.ends_with("...") ? segment.substr(0, segment.size() - 3) : segment;
}

std::string path_of(std::string_view pattern) {
  std::string path;
  for (auto segment : segments_of(pattern)) {
    auto variable = variable_of(segment);
    path += '/';
    path += variable.empty() ? std::string(segment) : "{" + std::string(variable) + "}";
  }
  return path;
}

// api-keys becomes ApiKeys. An underscore stays, so that no two paths have one name.
std::string capitalized(std::string_view segment) {
  std::string out;
  bool begins = true;
  for (char c : segment) {
    bool is_joint = c == '-' || c == '.';
    if (!is_joint) out += begins ? upper(c) : c;
    begins = is_joint;
  }
  return out;
}

// patchTasksById
std::string operation_id(Route const& route) {
  std::string id = lower(text_of(route.method));
  for (auto segment : segments_of(std::string_view(route.pattern).substr(kRestPrefix.size()))) {
    auto variable = variable_of(segment);
    id += variable.empty() ? capitalized(segment) : "By" + capitalized(variable);
  }
  return id;
}

json::array parameters_of(Route const& route) {
  json::array parameters;
  for (auto segment : segments_of(route.pattern)) {
    auto name = variable_of(segment);
    if (name.empty()) continue;
    parameters.push_back(
        json::object{
            {"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}
        }
    );
  }
  for (auto const& member : route.doc.parameters) {
    json::object parameter{{"name", member.key()}, {"in", "query"}};
    for (auto const& each : member.value().as_object()) parameter[each.key()] = each.value();
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

json::object content_of(json::object const& schema) {
  json::object media{{"schema", schema}};
  return {{kJson, std::move(media)}};
}

// Rows are never made of nothing; what is said about a key may be.
bool needs_body(Route const& route) {
  return std::holds_alternative<ForTenant>(route.handler) || route.doc.request.contains("required");
}

json::object success_of(RouteDoc const& doc) {
  json::object response{{"description", http::reason_phrase(doc.status)}};
  if (doc.status == 201) {
    response["headers"] = {
        {"Location", {{"description", "Its path."}, {"schema", {{"type", "string"}}}}}
    };
  }
  if (!doc.response.empty()) response["content"] = content_of(doc.response);
  return response;
}

json::array security_of(
    Route const& route, RouteStatement const& statement, OpenApiInfo const& info
) {
  json::array ways;
  if (route.open_to_strangers) ways.push_back(json::object());  // or none at all
  auto add = [&](std::string_view scheme) {
    json::object way;
    way[scheme] = json::array();
    ways.push_back(std::move(way));
  };
  if (statement.proof == RouteStatement::Proof::signature) add(kSignature);
  if (statement.proof == RouteStatement::Proof::session) add(kSession);
  if (statement.proof != RouteStatement::Proof::key) return ways;
  for (auto const& header : info.credential_headers) add(header);
  return ways;
}

json::object operation_of(
    Route const& route, OpenApiInfo const& info, std::span<RefusalSample const> refusals
) {
  auto statement = statement_of(route);
  json::object operation{{"operationId", operation_id(route)}};
  auto segments = segments_of(std::string_view(route.pattern).substr(kRestPrefix.size()));
  operation["tags"].emplace_array().emplace_back(segments.front());
  if (!route.doc.summary.empty()) operation["summary"] = route.doc.summary;
  if (statement.action && !statement.action->scope.empty()) {
    operation["x-keystead-scope"] = statement.action->scope;
  }
  operation["security"] = security_of(route, statement, info);
  if (auto parameters = parameters_of(route); !parameters.empty()) {
    operation["parameters"] = std::move(parameters);
  }
  if (!route.doc.request.empty()) {
    operation["requestBody"] = {
        {"required", needs_body(route)}, {"content", content_of(route.doc.request)}
    };
  }
  auto& responses = operation["responses"].emplace_object();
  responses[std::to_string(route.doc.status)] = success_of(route.doc);
  for (auto const& sample : refusals) {
    if (std::ranges::find(statement.refusals, sample.name) == statement.refusals.end()) continue;
    responses[std::to_string(sample.status)] = refusal_reference(sample.status);
  }
  return operation;
}

json::object security_schemes(std::vector<Route> const& routes, OpenApiInfo const& info) {
  json::object schemes;
  for (auto const& header : info.credential_headers) {
    schemes[header] =
        header == "authorization"
            ? json::object{{"type", "http"}, {"scheme", "bearer"}}
            : json::object{{"type", "apiKey"}, {"in", "header"}, {"name", written_header(header)}};
  }
  bool has_reports = std::ranges::any_of(routes, [](Route const& route) {
    return std::holds_alternative<ForReporter>(route.handler);
  });
  if (has_reports) {
    schemes[kSignature] = {
        {"type", "apiKey"},
        {"in", "header"},
        {"name", "Github-Public-Key-Signature"},
        {"description",
         "The reporter's signature of the body, by the key that Github-Public-Key-Identifier "
         "names."},
    };
  }
  bool has_sessions = std::ranges::any_of(routes, [](Route const& route) {
    return std::holds_alternative<ForSession>(route.handler);
  });
  if (has_sessions) {
    schemes[kSession] = {
        {"type", "apiKey"},
        {"in", "cookie"},
        {"name", authn::kSessionCookie},
        {"description", "Changes need the header X-CSRF-Token as well."},
    };
  }
  return schemes;
}

}  // namespace

std::string written_header(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    auto word = name.substr(at, std::min(name.find('-', at), name.size()) - at);
    if (!out.empty()) out += '-';
    for (std::size_t i = 0; i < word.size(); ++i) {
      out += i == 0 || word == "api" ? upper(word[i]) : word[i];
    }
    at += word.size() + 1;
  }
  return out;
}

json::object openapi(
    std::vector<Route> const& routes,
    OpenApiInfo const& info,
    std::span<RefusalSample const> refusals
) {
  json::object about{{"title", info.title}, {"version", info.version}};
  if (!info.description.empty()) about["description"] = info.description;
  json::object document{{"openapi", "3.1.0"}, {"info", std::move(about)}};
  document["servers"].emplace_array().push_back(json::object{{"url", info.url}});
  auto& paths = document["paths"].emplace_object();
  for (auto const& route : routes) {
    if (!route.pattern.starts_with(kRestPrefix) || text_of(route.method).empty()) continue;
    auto& path = paths[path_of(route.pattern)];
    if (!path.is_object()) path.emplace_object();
    path.get_object()[lower(text_of(route.method))] = operation_of(route, info, refusals);
  }
  document["components"] = {
      {"schemas", refusal_schemas(refusals)},
      {"responses", refusal_responses(refusals)},
      {"securitySchemes", security_schemes(routes, info)},
  };
  return document;
}

}  // namespace keystead::api
