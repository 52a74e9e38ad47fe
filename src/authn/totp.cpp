#include "authn/totp.hpp"

#include <chrono>
#include <span>

#include "codec/base32.hpp"
#include "codec/percent.hpp"
#include "crypto/digest.hpp"
#include "crypto/hmac.hpp"

namespace keystead::authn {
namespace {

constexpr std::chrono::seconds kStep{30};
constexpr std::size_t kDigits = 6;
constexpr std::size_t kSecretSize = 20;  // RFC 4226 §4, R6

}  // namespace

Secret new_totp_secret(Random& random) {
  std::string bytes(kSecretSize, '\0');
  random.fill(std::span(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()));
  return Secret(std::move(bytes));
}

TotpStep totp_step(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch() / kStep;
}

std::string totp_code(Secret const& secret, TotpStep step) {
  std::string message;
  for (int shift = 56; shift >= 0; shift -= 8) message += static_cast<char>(step >> shift & 255);
  auto mac = crypto::hmac_sha1(secret.reveal(), message);
  // RFC 4226 §5.3: four bytes from a place that the last one names, without the sign.
  std::uint32_t number = 0;
  for (char c : mac.substr(mac.back() & 15, 4))
    number = number << 8 | static_cast<unsigned char>(c);
  auto digits = std::to_string((number & 0x7fffffff) % 1'000'000);
  return digits.insert(0, kDigits - digits.size(), '0');
}

std::optional<TotpStep> match_totp(
    Secret const& secret, std::string_view code, Time now, TotpStep last
) {
  std::optional<TotpStep> found;
  TotpStep present = totp_step(now);
  for (TotpStep step = present - 1; step <= present + 1; ++step) {
    if (crypto::equal_constant_time(totp_code(secret, step), code) && step > last) found = step;
  }
  return found;
}

Secret totp_uri(Secret const& secret, std::string_view service, std::string_view account) {
  auto issuer = codec::percent_encode(service);
  return Secret(
      "otpauth://totp/" + issuer + ":" + codec::percent_encode(account) +
      "?secret=" + codec::base32_encode(secret.reveal()) + "&issuer=" + issuer
  );
}

}  // namespace keystead::authn
