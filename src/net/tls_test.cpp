#include "net/tls.hpp"

#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include "net/testing/raw_client.hpp"
#include "net/testing/served.hpp"

namespace keystead::net {
namespace {

using testing::RawClient;
using testing::Served;

template <auto release>
using Owned = decltype([](auto* object) { release(object); });

// Writes a self-signed certificate for `name`, and its key, to the files.
void write_certificate(TlsFiles const& files, std::string const& name) {
  std::unique_ptr<EVP_PKEY, Owned<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  std::unique_ptr<X509, Owned<X509_free>> certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  auto text = reinterpret_cast<unsigned char const*>(name.c_str());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_sign(certificate.get(), key.get(), EVP_sha256());

  std::unique_ptr<FILE, Owned<fclose>> out(std::fopen(files.certificate.c_str(), "w"));
  PEM_write_X509(out.get(), certificate.get());
  out.reset(std::fopen(files.key.c_str(), "w"));
  PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

TlsFiles files_in_temp(std::string const& name) {
  return {::testing::TempDir() + name + ".crt", ::testing::TempDir() + name + ".key"};
}

class TlsClient {
 public:
  struct Offer {
    int version_min = TLS1_2_VERSION;
    int version_max = TLS1_3_VERSION;
    std::string protocols = "\x08http/1.1";
    std::string ciphers = "DEFAULT:@SECLEVEL=0";
  };

  TlsClient(std::uint16_t port, Offer offer)
      : socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_.get(), offer.version_min);
    SSL_CTX_set_max_proto_version(context_.get(), offer.version_max);
    SSL_CTX_set_cipher_list(context_.get(), offer.ciphers.c_str());
    ssl_.reset(SSL_new(context_.get()));
    if (!offer.protocols.empty()) {
      auto protocols = reinterpret_cast<unsigned char const*>(offer.protocols.data());
      SSL_set_alpn_protos(ssl_.get(), protocols, static_cast<unsigned>(offer.protocols.size()));
    }
    SSL_set_fd(ssl_.get(), socket_.descriptor());
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  explicit TlsClient(std::uint16_t port) : TlsClient(port, Offer()) {}

  bool connected() const { return connected_; }
  SSL* ssl() { return ssl_.get(); }

  std::string ask(std::string const& request, std::string const& until) {
    SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
    std::string answer;
    char bytes[4096];
    while (!answer.contains(until)) {
      int count = SSL_read(ssl_.get(), bytes, sizeof bytes);
      if (count <= 0) break;
      answer.append(bytes, static_cast<std::size_t>(count));
    }
    return answer;
  }

  std::string name_of_server() {
    std::unique_ptr<X509, Owned<X509_free>> certificate(SSL_get1_peer_certificate(ssl_.get()));
    char name[256] = {};
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_get_text_by_NID(subject, NID_commonName, name, sizeof name);
    return name;
  }

 private:
  RawClient socket_;
  std::unique_ptr<SSL_CTX, Owned<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Owned<SSL_free>> ssl_;
  bool connected_ = false;
};

struct ServedOverTls : Served {
  explicit ServedOverTls(TlsFiles const& files) : Served({.tls = files}) {}
};

class Tls : public ::testing::Test {
 protected:
  void SetUp() override { write_certificate(files_, "first.example"); }
  TlsFiles files_ = files_in_temp("keystead_net_test_" + std::to_string(::getpid()));
};

TEST_F(Tls, ServesRequests) {
  ServedOverTls served(files_);
  TlsClient client(served.port());
  ASSERT_TRUE(client.connected());
  std::string request = "GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /work HTTP/1.1\r\nHost: a\r\n\r\n";
  auto answer = client.ask(request, "/work ");
  EXPECT_TRUE(answer.contains("inline 127.0.0.1 /one "));
  EXPECT_TRUE(answer.contains("worker 127.0.0.1 /work "));
  EXPECT_TRUE(answer.contains("X-Secure: yes"));
  EXPECT_GT(
      client.ask("GET /big?2000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "\n\n")
          .size(),
      2'000'000u
  );
  EXPECT_TRUE(served.eventually_empty()) << "it closed when asked to";
  EXPECT_EQ(served.server->counters().tls_failures, 0u);
}

TEST_F(Tls, TheErrorAnswerArrivesAndEndsTheConnection) {
  ServedOverTls served(files_);
  TlsClient client(served.port());
  EXPECT_TRUE(client.ask("GET / HTTP/1.1\nHost: a\n\n", "\n\n").contains("400 Bad Request"));
}

TEST_F(Tls, SpeaksHttp11AndNoOtherProtocol) {
  ServedOverTls served(files_);
  TlsClient offers_both(served.port(), {.protocols = "\x02h2\x08http/1.1"});
  unsigned char const* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(offers_both.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<char const*>(chosen), size), "http/1.1");
  EXPECT_FALSE(TlsClient(served.port(), {.protocols = "\x02h2"}).connected());
  EXPECT_TRUE(TlsClient(served.port(), {.protocols = ""}).connected());
}

TEST_F(Tls, RefusesOldVersionsAndWeakCiphers) {
  ServedOverTls served(files_);
  TlsClient tls11(served.port(), {.version_min = TLS1_VERSION, .version_max = TLS1_1_VERSION});
  EXPECT_FALSE(tls11.connected());
  TlsClient tls12(served.port(), {.version_max = TLS1_2_VERSION});
  EXPECT_TRUE(tls12.connected());
  TlsClient cbc(
      served.port(), {.version_max = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA"}
  );
  EXPECT_FALSE(cbc.connected());
  EXPECT_TRUE(served.eventually([&] { return served.server->counters().tls_failures == 2; }));
}

TEST_F(Tls, RefusesToRenegotiate) {
  ServedOverTls served(files_);
  TlsClient client(served.port(), {.version_max = TLS1_2_VERSION});
  ASSERT_TRUE(client.connected());
  SSL_renegotiate(client.ssl());
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

TEST_F(Tls, APlainRequestOnATlsPortIsNotServed) {
  ServedOverTls served(files_);
  RawClient client(served.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read().status, 0);
  EXPECT_EQ(served.handler.calls, 0);
}

TEST_F(Tls, ANewCertificateIsTakenUpWhileOldConnectionsStay) {
  ServedOverTls served(files_);
  TlsClient old(served.port());
  EXPECT_EQ(old.name_of_server(), "first.example");
  write_certificate(files_, "second.example");
  ASSERT_TRUE(served.server->reload_tls());
  EXPECT_EQ(TlsClient(served.port()).name_of_server(), "second.example");
  EXPECT_TRUE(old.ask("GET /x HTTP/1.1\r\nHost: a\r\n\r\n", "/x ").contains("200 OK"));
}

TEST_F(Tls, ABadCertificateLeavesTheOldOneInPlace) {
  ServedOverTls served(files_);
  auto other = files_in_temp("keystead_net_other");
  write_certificate(other, "other.example");
  std::rename(other.key.c_str(), files_.key.c_str());
  auto mismatched = served.server->reload_tls();
  ASSERT_FALSE(mismatched);
  EXPECT_TRUE(mismatched.error().public_text.contains(".key"));
  std::remove(files_.certificate.c_str());
  EXPECT_FALSE(served.server->reload_tls());
  EXPECT_EQ(TlsClient(served.port()).name_of_server(), "first.example");
  EXPECT_FALSE(Server::open({.tls = files_})) << "but no server starts with it";
}

}  // namespace
}  // namespace keystead::net
