// Proofs of possession: the first line of input is the header, the second the claims. What comes as
// three parts is tried as it is, and the two lines once more signed by a key that stands in the
// header, so that what is asked behind the signature is reached as well. Whatever is accepted must
// be for this very request.
#include "authn/dpop_proof.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/random.hpp"
#include "codec/json.hpp"
#include "http/normal_uri.hpp"
#include "jose/sign_jwt.hpp"

namespace {

using namespace keystead;
namespace json = boost::json;

constexpr Time kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::string_view kToken = "a.b.c";
constexpr std::string_view kHashOfToken = "hF4wRIgJ4ryJWOsCW_x5UjXROwd6U9DDq70jhRcNybg";

void require(bool holds) {
  if (!holds) std::abort();
}

authn::DpopTarget target() {
  return {"POST", "https://ops.example/mcp", kToken, {"nonce"}};
}

std::string text_of(json::object const& claims, std::string_view name) {
  auto const* value = claims.if_contains(name);
  require(value && value->is_string());
  return std::string(value->get_string());
}

void require_for_this_request(json::object const& claims) {
  require(text_of(claims, "htm") == "POST");
  require(http::normal_uri(text_of(claims, "htu")) == target().uri);
  require(text_of(claims, "ath") == kHashOfToken && text_of(claims, "nonce") == "nonce");
  auto id = text_of(claims, "jti");
  require(!id.empty() && id.size() <= 256);
  auto const* issued_at = claims.if_contains("iat");
  require(issued_at && issued_at->is_number());
  auto seconds = issued_at->to_number<double>();
  require(seconds >= 1'799'999'700 && seconds <= 1'800'000'301);
}

std::optional<json::object> object_of(std::string_view line) {
  auto value = codec::parse_json(line);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static SystemRandom random;
  static auto const kKey = jose::SigningKey::generate(jose::Algorithm::es256, random);
  std::string_view input(reinterpret_cast<char const*>(data), size);
  // Nobody but the holder of a private key makes one, and the fuzzer has none.
  require(!authn::read_dpop_proof(input, target(), kNow));
  auto line = input.substr(0, input.find('\n'));
  input.remove_prefix(std::min(input.size(), line.size() + 1));
  if (auto uri = http::normal_uri(input)) require(http::normal_uri(*uri) == uri);
  auto header = object_of(line), claims = object_of(input);
  if (!header || !claims) return 0;
  if (!header->contains("jwk")) header->emplace("jwk", kKey.verifying_key().to_json());
  auto proof = authn::read_dpop_proof(jose::sign_jwt(*header, *claims, kKey), target(), kNow);
  if (!proof) return 0;
  require(text_of(*header, "typ") == "dpop+jwt");
  require(proof->key == kKey.verifying_key().thumbprint() && !proof->id.empty());
  require_for_this_request(*claims);
  return 0;
}
