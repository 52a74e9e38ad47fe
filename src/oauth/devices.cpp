#include "oauth/devices.hpp"

#include "oauth/grant_event.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

// §6.1: no vowels, so that no word comes of it by chance, and nothing that looks like another.
constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t kCodeLetters = 8;

std::string make_user_code(Random& random) {
  constexpr unsigned kFair = 256 / kLetters.size() * kLetters.size();
  std::string code;
  while (code.size() < kCodeLetters) {
    unsigned char byte = 0;
    random.fill({&byte, 1});
    if (byte < kFair) code += kLetters[byte % kLetters.size()];
  }
  return code;
}

// What of the typed text counts; empty if it is no code.
std::string letters_of(std::string_view typed) {
  std::string letters;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (!kLetters.contains(upper) || letters.size() == kCodeLetters) return {};
    letters += upper;
  }
  return letters.size() == kCodeLetters ? letters : std::string();
}

std::unexpected<Failure> unknown() {
  return fail(Code::not_found, "This code is not known, or it is over. Look at the device again.");
}

}  // namespace

TokenResult<Devices::Begun> Devices::begin(
    ProvenClient const& proven, TokenCall const& call
) const {
  auto const& client = proven.client;
  if (!proven.is_ours || !client.may(domain::GrantType::device_code)) {
    return refuse(TokenError::unauthorized_client, "This client may not sign devices in.");
  }
  auto ours = requested_resources(call.request.resources(), call.issuer);
  if (!ours) return refuse(TokenError::invalid_target, "resource is not one of this server.");
  Time now = parts_.clock.now();
  Begun begun{make_secret(parts_.random), make_user_code(parts_.random)};
  int version = parts_.digester.current_version();
  auto digest = [&](SecretPurpose purpose, std::string_view text) {
    return digest_of(purpose, text, parts_.digester, version);
  };
  domain::DeviceCode device{
      .digest = digest(SecretPurpose::device_code, begun.device_code.reveal()),
      .user_code = digest(SecretPurpose::user_code, begun.user_code),
      .pepper_version = version,
      .client = client.id,
      .scopes = requested_scopes(call.request.find("scope"), client, parts_.rules),
      .resources = std::move(*ours),
      .address = std::string(call.address),
      .created_at = now,
      .expires_at = now + kLifetime,
  };
  auto added = parts_.devices.add_device(device);
  if (!added) return refuse(TokenError::invalid_request, added.error().public_text);
  begun.user_code.insert(kCodeLetters / 2, "-");
  return begun;
}

Result<Devices::Waiting> Devices::find(
    std::string_view user_code, authn::Actor const& actor
) const {
  Time now = parts_.clock.now();
  auto letters = letters_of(user_code);
  for (int version : parts_.digester.versions()) {
    if (letters.empty()) break;
    auto digest = digest_of(SecretPurpose::user_code, letters, parts_.digester, version);
    auto device = parts_.devices.find_device(digest, now);
    if (!device) continue;
    auto issuer = parts_.issuers.of_resources(device->resources);
    if (!issuer) break;
    auto client = TRY(parts_.clients.find(device->client, now, actor));
    return Waiting{std::move(*device), std::move(*issuer), std::move(client)};
  }
  return unknown();
}

Result<void> Devices::approve(
    std::string_view user_code, Consents::Approval const& approval, authn::Actor const& actor
) const {
  auto waiting = TRY(find(user_code, actor));
  auto const& [user, place, address] = approval;
  if (!waiting.issuer.is_open_to(place.tenant)) {
    return fail(Code::forbidden, "What the device asks for is elsewhere.");
  }
  auto scopes = scopes_of_role(waiting.device.scopes, place.role, parts_.rules);
  if (scopes.empty() && !waiting.device.scopes.empty()) {
    return fail(Code::forbidden, "Your role there allows nothing of what is asked for.");
  }
  Time now = parts_.clock.now();
  domain::Grant const grant{
      .id = domain::GrantId::mint(parts_.random, now),
      .client = waiting.client.id,
      .user = user,
      .tenant = place.tenant,
      .scopes = std::move(scopes),
      .resources = waiting.device.resources,
      .created_at = now,
      .last_address = waiting.device.address,
  };
  return parts_.devices.decide_device(
      waiting.device.user_code, grant, now, grant_event("grant.approve", grant, actor, now)
  );
}

Result<void> Devices::deny(std::string_view user_code, authn::Actor const& actor) const {
  auto waiting = TRY(find(user_code, actor));
  Time now = parts_.clock.now();
  domain::Grant refused;
  refused.client = waiting.client.id;
  refused.scopes = waiting.device.scopes;
  return parts_.devices.decide_device(
      waiting.device.user_code, std::nullopt, now, grant_event("grant.deny", refused, actor, now)
  );
}

}  // namespace keystead::oauth
