// SigningKeyStore over the control plane in either database; for Store see user_store_on.hpp.
#pragma once

#include <algorithm>
#include <set>
#include <string>

#include "store/signing_key_store.hpp"
#include "store/stored_text.hpp"

namespace keystead::store {

template <class Store>
class SigningKeyStoreOn final : public SigningKeyStore {
 public:
  // The store outlives it.
  explicit SigningKeyStoreOn(Store& store) : store_(store) {}

  std::vector<domain::SigningKey> list_signing_keys() override {
    Reading reading(store_);
    return select_all(*reading);
  }

  Result<void> replace_signing_keys(
      std::vector<domain::SigningKey> const& seen,
      std::vector<domain::SigningKey> const& keys,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    if (kids_of(select_all(*writing)) != kids_of(seen)) {
      return fail(Code::conflict, "somebody else rotated the signing keys meanwhile");
    }
    writing->prepare("DELETE FROM signing_key").run();
    for (auto const& key : keys) TRY(insert(*writing, key));
    writing.commit_with(entry);
    return {};
  }

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;
  using State = domain::SigningKey::State;

  // A turn adds a key, so that the names alone tell it.
  static std::set<std::string> kids_of(std::vector<domain::SigningKey> const& keys) {
    std::set<std::string> kids;
    for (auto const& key : keys) kids.insert(key.kid);
    return kids;
  }

  static std::string_view name_of(State state) {
    switch (state) {
      case State::next: return "next";
      case State::retired: return "retired";
      case State::current: break;
    }
    return "current";
  }

  template <class Database>
  static std::vector<domain::SigningKey> select_all(Database& database) {
    auto row = database.prepare(
        "SELECT kid, algorithm, sealed, pepper_version, state, created_at, turned_at,"
        " retired_until FROM signing_key ORDER BY kid"
    );
    std::vector<domain::SigningKey> keys;
    while (row.next()) {
      domain::SigningKey key;
      key.kid = row.text(0);
      key.algorithm = row.text(1);
      auto sealed = row.blob(2);
      key.sealed.assign(sealed.begin(), sealed.end());
      key.pepper_version = static_cast<int>(row.integer(3));
      for (State state : {State::next, State::current, State::retired}) {
        if (row.text(4) == name_of(state)) key.state = state;
      }
      key.created_at = row.time(5);
      key.turned_at = row.time(6);
      key.retired_until = row.time_or_null(7);
      keys.push_back(std::move(key));
    }
    return keys;
  }

  template <class Database>
  static Result<void> insert(Database& database, domain::SigningKey const& key) {
    auto statement = database.prepare(
        "INSERT INTO signing_key (kid, algorithm, sealed, pepper_version, state, created_at,"
        " turned_at, retired_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    );
    std::span sealed(reinterpret_cast<unsigned char const*>(key.sealed.data()), key.sealed.size());
    statement.bind(key.kid, key.algorithm, sealed, key.pepper_version, name_of(key.state));
    statement.bind(key.created_at, key.turned_at, key.retired_until);
    if (statement.try_run()) return fail(Code::conflict, "the signing key exists already");
    return {};
  }

  Store& store_;
};

}  // namespace keystead::store
