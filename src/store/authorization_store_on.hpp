// AuthorizationStore over the control plane in either database; for Store see user_store_on.hpp.
#pragma once

#include "store/authorization_store.hpp"
#include "store/device_table.hpp"
#include "store/grant_bearer.hpp"
#include "store/session_table.hpp"

namespace keystead::store {

template <class Store>
class AuthorizationStoreOn final : public AuthorizationStore {
 public:
  // The store outlives it.
  explicit AuthorizationStoreOn(Store& store) : store_(store) {}

  Result<void> add_request(domain::AuthorizationRequest const& request) override {
    Writing writing(store_);
    TRY(insert(*writing, request));
    writing.commit();
    return {};
  }

  std::optional<domain::AuthorizationRequest> find_request(
      domain::RequestDigest const& digest, domain::AuthorizationRequest::Kind kind, Time now
  ) override {
    Reading reading(store_);
    auto statement = reading->prepare(
        "SELECT parameters, expires_at FROM authorization_request WHERE digest = ? AND kind = ?"
        " AND expires_at > ?"
    );
    return read_request(statement.bind(digest, name_of(kind), now), digest, kind);
  }

  std::optional<domain::AuthorizationRequest> take_request(
      domain::RequestDigest const& digest, domain::AuthorizationRequest::Kind kind, Time now
  ) override {
    Writing writing(store_);
    auto taken = take(*writing, digest, kind, now);
    writing.commit();
    return taken;
  }

  Result<void> show_request(
      domain::RequestDigest const& pushed, domain::AuthorizationRequest const& shown, Time now
  ) override {
    Writing writing(store_);
    if (!take(*writing, pushed, domain::AuthorizationRequest::Kind::pushed, now)) {
      return fail(Code::not_found, "there is no such request");
    }
    TRY(insert(*writing, shown));
    writing.commit();
    return {};
  }

  Result<void> add_device(domain::DeviceCode const& device) override {
    Writing writing(store_);
    TRY(insert_device(*writing, device));
    writing.commit();
    return {};
  }

  std::optional<domain::DeviceCode> find_device(
      domain::GrantSecretDigest const& user_code, Time now
  ) override {
    Reading reading(store_);
    auto statement = reading->prepare(device_row::kSelectPending);
    return device_row::read_one(statement.bind(user_code, now));
  }

  Result<void> decide_device(
      domain::GrantSecretDigest const& user_code,
      std::optional<domain::Grant> const& grant,
      Time now,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    if (grant) {
      TRY(need_bearer(*writing, store_.seals(), *grant));
      TRY(insert_grant(*writing, store_.seal(), *grant));
    }
    std::optional<domain::GrantId> id;
    if (grant) id = grant->id;
    auto state = grant ? domain::DeviceCode::State::approved : domain::DeviceCode::State::denied;
    bool is_winner = writing->prepare(device_row::kDecide)
                         .bind(user_code, device_row::name_of(state), id, now)
                         .next();
    if (!is_winner) return no_such_device();
    writing.commit_with(entry);
    return {};
  }

  Result<PolledDevice> poll_device(
      domain::GrantSecretDigest const& digest,
      domain::ClientId const& client,
      domain::Issuer const& issuer,
      std::optional<domain::RefreshToken> const& first,
      std::function<bool(domain::Grant const&)> const& is_wanted,
      std::chrono::seconds interval,
      Time now,
      domain::AuditEntry const& entry
  ) override {
    using Answer = PolledDevice::Answer;
    using State = domain::DeviceCode::State;
    Writing writing(store_);
    auto device = select_device(*writing, digest, client);
    if (!device || !issuer.has_any(device->resources)) return no_such_device();
    if (device->expires_at <= now) return PolledDevice{Answer::over, std::move(*device)};
    if (device->polled_at && now - *device->polled_at < interval) {
      return PolledDevice{Answer::too_soon, std::move(*device)};
    }
    if (device->state != State::approved) {
      writing->prepare("UPDATE device_code SET polled_at = ? WHERE digest = ?")
          .bind(now, digest)
          .run();
      writing.commit();
      auto answer = device->state == State::pending ? Answer::pending : Answer::denied;
      return PolledDevice{answer, std::move(*device)};
    }
    auto grant = device->grant ? select_living_grant(*writing, store_.seals(), *device->grant)
                               : std::nullopt;
    if (!grant) return no_such_device();
    if (!is_wanted(*grant)) {
      return PolledDevice{Answer::unwanted, std::move(*device), std::move(grant)};
    }
    writing->prepare("DELETE FROM device_code WHERE digest = ?").bind(digest).run();
    if (first) {
      auto token = *first;
      token.grant = grant->id;
      TRY(insert_refresh_token(*writing, token));
    }
    writing->prepare(grant_row::kTouch).bind(grant->id, now, device->address).run();
    writing.commit_with(entry);
    return PolledDevice{Answer::approved, std::move(*device), std::move(grant)};
  }

  std::size_t reap_authorizations(Time now) override {
    Writing writing(store_);
    auto count = delete_counted(
        *writing, "DELETE FROM authorization_request WHERE expires_at <= ? RETURNING 1", now
    );
    count +=
        delete_counted(*writing, "DELETE FROM device_code WHERE expires_at <= ? RETURNING 1", now);
    writing.commit();
    return count;
  }

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;

  static constexpr std::size_t kParametersBytesMax = 32'768;

  static std::string_view name_of(domain::AuthorizationRequest::Kind kind) {
    return kind == domain::AuthorizationRequest::Kind::pushed ? "pushed" : "shown";
  }

  template <class Database>
  static Result<void> insert(Database& database, domain::AuthorizationRequest const& request) {
    TRY(check_stored(request.parameters, kParametersBytesMax, "the request"));
    auto insert = database.prepare(
        "INSERT INTO authorization_request (digest, kind, parameters, expires_at)"
        " VALUES (?, ?, ?, ?)"
    );
    insert.bind(request.digest, name_of(request.kind), request.parameters, request.expires_at);
    if (insert.try_run()) return fail(Code::conflict, "the request exists already");
    return {};
  }

  template <class Database>
  static std::optional<domain::AuthorizationRequest> take(
      Database& database,
      domain::RequestDigest const& digest,
      domain::AuthorizationRequest::Kind kind,
      Time now
  ) {
    auto statement = database.prepare(
        "DELETE FROM authorization_request WHERE digest = ? AND kind = ? AND expires_at > ?"
        " RETURNING parameters, expires_at"
    );
    return read_request(statement.bind(digest, name_of(kind), now), digest, kind);
  }

  template <class Statement>
  static std::optional<domain::AuthorizationRequest> read_request(
      Statement& row, domain::RequestDigest const& digest, domain::AuthorizationRequest::Kind kind
  ) {
    if (!row.next()) return std::nullopt;
    return domain::AuthorizationRequest{digest, kind, std::string(row.text(0)), row.time(1)};
  }

  static std::unexpected<Failure> no_such_device() {
    return fail(Code::not_found, "the code is not valid, or not any more");
  }

  Store& store_;
};

}  // namespace keystead::store
