// What waits for a person: requests for authorization, and devices that ask for one. In the control
// plane's database; safe from any thread; throws store::Broken if the database does not answer.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/audit_entry.hpp"
#include "domain/authorization_request.hpp"
#include "domain/grant.hpp"
#include "domain/issuer.hpp"
#include "store/broken.hpp"

namespace keystead::store {

struct PolledDevice {
  enum class Answer { pending, too_soon, denied, approved, unwanted, over };
  Answer answer;
  domain::DeviceCode device;
  std::optional<domain::Grant> grant{};  // of an approved one, also if it is unwanted
};

class AuthorizationStore {
 public:
  virtual ~AuthorizationStore() = default;

  // conflict if the digest exists; invalid_request for text that cannot be kept. Neither this nor
  // what follows leaves a record: nothing was decided yet.
  virtual Result<void> add_request(domain::AuthorizationRequest const& request) = 0;
  // Nothing for one that is over at `now`, or of the other kind.
  virtual std::optional<domain::AuthorizationRequest> find_request(
      domain::RequestDigest const& digest, domain::AuthorizationRequest::Kind kind, Time now
  ) = 0;
  // Of many who take it at once one gets it; then it is gone.
  virtual std::optional<domain::AuthorizationRequest> take_request(
      domain::RequestDigest const& digest, domain::AuthorizationRequest::Kind kind, Time now
  ) = 0;

  // Takes the pushed one of this digest, and adds `shown` in its place: of many who come at once
  // one does. not_found for the others, and for one that is over at `now`; otherwise as
  // add_request.
  virtual Result<void> show_request(
      domain::RequestDigest const& pushed, domain::AuthorizationRequest const& shown, Time now
  ) = 0;

  // conflict if either digest exists; invalid_request for text that cannot be kept.
  virtual Result<void> add_device(domain::DeviceCode const& device) = 0;
  // By what the person typed in; nothing for one that is over at `now` or decided.
  virtual std::optional<domain::DeviceCode> find_device(
      domain::GrantSecretDigest const& user_code, Time now
  ) = 0;
  // Adds the grant, if there is one: the person approved. Of many who decide at once one does;
  // not_found for the others, and for what find_device does not find. Fails as add_grant does.
  virtual Result<void> decide_device(
      domain::GrantSecretDigest const& user_code,
      std::optional<domain::Grant> const& grant,
      Time now,
      domain::AuditEntry const& entry
  ) = 0;
  // Polled sooner than `interval` after the last time, it is too soon. An approved one is taken by
  // one poll, which writes the first refresh token, if there is one, and the record; then it is
  // gone. It stays where `is_wanted`, which must ask no store, says no to its grant. over until it
  // is reaped. not_found for one that is unknown, another client's or another issuer's, or whose
  // grant has ended.
  virtual Result<PolledDevice> poll_device(
      domain::GrantSecretDigest const& digest,
      domain::ClientId const& client,
      domain::Issuer const& issuer,
      std::optional<domain::RefreshToken> const& first,
      std::function<bool(domain::Grant const&)> const& is_wanted,
      std::chrono::seconds interval,
      Time now,
      domain::AuditEntry const& entry
  ) = 0;

  // Deletes what is over at `now`, and says how many.
  virtual std::size_t reap_authorizations(Time now) = 0;
};

}  // namespace keystead::store
