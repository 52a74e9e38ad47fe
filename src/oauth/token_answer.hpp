// What the token endpoint answers when it gives something (RFC 6749 §5.1).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/secret.hpp"

namespace keystead::oauth {

struct TokenAnswer {
  Secret access_token;
  std::chrono::seconds lifetime;
  std::vector<std::string> scopes;  // always told: they may be fewer than were asked for
  std::optional<Secret> refresh_token = {};
  std::string_view issued_token_type = {};  // of a token exchange (RFC 8693 §2.2.1)
  bool is_key_bound = false;                // RFC 9449 §5
};

boost::json::object describe(TokenAnswer const& answer);

}  // namespace keystead::oauth
