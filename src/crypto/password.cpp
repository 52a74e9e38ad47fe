#include "crypto/password.hpp"

#include <array>
#include <stdexcept>

#include <argon2.h>

namespace keystead::crypto {
namespace {

constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKiB = 19 * 1024;
constexpr std::uint32_t kLanes = 1;

}  // namespace

std::string hash_password(Secret const& password, Random& random) {
  std::array<unsigned char, 16> salt;
  random.fill(salt);
  std::array<char, 128> phc;
  auto text = password.reveal();
  int status = argon2id_hash_encoded(
      kPasses,
      kMemoryKiB,
      kLanes,
      text.data(),
      text.size(),
      salt.data(),
      salt.size(),
      32,
      phc.data(),
      phc.size()
  );
  if (status != ARGON2_OK) throw std::runtime_error(argon2_error_message(status));
  return phc.data();
}

bool verify_password(Secret const& password, std::string_view phc) {
  auto text = password.reveal();
  return argon2id_verify(std::string(phc).c_str(), text.data(), text.size()) == ARGON2_OK;
}

}  // namespace keystead::crypto
