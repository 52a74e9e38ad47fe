// Who may sign in, or comes in with another issuer's word. A user is one in the whole installation
// and belongs to tenants by memberships (membership.hpp); an ended user is kept, so that what the
// audit log names stays known and nobody comes back by an old token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

inline constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321 §4.5.3.1.3, without the brackets
inline constexpr std::size_t kUserNameBytesMax = 200;

struct User {
  UserId id;
  std::string email = {};  // as parse_email gives it; may be empty unless the user is local
  // Whether the user signs in here by that address, which is then no other local user's. The
  // address of an external user is what its issuer says: shown, and never a reason to take one user
  // for another.
  bool is_local = false;
  std::string name = {};
  std::optional<Secret> password = {};  // PHC string
  Time created_at = {};
  std::optional<Time> ended_at = {};
};

// An e-mail address in the form in which it is compared: without white space around it, A-Z in
// lower case. Nothing for what is not local@domain in printable ASCII, and for what mail headers
// and forms would read as more than one address. Letters beyond ASCII are refused, since there are
// pairs of them that differ here and are one to a mail server.
std::optional<std::string> parse_email(std::string_view text);

}  // namespace keystead::domain
