// The client of a request, wherever we know it from.
#pragma once

#include "authn/key_event.hpp"
#include "oauth/client_documents.hpp"
#include "store/client_store.hpp"

namespace keystead::oauth {

class Clients {
 public:
  // Both outlive the object.
  Clients(store::ClientStore& store, ClientDocuments const& documents)
      : store_(store), documents_(documents) {}

  // Code::not_found for one that is unknown, Code::invalid_request for one whose document is no
  // good. Fetches a document that is not there or not fresh; waits, throws store::Broken.
  Result<domain::Client> find(
      domain::ClientId const& id, Time now, authn::Actor const& actor
  ) const;

 private:
  store::ClientStore& store_;
  ClientDocuments const& documents_;
};

// When the client last told something else about itself than before: what was approved earlier was
// approved for another one (attack 67).
Time changed_at(domain::Client const& client);

}  // namespace keystead::oauth
