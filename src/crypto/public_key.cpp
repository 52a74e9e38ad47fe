#include "crypto/public_key.hpp"

#include <array>
#include <cassert>
#include <optional>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "crypto/edwards_point.hpp"
#include "crypto/public_key_handle.hpp"
#include "crypto/rsa_fingerprint.hpp"

namespace keystead::crypto {
namespace {

constexpr std::size_t kEd25519Size = 64;
constexpr int kExponentBitsMax = 64;

std::unexpected<Failure> refuse(char const* why) {
  ERR_clear_error();
  return fail(Code::invalid_request, why);
}

EvpKey make_key(char const* algorithm, OSSL_PARAM* parameters) {
  EvpKeyContext context(
      need(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr), "EVP_PKEY_CTX_new_from_name")
  );
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return EvpKey(key);
}

// Of the type's own length.
std::string number_of_key(EVP_PKEY* key, char const* name, std::optional<std::size_t> size = {}) {
  BIGNUM* found = nullptr;
  need(EVP_PKEY_get_bn_param(key, name, &found), "EVP_PKEY_get_bn_param");
  BigNumber number(found);
  std::string out(size.value_or(static_cast<std::size_t>(BN_num_bytes(found))), '\0');
  need(
      BN_bn2binpad(found, bytes_of(out), static_cast<int>(out.size())) >= 0, "a number of the key"
  );
  return out;
}

// IEEE P1363 → the DER that OpenSSL verifies, which checks that r and s are from 1 to n - 1.
std::string der_of(std::string_view signature) {
  std::size_t half = signature.size() / 2;
  EcdsaSignature pair(need(ECDSA_SIG_new(), "ECDSA_SIG_new"));
  BigNumber r = number_of(signature.substr(0, half));
  BigNumber s = number_of(signature.substr(half));
  need(ECDSA_SIG_set0(pair.get(), r.get(), s.get()), "ECDSA_SIG_set0");
  // The pair owns them from here.
  (void)r.release();
  (void)s.release();
  unsigned char* der = nullptr;
  int size = i2d_ECDSA_SIG(pair.get(), &der);
  need(size > 0, "i2d_ECDSA_SIG");
  std::string out(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

std::size_t signature_size(EVP_PKEY* key, KeyType type) {
  switch (type) {
    case KeyType::rsa: return static_cast<std::size_t>(EVP_PKEY_get_size(key));
    case KeyType::ed25519: return kEd25519Size;
    case KeyType::p256:
    case KeyType::p384:
    case KeyType::p521: break;
  }
  return 2 * field_size(type);
}

}  // namespace

std::optional<KeyType> type_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) return KeyType::rsa;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return KeyType::ed25519;
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_is_a(key, "EC") == 1 &&
      EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1) {
    std::string_view name(group.data(), size);
    if (name == "prime256v1") return KeyType::p256;
    if (name == "secp384r1") return KeyType::p384;
    if (name == "secp521r1") return KeyType::p521;
  }
  ERR_clear_error();
  return std::nullopt;
}

char const* group_name(KeyType type) {
  switch (type) {
    case KeyType::p256: return "P-256";
    case KeyType::p384: return "P-384";
    case KeyType::p521: return "P-521";
    case KeyType::rsa:
    case KeyType::ed25519: break;
  }
  return nullptr;
}

bool set_padding(EVP_PKEY_CTX* context, SignatureScheme scheme) {
  if (key_type_of(scheme) != KeyType::rsa) return true;
  if (!is_pss(scheme)) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest_of(scheme)) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

EVP_MD const* digest_of(SignatureScheme scheme) {
  return scheme == SignatureScheme::ed25519 ? nullptr : algorithm_of(hash_of(scheme));
}

Result<PublicKey> PublicKey::from_rsa(RsaNumbers const& numbers) {
  if (numbers.n.starts_with('\0') || numbers.e.starts_with('\0')) {
    return refuse("a number of the RSA key begins with a zero byte");
  }
  if (numbers.n.size() > kRsaBitsMax / 8) return refuse("the RSA modulus is too long");
  if (numbers.e.size() > kExponentBitsMax / 8) return refuse("the RSA exponent is too large");
  BigNumber n = number_of(numbers.n);
  BigNumber e = number_of(numbers.e);
  need(n && e, "BN_bin2bn");
  if (BN_num_bits(n.get()) < kRsaBitsMin) return refuse("the RSA modulus is too short");
  if (!BN_is_odd(n.get())) return refuse("the RSA modulus is even");
  // FIPS 186-5 §5.1, and what makes a small exponent's forgeries impossible.
  if (BN_num_bits(e.get()) < 17 || !BN_is_odd(e.get())) {
    return refuse("the RSA exponent is even or below 65537");
  }
  if (is_roca(n.get())) return refuse("the RSA key is of the kind that ROCA breaks");

  ParameterBuilder builder(need(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new"));
  need(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()), "n");
  need(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()), "e");
  Parameters parameters(need(OSSL_PARAM_BLD_to_param(builder.get()), "OSSL_PARAM_BLD_to_param"));
  EvpKey key = make_key("RSA", parameters.get());
  if (!key) return refuse("not an RSA key");
  return PublicKey(std::make_shared<Handle const>(std::move(key), KeyType::rsa));
}

Result<PublicKey> PublicKey::from_point(KeyType curve, EcPoint const& point) {
  std::size_t size = field_size(curve);
  assert(size != 0);
  if (point.x.size() != size || point.y.size() != size) {
    return refuse("a coordinate has not the size of the curve's field");
  }
  std::string uncompressed = '\x04' + point.x + point.y;  // SEC 1 §2.3.3
  ParameterBuilder builder(need(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new"));
  need(
      OSSL_PARAM_BLD_push_utf8_string(
          builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group_name(curve), 0
      ),
      "group"
  );
  need(
      OSSL_PARAM_BLD_push_octet_string(
          builder.get(), OSSL_PKEY_PARAM_PUB_KEY, uncompressed.data(), uncompressed.size()
      ),
      "point"
  );
  Parameters parameters(need(OSSL_PARAM_BLD_to_param(builder.get()), "OSSL_PARAM_BLD_to_param"));
  EvpKey key = make_key("EC", parameters.get());
  if (!key) return refuse("the point is not on the curve");
  EvpKeyContext context(
      need(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), "EVP_PKEY_CTX_new_from_pkey")
  );
  if (EVP_PKEY_public_check(context.get()) != 1) return refuse("the point is not on the curve");
  return PublicKey(std::make_shared<Handle const>(std::move(key), curve));
}

Result<PublicKey> PublicKey::from_ed25519(std::string_view x) {
  if (!is_sound_ed25519_key(x)) return refuse("not a public key of Ed25519");
  EvpKey key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(x), x.size()));
  if (!key) return refuse("not a public key of Ed25519");
  return PublicKey(std::make_shared<Handle const>(std::move(key), KeyType::ed25519));
}

KeyType PublicKey::type() const {
  return handle_->type;
}

RsaNumbers PublicKey::rsa_numbers() const {
  assert(type() == KeyType::rsa);
  EVP_PKEY* key = handle_->key.get();
  return {number_of_key(key, OSSL_PKEY_PARAM_RSA_N), number_of_key(key, OSSL_PKEY_PARAM_RSA_E)};
}

EcPoint PublicKey::point() const {
  EVP_PKEY* key = handle_->key.get();
  std::size_t size = field_size(type());
  assert(size != 0);
  return {
      number_of_key(key, OSSL_PKEY_PARAM_EC_PUB_X, size),
      number_of_key(key, OSSL_PKEY_PARAM_EC_PUB_Y, size),
  };
}

std::string PublicKey::ed25519_x() const {
  assert(type() == KeyType::ed25519);
  std::string x(32, '\0');
  std::size_t size = x.size();
  need(
      EVP_PKEY_get_raw_public_key(handle_->key.get(), bytes_of(x), &size),
      "EVP_PKEY_get_raw_public_key"
  );
  return x;
}

bool PublicKey::verify(
    SignatureScheme scheme, std::string_view message, std::string_view signature
) const {
  EVP_PKEY* key = handle_->key.get();
  if (key_type_of(scheme) != type() || signature.size() != signature_size(key, type())) {
    return false;
  }
  std::string der;
  if (field_size(type()) != 0) {
    der = der_of(signature);
    signature = der;
  }
  EvpDigestContext context(need(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
  EVP_PKEY_CTX* details = nullptr;  // belongs to `context`
  bool is_good =
      EVP_DigestVerifyInit(context.get(), &details, digest_of(scheme), nullptr, key) == 1 &&
      set_padding(details, scheme) &&
      EVP_DigestVerify(
          context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()
      ) == 1;
  ERR_clear_error();
  return is_good;
}

}  // namespace keystead::crypto
