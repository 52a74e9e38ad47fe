// ClientStore over the control plane in either database; for Store see user_store_on.hpp.
#pragma once

#include "store/client_store.hpp"
#include "store/client_table.hpp"
#include "store/grant_table.hpp"

namespace keystead::store {

template <class Store>
class ClientStoreOn final : public ClientStore {
 public:
  // The store outlives it.
  explicit ClientStoreOn(Store& store) : store_(store) {}

  Result<void> add_client(domain::Client const& client, domain::AuditEntry const& entry) override {
    return write(client_row::kInsert, client, entry);
  }

  Result<void> put_client(domain::Client const& client, domain::AuditEntry const& entry) override {
    return write(client_row::kPut, client, entry);
  }

  std::optional<domain::Client> find_client(domain::ClientId const& id) override {
    Reading reading(store_);
    return select_client(*reading, id);
  }

  std::vector<domain::Client> list_clients() override {
    Reading reading(store_);
    auto statement = reading->prepare(client_row::kSelectAll);
    std::vector<domain::Client> clients;
    while (statement.next()) clients.push_back(client_row::read(statement));
    return clients;
  }

  std::size_t count_registered(std::string_view address, Time since) override {
    Reading reading(store_);
    auto statement = reading->prepare(
        address.empty() ? client_row::kCountRegistered : client_row::kCountRegisteredFrom
    );
    statement.bind(since);
    if (!address.empty()) statement.bind(address);
    return statement.next() ? static_cast<std::size_t>(statement.integer(0)) : 0;
  }

  std::size_t count_documents(Time since) override {
    Reading reading(store_);
    auto statement = reading->prepare(client_row::kCountDocuments);
    return statement.bind(since).next() ? static_cast<std::size_t>(statement.integer(0)) : 0;
  }

  void note_client_use(domain::ClientId const& id, Time used_at) override {
    Writing writing(store_);
    writing->prepare(client_row::kTouch).bind(id.text(), used_at).run();
    writing.commit();
  }

  Result<std::vector<domain::GrantId>> remove_client(
      domain::ClientId const& id, Time when, domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    bool is_known = writing->prepare("DELETE FROM oauth_client WHERE id = ? RETURNING 1")
                        .bind(id.text())
                        .next();
    if (!is_known) return fail(Code::not_found, "no such client");
    auto ended =
        end_lines(*writing, select_living(*writing, grant_row::kLivingOfClient, id.text()), when);
    writing.commit_with(entry);
    return ended;
  }

  std::size_t reap_clients(Time registered_before, Time used_before) override {
    Writing writing(store_);
    auto statement = writing->prepare(client_row::kReap);
    statement.bind(registered_before, used_before);
    std::size_t count = 0;
    while (statement.next()) ++count;
    writing.commit();
    return count;
  }

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;

  Result<void> write(
      char const* sql, domain::Client const& client, domain::AuditEntry const& entry
  ) {
    Writing writing(store_);
    TRY(insert_client(*writing, sql, client));
    writing.commit_with(entry);
    return {};
  }

  Store& store_;
};

}  // namespace keystead::store
