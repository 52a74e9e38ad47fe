// Tokens of our own that were verified a moment ago, so that whoever shows one again, or asks about
// it, does not cost a signature each time. It knows that they are genuine and nothing more: whether
// the grant still lives is asked anew.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "authn/token_keys.hpp"
#include "crypto/digest.hpp"
#include "jose/verified_jwt.hpp"

namespace keystead::authn {

class GenuineTokens {
 public:
  using Token = std::shared_ptr<jose::VerifiedJwt const>;
  using Keys = std::shared_ptr<TokenKeys::Snapshot const>;

  explicit GenuineTokens(std::size_t tokens_max) : tokens_max_(tokens_max) {}

  // Whether it was verified with some keys of ours: so it is one of ours, if perhaps over.
  bool knows(crypto::Digest const& digest) const;
  // Null if it is not remembered, is over at `now`, or was verified with other keys than these: a
  // key that was taken away takes its tokens along. Safe from any thread.
  Token find(crypto::Digest const& digest, Keys const& keys, Time now);
  void remember(crypto::Digest const& digest, Keys const& keys, Token token);

 private:
  struct Hash {
    std::size_t operator()(crypto::Digest const& digest) const noexcept;
  };

  std::size_t const tokens_max_;
  mutable std::mutex mutex_;
  Keys keys_;  // those that all of them were verified with
  std::unordered_map<crypto::Digest, Token, Hash> tokens_;
};

}  // namespace keystead::authn
