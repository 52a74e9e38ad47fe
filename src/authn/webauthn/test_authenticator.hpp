// An authenticator and the browser before it, for the tests of this room. What they say can be
// changed before it is signed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "authn/webauthn/ceremony.hpp"
#include "codec/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/private_key.hpp"

namespace keystead::authn::webauthn {

inline std::string text_of(crypto::Digest const& digest) {
  return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

// As CBOR: a head with its argument, bytes, text.
inline std::string cbor_head(unsigned kind, std::size_t argument) {
  auto byte = [](std::size_t value) { return std::string(1, static_cast<char>(value)); };
  if (argument < 24) return byte(kind << 5 | argument);
  if (argument < 256) return byte(kind << 5 | 24) + byte(argument);
  return byte(kind << 5 | 25) + byte(argument >> 8) + byte(argument & 255);
}
inline std::string cbor_bytes(std::string_view bytes) {
  return cbor_head(2, bytes.size()).append(bytes);
}
inline std::string cbor_text(std::string_view text) {
  return cbor_head(3, text.size()).append(text);
}

inline std::string cose_key(crypto::PublicKey const& key) {
  using namespace std::string_literals;
  switch (key.type()) {
    case crypto::KeyType::ed25519:
      return "\xa4\x01\x01\x03\x27\x20\x06\x21"s + cbor_bytes(key.ed25519_x());
    case crypto::KeyType::rsa:
      return "\xa4\x01\x03\x03\x39\x01\x00\x20"s + cbor_bytes(key.rsa_numbers().n) + "\x21" +
             cbor_bytes(key.rsa_numbers().e);
    default:
      return "\xa5\x01\x02\x03\x26\x20\x01\x21"s + cbor_bytes(key.point().x) + "\x22" +
             cbor_bytes(key.point().y);
  }
}

// r and s as DER has them.
inline std::string der_of(std::string_view signature) {
  auto number = [](std::string_view bytes) {
    while (bytes.size() > 1 && bytes.front() == 0) bytes.remove_prefix(1);
    std::string body(bytes);
    if (body.front() & 0x80) body.insert(0, 1, '\0');
    return '\x02' + std::string(1, static_cast<char>(body.size())) + body;
  };
  auto half = signature.size() / 2;
  auto body = number(signature.substr(0, half)) + number(signature.substr(half));
  return '\x30' + std::string(1, static_cast<char>(body.size())) + body;
}

struct TestAuthenticator {
  static constexpr unsigned kPresent = 1, kVerified = 4, kCredential = 64;

  explicit TestAuthenticator(crypto::KeyType type = crypto::KeyType::p256)
      : key(crypto::PrivateKey::generate(type)) {}

  std::string client_data(std::string_view type, std::string_view challenge) const {
    return R"({"type":"webauthn.)" + std::string(type) + R"(","challenge":")" +
           std::string(challenge) + R"(","origin":")" + origin + R"("})";
  }
  std::string data(unsigned all_flags) const {
    std::string out = text_of(crypto::sha256(party));
    out += static_cast<char>(all_flags);
    for (int shift : {24, 16, 8, 0}) out += static_cast<char>(sign_count >> shift);
    return out;
  }
  std::string data_with_credential() const {
    return data(flags | kCredential) + std::string(16, '\0') +
           static_cast<char>(credential.size() >> 8) + static_cast<char>(credential.size()) +
           credential + cose_key(key.public_key());
  }
  Attestation attest(std::string_view challenge) const {
    return {
        client_data("create", challenge),
        cbor_head(5, 3) + cbor_text("fmt") + cbor_text("none") + cbor_text("attStmt") +
            cbor_head(5, 0) + cbor_text("authData") + cbor_bytes(data_with_credential())
    };
  }
  Assertion sign(std::string client, std::string authenticator) const {
    auto message = authenticator + text_of(crypto::sha256(client));
    std::string signature;
    switch (key.type()) {
      case crypto::KeyType::ed25519:
        signature = key.sign(crypto::SignatureScheme::ed25519, message);
        break;
      case crypto::KeyType::rsa:
        signature = key.sign(crypto::SignatureScheme::rsa_pkcs1_sha256, message);
        break;
      default: signature = der_of(key.sign(crypto::SignatureScheme::ecdsa_p256_sha256, message));
    }
    return {std::move(client), std::move(authenticator), std::move(signature)};
  }
  Assertion assert_presence(std::string_view challenge) const {
    return sign(client_data("get", challenge), data(flags));
  }

  crypto::PrivateKey key;
  std::string origin = "https://keys.example";
  std::string party = "keys.example";
  std::string credential = std::string(32, 'c');
  std::uint32_t sign_count = 0;
  unsigned flags = kPresent | kVerified;
};

}  // namespace keystead::authn::webauthn
