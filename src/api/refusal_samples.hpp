// How each refusal of this installation looks, rendered once with words that stand for those of a
// real one: what is documented is what is sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "api/problem.hpp"
#include "domain/scope.hpp"

namespace keystead::api {

struct RefusalSample {
  std::string_view name;     // as in Problems::form_names(): forbidden
  std::string_view meaning;  // when it is answered
  int status = 0;
  std::string content_type;
  json::value body;
  std::vector<std::string> headers;  // names of those that come with it
};

// Of REST, by status. Those of framing are not among them: the connection answers them.
std::vector<RefusalSample> refusal_samples(
    Problems const& problems, domain::ScopeCatalog const& scopes
);

// Of the MCP path, where a denial may look different.
std::vector<RefusalSample> mcp_refusal_samples(
    Problems const& problems, domain::ScopeCatalog const& scopes
);

}  // namespace keystead::api
