// What UserStoreOn does with users and their identities.
#pragma once

#include <algorithm>
#include <limits>

#include "store/totp_table.hpp"
#include "store/user_store_on.hpp"

namespace keystead::store {

template <class Store>
Result<void> UserStoreOn<Store>::create_user(
    domain::User const& user,
    std::optional<domain::Membership> const& membership,
    domain::AuditEntry const& entry
) {
  if (membership && membership->user != user.id) {
    return fail(Code::invalid_request, "the membership is another user's");
  }
  Writing writing(store_);
  TRY(insert_user(*writing, user));
  if (membership) TRY(write_membership(*writing, *membership));
  writing.commit_with(entry);
  return {};
}

template <class Store>
Result<FoundUser> UserStoreOn<Store>::find_or_create_user(
    domain::Identity const& identity, domain::User const& fresh, domain::AuditEntry const& entry
) {
  auto found = [](domain::User user) -> Result<FoundUser> {
    if (user.ended_at) return fail(Code::forbidden, "the user has ended");
    return FoundUser{.user = std::move(user), .is_new = false};
  };
  if (auto user = find_user(identity)) return found(std::move(*user));
  Writing writing(store_);
  // Somebody may have been faster.
  if (auto user = select_user(*writing, identity)) return found(std::move(*user));
  TRY(insert_user(*writing, fresh));
  insert_identity(*writing, identity, fresh.id);
  writing.commit_with(entry);
  return FoundUser{.user = fresh, .is_new = true};
}

template <class Store>
std::optional<domain::User> UserStoreOn<Store>::find_user(domain::UserId const& id) {
  Reading reading(store_);
  return select_user(*reading, id);
}

template <class Store>
std::optional<domain::User> UserStoreOn<Store>::find_user(domain::Identity const& identity) {
  Reading reading(store_);
  return select_user(*reading, identity);
}

template <class Store>
std::optional<domain::User> UserStoreOn<Store>::find_user_by_email(std::string_view email) {
  if (domain::parse_email(email) != email) return std::nullopt;
  Reading reading(store_);
  auto statement = reading->prepare(user_row::kSelectByEmail);
  return user_row::read_one(statement.bind(email));
}

template <class Store>
std::vector<domain::User> UserStoreOn<Store>::list_users(
    std::optional<domain::UserId> const& after, std::size_t limit
) {
  constexpr auto kLimitMax = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  Reading reading(store_);
  auto statement = reading->prepare(after ? user_row::kSelectPage : user_row::kSelectFirstPage);
  if (after) statement.bind(*after);
  statement.bind(static_cast<std::int64_t>(std::min(limit, kLimitMax)));
  return user_row::read_all(statement);
}

template <class Store>
Result<void> UserStoreOn<Store>::rename_user(
    domain::UserId const& id, std::string const& name, domain::AuditEntry const& entry
) {
  TRY(check_user_name(name));
  Writing writing(store_);
  TRY(need_living_user(*writing, id));
  writing->prepare("UPDATE \"user\" SET name = ? WHERE id = ?").bind(name, id).run();
  writing.commit_with(entry);
  return {};
}

template <class Store>
Result<void> UserStoreOn<Store>::set_email(
    domain::UserId const& id,
    std::string const& email,
    bool is_local,
    domain::AuditEntry const& entry
) {
  TRY(check_email(email, is_local));
  Writing writing(store_);
  auto user = TRY(need_living_user(*writing, id));
  if (user.password && !is_local) {
    return fail(Code::conflict, "a user with a password signs in by an address of its own");
  }
  auto update = writing->prepare("UPDATE \"user\" SET email = ?, is_local = ? WHERE id = ?");
  if (update.bind(email, is_local, id).try_run()) {
    return fail(Code::conflict, "the e-mail address is taken");
  }
  if (user.email != email) {
    // Else who reads the old mailbox could still set the password.
    writing->prepare("DELETE FROM one_time_link WHERE user_id = ? AND used_at IS NULL")
        .bind(id)
        .run();
  }
  writing.commit_with(entry);
  return {};
}

template <class Store>
Result<std::vector<domain::Session>> UserStoreOn<Store>::set_password(
    domain::UserId const& id,
    Secret const& phc,
    std::optional<domain::SessionId> const& keep,
    domain::AuditEntry const& entry
) {
  TRY(check_password(phc.reveal()));
  Writing writing(store_);
  auto user = TRY(need_living_user(*writing, id));
  if (!user.is_local) return fail(Code::conflict, "an external user has no password here");
  writing->prepare("UPDATE \"user\" SET password = ? WHERE id = ?").bind(phc.reveal(), id).run();
  writing
      ->prepare(
          "DELETE FROM one_time_link WHERE user_id = ? AND purpose = 'reset' AND used_at IS NULL"
      )
      .bind(id)
      .run();
  auto ended = delete_sessions(*writing, id, keep);
  writing.commit_with(entry);
  return ended;
}

template <class Store>
Result<EndedUser> UserStoreOn<Store>::end_user(
    domain::UserId const& id, Time when, LastOwner last_owner, domain::AuditEntry const& entry
) {
  Writing writing(store_);
  auto user = select_user(*writing, id);
  if (!user) return no_such_user();
  TRY(check_owners(*writing, id, std::nullopt, last_owner));
  KeyTableOn keys(*writing, store_.seal());
  auto ended = TRY(end_keys(keys, select_owned_keys(*writing, id, std::nullopt), when));
  auto sessions = delete_sessions(*writing, id, std::nullopt);
  writing->prepare(grant_row::kEndOfUser).bind(when, id).run();
  writing->prepare("DELETE FROM membership WHERE user_id = ?").bind(id).run();
  writing->prepare("DELETE FROM one_time_link WHERE user_id = ?").bind(id).run();
  writing->prepare("DELETE FROM passkey WHERE user_id = ?").bind(id).run();
  delete_totp(*writing, id);
  writing->prepare("UPDATE \"user\" SET password = NULL, ended_at = ? WHERE id = ?")
      .bind(user->ended_at.value_or(when), id)
      .run();
  writing.commit_with(entry, ended.ends);
  return EndedUser{.keys = std::move(ended.keys), .sessions = std::move(sessions)};
}

template <class Store>
Result<void> UserStoreOn<Store>::link_identity(
    domain::Identity const& identity, domain::UserId const& user, domain::AuditEntry const& entry
) {
  Writing writing(store_);
  TRY(need_living_user(*writing, user));
  if (auto holder = select_user(*writing, identity)) {
    if (holder->id == user) return {};
    return fail(Code::conflict, "the identity is linked to another user");
  }
  insert_identity(*writing, identity, user);
  writing.commit_with(entry);
  return {};
}

template <class Store>
std::vector<domain::Identity> UserStoreOn<Store>::list_identities(domain::UserId const& user) {
  Reading reading(store_);
  return select_identities(*reading, user);
}

}  // namespace keystead::store
