#include "net/trust.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace keystead::net {
namespace {

// For TLS 1.2; what TLS 1.3 offers by default is all sound. Forward secrecy and authenticated
// encryption only.
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL";

// Names stand in the certificate's subjectAltName and nowhere else (RFC 9525 §2).
constexpr unsigned kHostFlags =
    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

// The wire form of the one protocol spoken: a length and the name (RFC 7301 §3.1).
constexpr unsigned char kHttp11[] = "\x08http/1.1";

}  // namespace

Result<Trust> Trust::open(std::string const& ca_file, Protocol protocol) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX* handle = context->native_handle();
  SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
  SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_cipher_list(handle, kCiphers);
  SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF);
  if (protocol == Protocol::http11) {
    SSL_CTX_set_alpn_protos(handle, kHttp11, sizeof kHttp11 - 1);
  }
  SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nullptr);
  boost::system::error_code error;
  if (context->set_default_verify_paths(error)) {
    return fail(Code::internal, "cannot find the system's certificate authorities");
  }
  if (!ca_file.empty() && context->load_verify_file(ca_file, error)) {
    return fail(
        Code::invalid_request, "cannot use " + ca_file + " as an authority: " + error.message()
    );
  }
  return Trust(std::move(context));
}

bool Trust::expect(SSL* connection, http::Url const& url) {
  X509_VERIFY_PARAM* verification = SSL_get0_param(connection);
  std::string host(url.host());
  if (url.host_kind() != http::Url::HostKind::name) {
    return X509_VERIFY_PARAM_set1_ip_asc(verification, host.c_str()) == 1;
  }
  X509_VERIFY_PARAM_set_hostflags(verification, kHostFlags);
  return X509_VERIFY_PARAM_set1_host(verification, host.data(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(connection, host.c_str()) == 1;
}

}  // namespace keystead::net
