#include "authn/key_digester.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace keystead::authn {

KeyDigester::KeyDigester(std::vector<store::Pepper> const& peppers) {
  assert(!peppers.empty());
  for (store::Pepper const& pepper : peppers) {
    versions_.push_back(pepper.version);
    macs_.emplace_back(pepper.bytes.reveal());
  }
}

domain::KeyDigest KeyDigester::digest(std::string_view key, int version) const {
  auto at = std::ranges::find(versions_, version) - versions_.begin();
  return macs_[static_cast<std::size_t>(at)](key);
}

domain::KeyDigest KeyDigester::digest_of_sha256(crypto::Digest const& hash, int version) const {
  std::string message = "sha256:";
  message.append(reinterpret_cast<char const*>(hash.data()), hash.size());
  return digest(message, version);
}

}  // namespace keystead::authn
