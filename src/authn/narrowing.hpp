// A child of a key: with less than its parent has, for somebody who works on its behalf.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "authn/key_rules.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/api_key.hpp"

namespace keystead::authn {

inline constexpr std::size_t kNarrowingLevelsMax = 5;
inline constexpr std::size_t kNarrowedKeysMax = 100;  // that live at once and come from one key

// What a narrowed key is held to, beyond what holds its parent.
struct Narrowing {
  std::string name = {};
  std::optional<std::vector<std::string>> scopes = {};  // none: the parent's
  std::vector<std::string> tools = {};                  // empty: the parent's
  std::vector<domain::ArgumentLimit> arguments = {};    // the values as any JSON text
  std::optional<Time> expires_at = {};                  // none: the parent's
};

// The record of the child, without what only its making gives it: id, prefix, digest, maker.
// Code::invalid_request for what cannot be meant; Code::forbidden for what the parent does not have
// itself; Code::conflict if there are too many levels.
Result<domain::ApiKey> narrowed(
    domain::ApiKey const& parent, Narrowing const& wanted, KeyRules const& rules, Time now
);

}  // namespace keystead::authn
