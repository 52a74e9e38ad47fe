#include "authn/key_digester.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>

namespace keystead::authn {

KeyDigester::KeyDigester(std::vector<store::Pepper> const& peppers) {
  assert(!peppers.empty());
  static std::atomic<std::uint64_t> serials{0};
  serial_ = ++serials;
  for (store::Pepper const& pepper : peppers) {
    versions_.push_back(pepper.version);
    macs_.emplace_back(pepper.bytes.reveal());
  }
}

domain::KeyDigest KeyDigester::digest(std::string_view key, int version) const {
  // An HMAC context serves one thread; making one costs more than the digest, so each thread keeps a copy.
  struct Own {
    std::uint64_t serial = 0;
    std::vector<crypto::HmacSha256> macs;
  };
  thread_local Own own;
  if (own.serial != serial_) {
    own.macs = macs_;
    own.serial = serial_;
  }
  auto at = std::ranges::find(versions_, version) - versions_.begin();
  return own.macs[static_cast<std::size_t>(at)](key);
}

}  // namespace keystead::authn
