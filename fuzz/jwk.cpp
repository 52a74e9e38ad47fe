// Key sets: what is accepted can be written and read again, and is within its limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codec/json.hpp"
#include "jose/jwk_set.hpp"

namespace {

using namespace keystead;

void check(std::string_view document, jose::SecretKeys secret_keys) {
  auto set = jose::JwkSet::parse(document, secret_keys);
  if (!set) return;
  if (set->keys().size() + set->skipped().size() > jose::kJwkSetKeysMax) std::abort();
  std::size_t public_keys = 0;
  for (auto const& key : set->keys()) {
    if (key.is_secret() && secret_keys == jose::SecretKeys::refused) std::abort();
    if (key.is_secret()) continue;
    ++public_keys;
    if (key.fits(jose::Algorithm::hs256)) std::abort();
    (void)key.thumbprint();
    if (key.verify(jose::Algorithm::eddsa, document, std::string(64, '\0'))) std::abort();
  }
  auto again = jose::JwkSet::parse(codec::to_text(set->to_json()));
  if (!again || again->keys().size() != public_keys || !again->skipped().empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  check(input, jose::SecretKeys::refused);
  check(input, jose::SecretKeys::accepted);
  return 0;
}
