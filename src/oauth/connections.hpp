// Connected Apps: what a person has allowed which client, and how it ends. However often a client
// asked, to the person it is one in each tenant.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "authn/key_event.hpp"
#include "store/client_store.hpp"
#include "store/grant_store.hpp"

namespace keystead::oauth {

struct Connection {
  domain::GrantId id;  // of one of its grants: whichever it is, it stands for all
  domain::ClientId client;
  std::string name;  // as the client calls itself
  std::string host;  // that it is of, or returns to
  std::optional<domain::TenantId> tenant;
  std::vector<std::string> scopes;
  Time first_approved_at;
  std::optional<Time> last_used_at;
  std::string last_address;
};

class Connections {
 public:
  struct Parts {
    store::ClientStore& clients;
    store::GrantStore& grants;
    // Has who remembers tokens forget those of these grants.
    std::function<void(std::vector<domain::GrantId> const&)> forget;
    Clock const& clock;
  };

  // What `parts` refers to outlives the object. Safe from any thread; throws store::Broken.
  explicit Connections(Parts parts) : parts_(std::move(parts)) {}

  // The last used first.
  std::vector<Connection> list(domain::UserId const& user) const;
  // When this returns, every token of the client for the user in that tenant is refused.
  // Code::not_found also for a grant of somebody else.
  Result<void> end(
      domain::UserId const& user, domain::GrantId const& id, authn::Actor const& actor
  ) const;

 private:
  Connection describe(domain::Grant const& grant) const;

  Parts parts_;
};

}  // namespace keystead::oauth
