// A passkey (WebAuthn): a key pair whose private half never leaves a person's device, or the
// devices of one account.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

inline constexpr std::size_t kPasskeyNameBytesMax = 100;
inline constexpr std::size_t kPasskeysMax = 20;  // of one user

struct Passkey {
  PasskeyId id;  // by which it is listed, renamed and removed
  UserId user;
  std::string credential;        // by which its device names it; bytes
  std::string public_key;        // COSE_Key, which names its algorithm; bytes
  std::uint32_t sign_count = 0;  // goes on with use, or stays 0
  std::string name;
  Time created_at;
  std::optional<Time> last_used_at = {};
};

}  // namespace keystead::domain
