#include "authn/narrowing.hpp"

#include <algorithm>

#include "authn/key_terms.hpp"
#include "codec/json.hpp"

namespace keystead::authn {
namespace {

// Bounds on what one key may make every check of it carry.
constexpr std::size_t kToolsMax = 200;
constexpr std::size_t kArgumentsMax = 50;
constexpr std::size_t kValuesMax = 100;
constexpr std::size_t kTextBytesMax = 1024;

bool is_sane(std::string_view text) {
  return check_name(text).has_value();
}

Result<std::vector<std::string>> narrow_tools(
    std::vector<std::string> const& held, std::vector<std::string> const& wanted
) {
  if (wanted.empty()) return held;
  if (wanted.size() > kToolsMax) {
    return fail(Code::invalid_request, "a key may be held to 200 tools at most");
  }
  for (auto const& tool : wanted) {
    if (!is_sane(tool)) return fail(Code::invalid_request, "tools: a name is malformed");
    if (!held.empty() && std::ranges::find(held, tool) == held.end()) {
      return fail(
          Code::forbidden, "a key cannot give the tool \"" + tool + "\", which it does not have"
      );
    }
  }
  return wanted;
}

// The values as a call will be compared with them: compact JSON text.
Result<domain::ArgumentLimit> read_limit(domain::ArgumentLimit const& wanted) {
  if (!is_sane(wanted.name)) return fail(Code::invalid_request, "arguments: a name is malformed");
  if (wanted.values.empty() || wanted.values.size() > kValuesMax) {
    return fail(Code::invalid_request, "arguments: \"" + wanted.name + "\" needs 1 to 100 values");
  }
  domain::ArgumentLimit limit{wanted.name, {}};
  for (auto const& text : wanted.values) {
    auto value = codec::parse_json(text);
    if (!value || text.size() > kTextBytesMax) {
      return fail(
          Code::invalid_request,
          "arguments: a value of \"" + wanted.name + "\" is not JSON text of at most 1024 bytes"
      );
    }
    limit.values.push_back(codec::to_text(*value));
  }
  return limit;
}

// A limit on an argument that the parent is limited in takes the place of the parent's, and so may
// hold none but its values.
Result<void> narrow_argument(
    std::vector<domain::ArgumentLimit>& held, domain::ArgumentLimit limit
) {
  auto former = std::ranges::find(held, limit.name, &domain::ArgumentLimit::name);
  if (former == held.end()) {
    held.push_back(std::move(limit));
    return {};
  }
  for (auto const& value : limit.values) {
    if (std::ranges::find(former->values, value) == former->values.end()) {
      return fail(
          Code::forbidden,
          "a key cannot give a value of \"" + limit.name + "\" that it may not use itself"
      );
    }
  }
  former->values = std::move(limit.values);
  return {};
}

Result<std::vector<domain::ArgumentLimit>> narrow_arguments(
    std::vector<domain::ArgumentLimit> held, std::vector<domain::ArgumentLimit> const& wanted
) {
  for (auto const& each : wanted) {
    auto limit = TRY(read_limit(each));
    TRY(narrow_argument(held, std::move(limit)));
  }
  if (held.size() > kArgumentsMax) {
    return fail(Code::invalid_request, "a key may be held to 50 arguments at most");
  }
  return held;
}

Result<std::optional<Time>> narrow_expiry(
    std::optional<Time> const& held, std::optional<Time> const& wanted, Time now
) {
  if (!wanted) return held;
  TRY(check_expiry(wanted, now));
  if (held && *wanted > *held) {
    return fail(Code::forbidden, "a key cannot make one that outlives it");
  }
  return wanted;
}

}  // namespace

Result<domain::ApiKey> narrowed(
    domain::ApiKey const& parent, Narrowing const& wanted, KeyRules const& rules, Time now
) {
  TRY(check_name(wanted.name));
  if (parent.restriction.ancestors.size() >= kNarrowingLevelsMax) {
    return fail(Code::conflict, "a key can be narrowed five times over, and not once more");
  }
  if (wanted.scopes) {
    TRY(check_scopes_within(*wanted.scopes, parent.scopes, rules.scopes_of(parent.scopes), rules));
  }
  domain::ApiKey child;
  child.tenant = parent.tenant;
  child.kind = parent.kind;
  child.name = wanted.name;
  child.environment = parent.environment;
  child.scopes = wanted.scopes.value_or(parent.scopes);
  child.restriction = parent.restriction;
  child.restriction.tools = TRY(narrow_tools(parent.restriction.tools, wanted.tools));
  child.restriction.arguments =
      TRY(narrow_arguments(parent.restriction.arguments, wanted.arguments));
  child.restriction.ancestors.push_back(parent.id);
  child.created_at = now;
  child.expires_at = TRY(narrow_expiry(parent.expires_at, wanted.expires_at, now));
  return child;
}

}  // namespace keystead::authn
