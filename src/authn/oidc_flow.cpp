#include "authn/oidc_flow.hpp"

#include <array>

#include "authn/claim.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "crypto/digest.hpp"

namespace keystead::authn {
namespace {

template <class Bytes>
std::string encode(Bytes const& bytes) {
  return codec::base64url_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

// 256 bits as 43 characters, which is what RFC 7636 §4.1 asks of a verifier.
Secret fresh_value(Random& random) {
  std::array<unsigned char, 32> bytes{};
  random.fill(bytes);
  return Secret(encode(bytes));
}

std::string context_of(std::string_view provider) {
  return "oidc-flow:" + std::string(provider);
}

}  // namespace

OidcFlow OidcFlow::begin(std::string next, Random& random, Time now) {
  if (next.size() > kNextMax) next.clear();
  return {
      .state = fresh_value(random),
      .nonce = fresh_value(random),
      .code_verifier = fresh_value(random),
      .next = std::move(next),
      .links = {},
      .expires_at = now + kLifetime,
  };
}

Secret OidcFlow::seal(
    crypto::SealedBox const& box, std::string_view provider, Random& random
) const {
  boost::json::object members{
      {"state", state.reveal()},
      {"nonce", nonce.reveal()},
      {"code_verifier", code_verifier.reveal()},
      {"next", next},
      {"links", links ? links->text() : std::string()},
      {"expires_at", format_time(expires_at)},
  };
  Secret text(codec::to_text(members));
  return Secret(codec::base64url_encode(box.seal(text, context_of(provider), random)));
}

std::optional<OidcFlow> OidcFlow::open(
    crypto::SealedBox const& box, std::string_view provider, std::string_view cookie
) {
  auto sealed = codec::base64url_decode(cookie);
  auto text = sealed ? box.open(*sealed, context_of(provider)) : std::nullopt;
  if (!text) return std::nullopt;
  auto parsed = codec::parse_json(text->reveal());
  auto const* members = parsed ? parsed->if_object() : nullptr;
  if (!members) return std::nullopt;
  auto read = [&](std::string_view name) {
    return std::string(find_claim(*members, {std::string(name)}));
  };
  return OidcFlow{
      .state = Secret(read("state")),
      .nonce = Secret(read("nonce")),
      .code_verifier = Secret(read("code_verifier")),
      .next = read("next"),
      .links = domain::UserId::parse(read("links")),
      .expires_at = parse_time(read("expires_at")).value_or(Time()),
  };
}

std::string OidcFlow::code_challenge() const {
  return encode(crypto::sha256(code_verifier.reveal()));
}

}  // namespace keystead::authn
