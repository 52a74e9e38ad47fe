// Applications at rest, in the control plane's database. Safe from any thread; throws store::Broken
// if the database does not answer. What changes something takes its audit entry, and both are one
// transaction.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/audit_entry.hpp"
#include "domain/client.hpp"
#include "domain/ids.hpp"
#include "store/broken.hpp"

namespace keystead::store {

class ClientStore {
 public:
  virtual ~ClientStore() = default;

  // conflict if the id exists; not_found if the tenant is unknown; invalid_request for text that
  // cannot be kept.
  virtual Result<void> add_client(
      domain::Client const& client, domain::AuditEntry const& entry
  ) = 0;
  // Writes all of the client anew but its id, its first day and its last use; adds it if there is
  // none. For what is told us from elsewhere: a metadata document, the configuration.
  virtual Result<void> put_client(
      domain::Client const& client, domain::AuditEntry const& entry
  ) = 0;
  virtual std::optional<domain::Client> find_client(domain::ClientId const& id) = 0;
  // In the order of ids.
  virtual std::vector<domain::Client> list_clients() = 0;
  // How many there are that registered from this address after `since`; from any, where it is
  // empty.
  virtual std::size_t count_registered(std::string_view address, Time since) = 0;
  // How many there are that became known by their document after `since`.
  virtual std::size_t count_documents(Time since) = 0;
  // A time older than the stored one changes nothing.
  virtual void note_client_use(domain::ClientId const& id, Time used_at) = 0;
  // Ends its grants, and returns those; not_found if unknown.
  virtual Result<std::vector<domain::GrantId>> remove_client(
      domain::ClientId const& id, Time when, domain::AuditEntry const& entry
  ) = 0;
  // Deletes what registered before `registered_before` and was never used, and what was used last
  // before `used_before` and has no living grant; of those that registered themselves, and
  // metadata documents. Says how many.
  virtual std::size_t reap_clients(Time registered_before, Time used_before) = 0;
};

}  // namespace keystead::store
