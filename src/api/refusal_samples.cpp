#include "api/refusal_samples.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/json.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kRequestId = "019a0000-0000-7000-8000-000000000000";
constexpr std::chrono::seconds kWait{30};

struct FailureRow {
  Code code;
  std::string_view text;
  std::string_view meaning;
};

constexpr std::array<FailureRow, 8> kFailures{{
    {Code::invalid_request,
     "title: not a text",
     "What was sent cannot be read, or two credentials were sent."},
    {Code::unauthorized,
     "A valid credential is required.",
     "The key is missing, malformed, unknown, expired or revoked."},
    {Code::not_found,
     "There is nothing at this path.",
     "There is no such path, or nothing of this id that the key can reach."},
    {Code::method_not_allowed,
     "This path does not take that method.",
     "The path is there, but not with this method."},
    {Code::conflict,
     "slug: taken already",
     "What is there already does not allow it, such as a value that must be unique."},
    {Code::unsupported_media_type,
     "the body must be application/json",
     "The body has another Content-Type than application/json."},
    {Code::internal, "Something went wrong on our side.", "Something broke on the server."},
    {Code::unavailable,
     "The service cannot reach its data; try again.",
     "The server is too busy, or cannot reach its data for a moment."},
}};

struct DenialRow {
  domain::DenialReason reason;
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array<DenialRow, 3> kDenials{{
    {domain::DenialReason::tenant_required,
     "tenant_required",
     "The key is of a kind that reaches no data."},
    {domain::DenialReason::insufficient_scope,
     "forbidden",
     "The key is good, but may not do this: a scope, a rule or an address is against it."},
    {domain::DenialReason::rate_limited,
     "too_many_requests",
     "A limit is reached; Retry-After says for how many seconds."},
}};

// The action that the sample of a denial is about.
domain::Action sample_action(domain::ScopeCatalog const& scopes) {
  domain::Action action;
  action.name = "tasks.create";
  action.tool = "tasks_create";
  if (!scopes.all().empty()) action.scope = scopes.all().back().name;
  return action;
}

domain::Denial sample_denial(DenialRow const& row, domain::Action const& action) {
  domain::Denial denial{.action = &action, .reason = row.reason};
  bool is_scope = row.reason == domain::DenialReason::insufficient_scope;
  if (is_scope && action.scope.empty()) denial.reason = domain::DenialReason::rule;
  if (row.reason == domain::DenialReason::rate_limited) denial.retry_after = kWait;
  return denial;
}

std::vector<std::string> header_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    auto line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(text.size(), line.size() + 2));
    names.emplace_back(line.substr(0, line.find(':')));
  }
  return names;
}

RefusalSample read_sample(
    std::string_view name, std::string_view meaning, http::Response const& response
) {
  RefusalSample sample{name, meaning, response.status, {}, {}, {}};
  sample.content_type = response.content_type;
  sample.body = codec::parse_json(response.body).value_or(json::value());
  sample.headers = header_names(response.header_text());
  return sample;
}

void sort_by_status(std::vector<RefusalSample>& samples) {
  std::ranges::sort(samples, {}, [](RefusalSample const& sample) {
    return std::pair(sample.status, sample.name);
  });
}

}  // namespace

std::vector<RefusalSample> refusal_samples(
    Problems const& problems, domain::ScopeCatalog const& scopes
) {
  std::vector<RefusalSample> samples;
  for (auto const& row : kFailures) {
    http::Response response;
    problems.render(Failure{row.code, std::string(row.text), {}}, kRequestId, response);
    samples.push_back(read_sample(name_of(row.code), row.meaning, response));
  }
  auto action = sample_action(scopes);
  for (auto const& row : kDenials) {
    http::Response response;
    problems.render(sample_denial(row, action), kRequestId, response);
    samples.push_back(read_sample(row.name, row.meaning, response));
  }
  sort_by_status(samples);
  return samples;
}

std::vector<RefusalSample> mcp_refusal_samples(
    Problems const& problems, domain::ScopeCatalog const& scopes
) {
  std::vector<RefusalSample> samples;
  auto action = sample_action(scopes);
  for (auto const& row : kDenials) {
    // A key without a tenant does not get as far as a message: it is answered as over REST.
    if (row.reason == domain::DenialReason::tenant_required) continue;
    http::Response response;
    problems.render_mcp(sample_denial(row, action), 1, kRequestId, response);
    samples.push_back(read_sample(row.name, row.meaning, response));
  }
  sort_by_status(samples);
  return samples;
}

}  // namespace keystead::api
