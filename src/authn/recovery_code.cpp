#include "authn/recovery_code.hpp"

#include <array>

#include "codec/base32.hpp"

namespace keystead::authn {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

Secret new_recovery_code(Random& random) {
  std::array<unsigned char, 10> bytes;
  random.fill(bytes);
  std::string code;
  for (char c : codec::base32_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()})) {
    if (code.size() % 5 == 4) code += '-';
    code += lower(c);
  }
  return Secret(std::move(code));
}

domain::RecoveryDigest recovery_digest(
    std::string_view typed, domain::UserId const& user, KeyDigester const& digester, int version
) {
  // No key has this digest: a key holds no colon.
  std::string message = "recovery:" + user.text() + ":";
  for (char c : typed) {
    if (c != ' ' && c != '-') message += lower(c);
  }
  return digester.digest(message, version);
}

}  // namespace keystead::authn
