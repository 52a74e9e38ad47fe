// The parameters of a request to the token endpoint or its neighbours.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oauth/token_error.hpp"

namespace keystead::oauth {

class TokenRequest {
 public:
  // A form, as RFC 6749 §4 says, or a JSON object of texts, which some clients send. A parameter
  // that comes twice is refused, but for resource (RFC 8707 §2); one without a value is none
  // (RFC 6749 §3.2).
  static TokenResult<TokenRequest> parse(std::string_view content_type, std::string_view body);

  // Empty for one that is absent.
  std::string_view find(std::string_view name) const;
  std::vector<std::string> resources() const;
  // All of them, in the order in which they came.
  std::vector<std::pair<std::string, std::string>> const& parameters() const { return parameters_; }

 private:
  using Parameter = std::pair<std::string, std::string>;

  explicit TokenRequest(std::vector<Parameter> parameters) : parameters_(std::move(parameters)) {}

  std::vector<Parameter> parameters_;
};

}  // namespace keystead::oauth
