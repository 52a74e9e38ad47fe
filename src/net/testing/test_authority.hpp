// A certificate authority for tests, made on the fly, and what it issues.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace keystead::net::testing {

template <auto release>
using Released = decltype([](auto* object) { release(object); });
using Key = std::unique_ptr<EVP_PKEY, Released<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Released<X509_free>>;
using ServerTls = std::unique_ptr<SSL_CTX, Released<SSL_CTX_free>>;

class TestAuthority {
 public:
  struct Validity {
    long from = -60;  // seconds from now
    long until = 3600;
  };

  TestAuthority() : key_(EVP_EC_gen("P-256")), certificate_(make(key_.get(), "CA", {})) {
    extend(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate_.get(), NID_key_usage, "critical,keyCertSign");
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
  }

  void write(std::string const& file) const {
    std::unique_ptr<FILE, Released<fclose>> out(std::fopen(file.c_str(), "w"));
    PEM_write_X509(out.get(), certificate_.get());
  }

  // For a server with these subject alternative names, such as "DNS:a.example,IP:127.0.0.1"; none
  // if empty.
  ServerTls issue(std::string const& common_name, std::string const& names) const {
    return issue(common_name, names, {});
  }
  ServerTls issue(
      std::string const& common_name, std::string const& names, Validity validity
  ) const {
    Key key(EVP_EC_gen("P-256"));
    Certificate leaf = make(key.get(), common_name, validity);
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(certificate_.get()));
    if (!names.empty()) extend(leaf.get(), NID_subject_alt_name, names.c_str());
    X509_sign(leaf.get(), key_.get(), EVP_sha256());
    ServerTls tls(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(tls.get(), leaf.get());
    SSL_CTX_use_PrivateKey(tls.get(), key.get());
    return tls;
  }

 private:
  static Certificate make(EVP_PKEY* key, std::string const& name, Validity validity) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.until);
    X509_set_pubkey(certificate.get(), key);
    auto text = reinterpret_cast<unsigned char const*>(name.c_str());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    return certificate;
  }

  static void extend(X509* certificate, int kind, char const* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  Key key_;
  Certificate certificate_;
};

}  // namespace keystead::net::testing
