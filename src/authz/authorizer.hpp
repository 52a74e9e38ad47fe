// The one decision: may this principal do this action? Pure functions; tools, routes and listings
// all ask them.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/permit.hpp"

namespace keystead::authz {

// What a call gives its tool. Asked only where a rule or the credential limits an argument.
struct Arguments {
  std::function<bool(std::string_view name)> takes;  // whether the tool knows such an argument
  // Its value as compact JSON text; nothing if the call does not give it.
  std::function<std::optional<std::string>(std::string_view name)> value;
};

class Authorizer {
 public:
  // Whether the principal may do the action at all, with the right arguments: what a listing asks.
  // `action` must outlive the Permit.
  static std::expected<domain::Permit, domain::Denial> decide(
      domain::Principal const& principal, domain::Action const& action
  );

  // Whether it may do it with these. A limited argument that the tool takes and the call does not
  // give is refused: what it would default to is not for us to guess.
  static std::expected<domain::Permit, domain::Denial> decide(
      domain::Principal const& principal, domain::Action const& action, Arguments const& arguments
  );
};

}  // namespace keystead::authz
