#include "authn/genuine_tokens.hpp"

#include <cstring>
#include <utility>

namespace keystead::authn {

std::size_t GenuineTokens::Hash::operator()(crypto::Digest const& digest) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

bool GenuineTokens::knows(crypto::Digest const& digest) const {
  std::scoped_lock lock(mutex_);
  return tokens_.contains(digest);
}

GenuineTokens::Token GenuineTokens::find(crypto::Digest const& digest, Keys const& keys, Time now) {
  std::scoped_lock lock(mutex_);
  if (keys_ != keys) return nullptr;
  auto found = tokens_.find(digest);
  if (found == tokens_.end()) return nullptr;
  if (found->second->expires_at() > now) return found->second;
  tokens_.erase(found);
  return nullptr;
}

void GenuineTokens::remember(crypto::Digest const& digest, Keys const& keys, Token token) {
  std::scoped_lock lock(mutex_);
  if (keys_ != keys) {
    tokens_.clear();
    keys_ = keys;
  }
  // Whichever comes first: one that is still shown is back at once.
  if (tokens_.size() >= tokens_max_) tokens_.erase(tokens_.begin());
  tokens_.insert_or_assign(digest, std::move(token));
}

}  // namespace keystead::authn
