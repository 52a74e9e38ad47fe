// SecondFactorStore over the control plane in either database; for Store see user_store_on.hpp.
#pragma once

#include "store/passkey_table.hpp"
#include "store/second_factor_store.hpp"
#include "store/session_table.hpp"
#include "store/totp_table.hpp"
#include "store/user_table.hpp"

namespace keystead::store {

template <class Store>
class SecondFactorStoreOn final : public SecondFactorStore {
 public:
  // The store outlives it.
  explicit SecondFactorStoreOn(Store& store) : store_(store) {}

  Result<EndedSessions> add_passkey(
      domain::Passkey const& passkey,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    TRY(need_living_user(*writing, passkey.user));
    TRY(insert_passkey(*writing, passkey));
    return finish(writing, passkey.user, keep, entry);
  }

  std::optional<domain::Passkey> find_passkey(std::string_view credential) override {
    Reading reading(store_);
    auto statement = reading->prepare(passkey_row::kSelectByCredential);
    if (!statement.bind(blob_of(credential)).next()) return std::nullopt;
    return passkey_row::read(statement);
  }

  std::vector<domain::Passkey> list_passkeys(domain::UserId const& user) override {
    Reading reading(store_);
    return select_passkeys(*reading, user);
  }

  Result<void> note_passkey_use(
      domain::PasskeyId const& id, std::uint32_t sign_count, Time used_at
  ) override {
    Writing writing(store_);
    auto const count = std::int64_t{sign_count};
    if (!changes_row(*writing, passkey_row::kUse, id, count, used_at)) {
      auto known = writing->prepare("SELECT 1 FROM passkey WHERE id = ?");
      if (!known.bind(id).next()) return passkey_row::no_such_passkey();
      return fail(Code::conflict, "the passkey's counter did not go on");
    }
    writing.commit();
    return {};
  }

  Result<void> rename_passkey(
      domain::UserId const& user,
      domain::PasskeyId const& id,
      std::string const& name,
      domain::AuditEntry const& entry
  ) override {
    TRY(passkey_row::check_name(name));
    Writing writing(store_);
    if (!changes_row(*writing, passkey_row::kRename, name, user, id)) {
      return passkey_row::no_such_passkey();
    }
    writing.commit_with(entry);
    return {};
  }

  Result<EndedSessions> remove_passkey(
      domain::UserId const& user,
      domain::PasskeyId const& id,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    if (!changes_row(*writing, passkey_row::kDelete, user, id)) {
      return passkey_row::no_such_passkey();
    }
    return finish(writing, user, keep, entry);
  }

  Result<void> begin_totp(domain::Totp const& totp, domain::AuditEntry const& entry) override {
    Writing writing(store_);
    TRY(need_living_user(*writing, totp.user));
    auto before = select_totp(*writing, totp.user);
    if (before && before->confirmed_at) return totp_is_on();
    delete_totp(*writing, totp.user);
    insert_totp(*writing, totp);
    writing.commit_with(entry);
    return {};
  }

  std::optional<domain::Totp> find_totp(domain::UserId const& user) override {
    Reading reading(store_);
    return select_totp(*reading, user);
  }

  Result<EndedSessions> confirm_totp(
      domain::Totp const& begun,
      std::int64_t step,
      std::span<domain::RecoveryDigest const> recovery,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    auto const& [user, sealed_secret, version, confirmed_at, last_step] = begun;
    TRY(need_living_user(*writing, user));
    if (!changes_row(*writing, totp_row::kConfirm, user, blob_of(sealed_secret), entry.at, step)) {
      auto found = select_totp(*writing, user);
      if (found && found->confirmed_at) return totp_is_on();
      return no_such_totp();
    }
    insert_recovery_codes(*writing, begun, recovery);
    return finish(writing, user, keep, entry);
  }

  bool use_totp_step(domain::UserId const& user, std::int64_t step) override {
    Writing writing(store_);
    if (!changes_row(*writing, totp_row::kUseStep, user, step)) return false;
    writing.commit();
    return true;
  }

  bool use_recovery_code(
      domain::UserId const& user,
      domain::RecoveryDigest const& digest,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    if (!changes_row(*writing, totp_row::kUseRecoveryCode, user, digest)) return false;
    writing.commit_with(entry);
    return true;
  }

  std::size_t count_recovery_codes(domain::UserId const& user) override {
    Reading reading(store_);
    auto count = reading->prepare("SELECT count(*) FROM recovery_code WHERE user_id = ?");
    count.bind(user).next();
    return static_cast<std::size_t>(count.integer(0));
  }

  Result<EndedSessions> remove_totp(
      domain::UserId const& user,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    if (!select_totp(*writing, user)) return no_such_totp();
    delete_totp(*writing, user);
    return finish(writing, user, keep, entry);
  }

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;

  // Runs what ends in RETURNING, and says whether it found its row.
  template <class Database, class... Values>
  static bool changes_row(Database& database, char const* sql, Values const&... values) {
    auto statement = database.prepare(sql);
    return statement.bind(values...).next();
  }

  // What was proven with the factors before proves nothing now, but for who makes the change.
  static EndedSessions finish(
      Writing& writing,
      domain::UserId const& user,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) {
    auto ended = delete_sessions(*writing, user, keep);
    writing.commit_with(entry);
    return ended;
  }

  static std::unexpected<Failure> totp_is_on() {
    return fail(Code::conflict, "one-time codes are on already");
  }
  static std::unexpected<Failure> no_such_totp() {
    return fail(Code::not_found, "there are no one-time codes");
  }

  Store& store_;
};

}  // namespace keystead::store
