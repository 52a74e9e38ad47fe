// Tokens that are bound to a key of their client (RFC 9449), where the configuration has them: the
// proofs that come with requests, each of which counts once, also across a restart.
#pragma once

#include <string>
#include <string_view>

#include "authn/dpop_proof.hpp"
#include "authn/key_digester.hpp"
#include "store/once_store.hpp"

namespace keystead::authn {

class Dpop {
 public:
  struct Parts {
    std::string url;           // of the service, as clients call it; no header is believed
    bool is_required = false;  // whether no token of ours is good without a key
    bool asks_nonce = false;
    KeyDigester const& digester;
    store::OnceStore& once;
    Clock const& clock;
  };

  // What `parts` refers to outlives the object, which is safe from any thread.
  explicit Dpop(Parts parts) : parts_(std::move(parts)) {}

  bool is_required() const { return parts_.is_required; }

  // `access_token` is the one that it came with; empty where it came with none. Does not wait.
  std::expected<DpopProof, DpopFault> examine(
      ShownProof const& shown, std::string_view access_token
  ) const;
  // False if it was spent before. May wait; throws store::Broken.
  bool spend(DpopProof const& proof) const;
  // Of those that no request can show any more. Throws store::Broken.
  void reap() const;

  // What the next proof must hold; empty where none is asked for. It is an HMAC of the time under
  // the pepper: nothing is kept, and all nodes know it (§8).
  std::string nonce() const;

  // The names of what proofs may be signed with.
  static std::vector<std::string> algorithms();

 private:
  std::string nonce_of(std::int64_t slot, int pepper_version) const;
  std::vector<std::string> good_nonces() const;

  Parts parts_;
};

}  // namespace keystead::authn
