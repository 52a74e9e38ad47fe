// What GrantStoreOn does with grants.
#pragma once

#include <algorithm>

#include "store/code_table.hpp"
#include "store/grant_bearer.hpp"
#include "store/grant_store_on.hpp"
#include "store/session_table.hpp"
#include "store/standing_grants.hpp"

namespace keystead::store {

template <class Store>
Result<void> GrantStoreOn<Store>::add_grant(
    domain::Grant const& grant, domain::AuditEntry const& entry
) {
  Writing writing(store_);
  TRY(need_bearer(*writing, store_.seals(), grant));
  TRY(insert_grant(*writing, store_.seal(), grant));
  writing.commit_with(entry);
  return {};
}

template <class Store>
std::optional<domain::Grant> GrantStoreOn<Store>::find_alike(domain::Grant const& grant) {
  Reading reading(store_);
  auto alike = select_alike(*reading, store_.seals(), grant);
  // One that is asked for again is in use, whether its tokens are or not.
  bool is_noted = alike && grant.created_at - alike->last_used_at.value_or(alike->created_at) <=
                               kStandingIdle / 2;
  if (!is_noted) return std::nullopt;
  return alike;
}

template <class Store>
Result<domain::Grant> GrantStoreOn<Store>::find_or_add_grant(
    domain::Grant const& grant, domain::AuditEntry const& entry
) {
  Time now = grant.created_at;
  Writing writing(store_);
  if (auto alike = select_alike(*writing, store_.seals(), grant)) {
    writing->prepare(grant_row::kTouch).bind(alike->id, now, grant.last_address).run();
    writing.commit();
    return std::move(*alike);
  }
  TRY(need_bearer(*writing, store_.seals(), grant));
  if (!make_room(*writing, grant, kStandingMax, now - kStandingIdle)) {
    return fail(Code::too_many_requests, "the bearer has too many grants");
  }
  TRY(insert_grant(*writing, store_.seal(), grant));
  writing.commit_with(entry);
  return grant;
}

template <class Store>
std::optional<domain::Grant> GrantStoreOn<Store>::find_grant(domain::GrantId const& id) {
  Reading reading(store_);
  return select_grant(*reading, store_.seals(), id);
}

template <class Store>
std::vector<domain::Grant> GrantStoreOn<Store>::list_grants(domain::UserId const& user) {
  Reading reading(store_);
  auto statement = reading->prepare(grant_row::kSelectOfUser);
  return grant_row::read_all(statement.bind(user), store_.seals());
}

template <class Store>
std::vector<domain::Grant> GrantStoreOn<Store>::list_grants(domain::KeyId const& key) {
  Reading reading(store_);
  auto statement = reading->prepare(grant_row::kSelectOfKey);
  return grant_row::read_all(statement.bind(key), store_.seals());
}

template <class Store>
bool GrantStoreOn<Store>::has_grants(domain::KeyId const& key) {
  Reading reading(store_);
  return reading->prepare("SELECT 1 FROM oauth_grant WHERE key_id = ? LIMIT 1").bind(key).next();
}

template <class Store>
std::vector<std::string> GrantStoreOn<Store>::granted_scopes(
    domain::UserId const& user,
    std::optional<domain::TenantId> const& tenant,
    domain::ClientId const& client
) {
  std::vector<std::string> scopes;
  for (auto const& grant : list_grants(user)) {
    if (grant.client != client || grant.tenant != tenant || grant.parent) continue;
    scopes.insert(scopes.end(), grant.scopes.begin(), grant.scopes.end());
  }
  std::ranges::sort(scopes);
  auto repeated = std::ranges::unique(scopes);
  scopes.erase(repeated.begin(), repeated.end());
  return scopes;
}

template <class Store>
void GrantStoreOn<Store>::note_grant_uses(std::span<GrantUse const> uses) {
  if (uses.empty()) return;
  Writing writing(store_);
  {
    auto update = writing->prepare(grant_row::kTouch);
    for (auto const& use : uses) update.again().bind(use.grant, use.used_at, use.address).run();
  }
  writing.commit();
}

template <class Store>
Result<std::vector<domain::GrantId>> GrantStoreOn<Store>::end_grant(
    domain::GrantId const& id, Time when, domain::AuditEntry const& entry
) {
  Writing writing(store_);
  if (!select_grant(*writing, store_.seals(), id)) return fail(Code::not_found, "no such grant");
  auto ended = end_lines(*writing, {id}, when);
  writing.commit_with(entry);
  return ended;
}

template <class Store>
std::vector<domain::GrantId> GrantStoreOn<Store>::end_grants(
    domain::UserId const& user,
    std::optional<domain::TenantId> const& tenant,
    domain::ClientId const& client,
    Time when,
    domain::AuditEntry const& entry
) {
  Writing writing(store_);
  auto living =
      select_living(*writing, grant_row::kLivingOfUserAndClient, user, client.text(), tenant);
  auto ended = end_lines(*writing, living, when);
  writing.commit_with(entry);
  return ended;
}

template <class Store>
std::size_t GrantStoreOn<Store>::reap_grants(Time now, Time idle_since) {
  Writing writing(store_);
  auto count = delete_counted(
      *writing, "DELETE FROM authorization_code WHERE expires_at <= ? RETURNING 1", now
  );
  count +=
      delete_counted(*writing, "DELETE FROM refresh_token WHERE expires_at <= ? RETURNING 1", now);
  count += delete_counted(
      *writing,
      "DELETE FROM oauth_grant WHERE coalesce(ended_at, last_used_at, created_at) < ? RETURNING 1",
      idle_since
  );
  writing.commit();
  return count;
}

}  // namespace keystead::store
