// SessionStore over the control plane in either database; for Store see user_store_on.hpp.
#pragma once

#include "store/session_store.hpp"
#include "store/session_table.hpp"
#include "store/user_table.hpp"

namespace keystead::store {

template <class Store>
class SessionStoreOn final : public SessionStore {
 public:
  // The store outlives it.
  explicit SessionStoreOn(Store& store) : store_(store) {}

  Result<void> create_session(
      domain::Session const& session, domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    TRY(need_living_user(*writing, session.user));
    TRY(insert_session(*writing, session));
    writing.commit_with(entry);
    return {};
  }

  std::optional<domain::Session> find_session(
      domain::SessionDigest const& digest, Time now
  ) override {
    Reading reading(store_);
    return select_session(*reading, digest, now);
  }

  void note_session_uses(std::span<SessionUse const> uses) override {
    if (uses.empty()) return;
    Writing writing(store_);
    {
      auto update = writing->prepare(session_row::kTouch);
      for (auto const& use : uses) {
        update.again().bind(use.seen_at, use.idle_until, use.session).run();
      }
    }
    writing.commit();
  }

  Result<domain::Session> rotate_session(
      domain::SessionDigest const& old_digest,
      domain::SessionDigest const& new_digest,
      int pepper_version,
      std::optional<domain::TenantId> const& tenant,
      Time now,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    if (!select_session(*writing, old_digest, now)) return no_such_session();
    auto update = writing->prepare(session_row::kRotate);
    switch (update.bind(old_digest, new_digest, pepper_version, now, tenant).try_run().kind) {
      case Violation::Kind::none: break;
      case Violation::Kind::unique: return fail(Code::conflict, "the session exists already");
      case Violation::Kind::foreign_key: return fail(Code::not_found, "no such tenant");
    }
    auto session = select_session(*writing, new_digest, now);
    if (!session) return no_such_session();
    writing.commit_with(entry);
    return std::move(*session);
  }

  Result<domain::Session> revoke_session(
      domain::UserId const& user, domain::SessionId const& id, domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    auto revoked = delete_session(*writing, user, id);
    if (revoked.empty()) return no_such_session();
    writing.commit_with(entry);
    return std::move(revoked.front());
  }

  std::vector<domain::Session> revoke_sessions(
      domain::UserId const& user,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    auto revoked = delete_sessions(*writing, user, keep);
    writing.commit_with(entry);
    return revoked;
  }

  std::vector<domain::Session> list_sessions(domain::UserId const& user, Time now) override {
    Reading reading(store_);
    auto statement = reading->prepare(session_row::kSelectOfUser);
    return session_row::read_all(statement.bind(user, now));
  }

  std::size_t reap_sessions(Time now) override {
    Writing writing(store_);
    auto count =
        delete_counted(*writing, "DELETE FROM session WHERE idle_until <= ? RETURNING 1", now);
    writing.commit();
    return count;
  }

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;

  static std::unexpected<Failure> no_such_session() {
    return fail(Code::not_found, "no such session");
  }

  Store& store_;
};

}  // namespace keystead::store
