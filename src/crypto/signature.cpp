#include "crypto/signature.hpp"

#include <string>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace keystead::crypto {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

bool is_on_p256(EVP_PKEY* key) {
  if (EVP_PKEY_base_id(key) != EVP_PKEY_EC) return false;
  std::string name(64, '\0');
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return false;
  name.resize(size);
  return name == "prime256v1";
}

unsigned char const* bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

}  // namespace

struct EcdsaKey::Handle {
  explicit Handle(EVP_PKEY* the_key) : key(the_key) {}
  ~Handle() { EVP_PKEY_free(key); }
  Handle(Handle const&) = delete;
  Handle& operator=(Handle const&) = delete;
  EVP_PKEY* key;
};

Result<EcdsaKey> EcdsaKey::parse_pem(std::string_view pem) {
  std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // No passphrase is asked for on the terminal: a public key has none.
  auto no_passphrase = [](char*, int, int, void*) { return 0; };
  EVP_PKEY* key = bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr) : nullptr;
  ERR_clear_error();
  if (!key) return fail(Code::invalid_request, "not a public key in PEM");
  auto handle = std::make_shared<Handle const>(key);
  if (!is_on_p256(key)) return fail(Code::invalid_request, "not a key on P-256");
  return EcdsaKey(std::move(handle));
}

bool EcdsaKey::verify_der(std::string_view message, std::string_view signature) const {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  bool is_good =
      context &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, handle_->key) == 1 &&
      EVP_DigestVerify(
          context.get(), bytes(signature), signature.size(), bytes(message), message.size()
      ) == 1;
  ERR_clear_error();
  return is_good;
}

}  // namespace keystead::crypto
