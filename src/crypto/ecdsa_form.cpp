#include "crypto/ecdsa_form.hpp"

#include <openssl/err.h>

#include "crypto/openssl_handle.hpp"

namespace keystead::crypto {

std::optional<std::string> p1363_of_der(KeyType curve, std::string_view der) {
  auto const* at = bytes_of(der);
  EcdsaSignature pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!pair) return std::nullopt;
  // OpenSSL also reads BER, and leaves what follows: what it writes is the one form.
  unsigned char* written = nullptr;
  int size = i2d_ECDSA_SIG(pair.get(), &written);
  need(size > 0, "i2d_ECDSA_SIG");
  std::string canonical(reinterpret_cast<char const*>(written), static_cast<std::size_t>(size));
  OPENSSL_free(written);
  if (canonical != der) return std::nullopt;

  auto half = static_cast<int>(field_size(curve));
  std::string out(2 * field_size(curve), '\0');
  BIGNUM const* r = ECDSA_SIG_get0_r(pair.get());
  BIGNUM const* s = ECDSA_SIG_get0_s(pair.get());
  if (BN_is_negative(r) || BN_is_negative(s)) return std::nullopt;
  if (BN_bn2binpad(r, bytes_of(out), half) < 0) return std::nullopt;
  if (BN_bn2binpad(s, bytes_of(out) + half, half) < 0) return std::nullopt;
  return out;
}

}  // namespace keystead::crypto
