#include "net/tls.hpp"

#include <string_view>

#include <openssl/ssl.h>

#include "net/asio_tls.hpp"

namespace keystead::net {
namespace {

// For TLS 1.2; what TLS 1.3 offers by default is all sound. Forward secrecy and authenticated
// encryption only.
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL";

// The wire form of the one protocol spoken: a length and the name (RFC 7301 §3.1).
constexpr std::string_view kHttp11 = "\x08http/1.1";

// A client that names protocols and not ours is turned away: it would take our bytes for something
// else.
int choose_protocol(
    SSL*,
    unsigned char const** out,
    unsigned char* out_size,
    unsigned char const* offered,
    unsigned offered_size,
    void*
) {
  unsigned char* chosen = nullptr;
  auto ours = reinterpret_cast<unsigned char const*>(kHttp11.data());
  int result = SSL_select_next_proto(
      &chosen, out_size, ours, static_cast<unsigned>(kHttp11.size()), offered, offered_size
  );
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
  );
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list(context, kCiphers);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

std::unexpected<Failure> unusable(std::string const& file, boost::system::error_code error) {
  return fail(Code::invalid_request, "cannot use " + file + " for TLS: " + error.message());
}

}  // namespace

Result<> TlsIdentity::load() {
  auto context = std::make_shared<TlsContext>();
  harden(context->asio.native_handle());
  boost::system::error_code error;
  if (context->asio.use_certificate_chain_file(files_.certificate, error)) {
    return unusable(files_.certificate, error);
  }
  if (context->asio.use_private_key_file(files_.key, asio::ssl::context::pem, error)) {
    return unusable(files_.key, error);
  }
  if (SSL_CTX_check_private_key(context->asio.native_handle()) != 1) {
    return fail(Code::invalid_request, files_.key + " is not the key of " + files_.certificate);
  }
  std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return {};
}

std::shared_ptr<TlsContext> TlsIdentity::context() const {
  std::lock_guard lock(mutex_);
  return context_;
}

}  // namespace keystead::net
