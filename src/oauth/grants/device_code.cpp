#include "oauth/grants/device_code.hpp"

#include "oauth/devices.hpp"
#include "oauth/grant_event.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

Result<store::PolledDevice> poll(
    GrantSurroundings const& with,
    GrantCall const& call,
    std::optional<domain::RefreshToken> const& first,
    std::function<bool(domain::Grant const&)> const& is_wanted
) {
  Time now = with.clock.now();
  domain::Grant unknown;  // which grant it is shows with the answer
  unknown.client = call.client.client.id;
  auto entry = grant_event("grant.device", unknown, call.actor(), now);
  Result<store::PolledDevice> polled = fail(Code::not_found, {});
  for (int version : with.digester.versions()) {
    auto digest =
        digest_of(SecretPurpose::device_code, call.find("device_code"), with.digester, version);
    polled = with.authorizations.poll_device(
        digest,
        call.client.client.id,
        call.issuer(),
        first,
        is_wanted,
        Devices::kInterval,
        now,
        entry
    );
    if (polled) break;
  }
  return polled;
}

}  // namespace

TokenResult<TokenAnswer> poll_device_code(GrantSurroundings const& with, GrantCall const& call) {
  using Answer = store::PolledDevice::Answer;
  if (call.find("device_code").empty()) {
    return refuse(TokenError::invalid_request, "device_code is missing.");
  }
  std::optional<IssuedRefreshToken> first;
  if (call.client.client.may(domain::GrantType::refresh_token)) {
    first = with.refresh_tokens.first({});
    first->record.key_thumbprint = call.refresh_key();
  }
  // Before the approval is used up: a poll that asks for what it does not get may ask again.
  TokenResult<> wanted;
  auto polled =
      poll(with, call, first ? std::optional(first->record) : std::nullopt, [&](auto const& grant) {
        wanted = check_within(with, call, grant);
        return wanted.has_value();
      });
  if (!polled) return refuse_grant();
  switch (polled->answer) {
    case Answer::pending: return refuse(TokenError::authorization_pending, "Not approved yet.");
    case Answer::too_soon: return refuse(TokenError::slow_down, "Wait longer between two polls.");
    case Answer::denied: return refuse(TokenError::access_denied, "The person said no.");
    case Answer::over: return refuse(TokenError::expired_token, "It took too long.");
    case Answer::unwanted:
    case Answer::approved: break;
  }
  TRY(std::move(wanted));
  if (!polled->grant) return refuse_grant();
  auto answer = TRY(make_answer(with, call, *polled->grant));
  if (first) answer.refresh_token = std::move(first->text);
  return answer;
}

}  // namespace keystead::oauth
