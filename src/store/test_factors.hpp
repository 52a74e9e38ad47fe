// Passkeys and one-time codes, for this room's tests.
#pragma once

#include <string>

#include "domain/passkey.hpp"
#include "domain/totp.hpp"
#include "store/stored_bytes.hpp"
#include "store/test_users.hpp"

namespace keystead::store {

inline std::string random_bytes(std::size_t size) {
  std::vector<unsigned char> bytes(size);
  system_random().fill(bytes);
  return bytes_of(bytes);
}

inline domain::Passkey make_passkey(domain::User const& user, std::string name = "laptop") {
  return {
      .id = domain::PasskeyId::mint(system_random()),
      .user = user.id,
      .credential = random_bytes(1023),
      .public_key = random_bytes(77),
      .name = std::move(name),
      .created_at = at(1000),
  };
}

inline domain::Totp make_totp(domain::User const& user) {
  return {.user = user.id, .sealed_secret = random_bytes(48), .pepper_version = 3};
}

inline std::string render(domain::Passkey const& passkey) {
  std::string line = passkey.id.text() + " " + passkey.user.text() + " '" + passkey.name + "' " +
                     std::to_string(passkey.sign_count);
  for (auto const& time : {std::optional(passkey.created_at), passkey.last_used_at}) {
    line += time ? " " + std::to_string(time->time_since_epoch().count()) : " -";
  }
  return line + " " + passkey.credential + " " + passkey.public_key;
}

}  // namespace keystead::store
