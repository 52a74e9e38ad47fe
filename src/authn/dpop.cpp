#include "authn/dpop.hpp"

#include "codec/base64url.hpp"
#include "http/normal_uri.hpp"
#include "jose/algorithm.hpp"

namespace keystead::authn {
namespace {

constexpr std::string_view kSource = "dpop_proof";

// A nonce is good in its own slot and in the next one.
constexpr std::chrono::seconds kNonceSlot{150};

std::int64_t slot_at(Time now) {
  return now.time_since_epoch() / kNonceSlot;
}

}  // namespace

std::expected<DpopProof, DpopFault> Dpop::examine(
    ShownProof const& shown, std::string_view access_token
) const {
  auto uri = http::normal_uri(parts_.url + std::string(shown.path));
  if (!uri) return std::unexpected(DpopFault::invalid_proof);
  DpopTarget target{shown.method, *std::move(uri), access_token, good_nonces()};
  return read_dpop_proof(shown.text, target, parts_.clock.now());
}

bool Dpop::spend(DpopProof const& proof) const {
  return parts_.once.note_event({std::string(kSource), proof.id}, parts_.clock.now())
      .value_or(false);
}

// One that was made ahead of the time is good for twice its age.
void Dpop::reap() const {
  constexpr std::chrono::seconds kClocksOfNodes{60};
  parts_.once.reap_events(kSource, parts_.clock.now() - 2 * kProofAgeMax - kClocksOfNodes);
}

// With a colon, so that no key has the same digest.
std::string Dpop::nonce_of(std::int64_t slot, int pepper_version) const {
  auto digest = parts_.digester.digest("dpop_nonce:" + std::to_string(slot), pepper_version);
  return codec::base64url_encode({reinterpret_cast<char const*>(digest.data()), digest.size()});
}

std::string Dpop::nonce() const {
  if (!parts_.asks_nonce) return {};
  return nonce_of(slot_at(parts_.clock.now()), parts_.digester.current_version());
}

// Of the slot after this one, too: another node's clock may be ahead.
std::vector<std::string> Dpop::good_nonces() const {
  std::vector<std::string> nonces;
  if (!parts_.asks_nonce) return nonces;
  auto now = slot_at(parts_.clock.now());
  for (int version : parts_.digester.versions()) {
    for (auto slot : {now, now - 1, now + 1}) nonces.push_back(nonce_of(slot, version));
  }
  return nonces;
}

std::vector<std::string> Dpop::algorithms() {
  std::vector<std::string> names;
  names.reserve(jose::kPublicKeyAlgorithms.size());
  for (auto each : jose::kPublicKeyAlgorithms) names.emplace_back(name_of(each));
  return names;
}

}  // namespace keystead::authn
