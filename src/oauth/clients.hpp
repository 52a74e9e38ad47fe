// The client of a request, wherever we know it from.
#pragma once

#include "authn/key_event.hpp"
#include "oauth/document_fetches.hpp"
#include "store/client_store.hpp"

namespace keystead::oauth {

// Safe from any thread. All functions may wait, and throw store::Broken.
class Clients {
 public:
  // How long a client is taken for what its document said last, while the document cannot be read
  // again: for as long its server may be down, and it may publish nonsense.
  static constexpr std::chrono::hours kUsedOnFor{24};
  // New ones within that time, of those that publish a document. Who is never used is forgotten
  // after it, as one that registered.
  static constexpr std::chrono::hours kCountedFor{24};
  static constexpr std::size_t kNewMax = 10'000;

  // Both outlive the object.
  Clients(
      store::ClientStore& store, ClientDocuments const& documents, std::size_t new_max = kNewMax
  )
      : store_(store), fetches_(documents), new_max_(new_max) {}

  // Code::not_found for one that is unknown, Code::invalid_request for one whose document is no
  // good, Code::unavailable where that cannot be told now. Fetches and keeps the document of one
  // that is new, so whoever asks is counted (attack 62).
  Result<domain::Client> find(
      domain::ClientId const& id, Time now, authn::Actor const& actor
  ) const;
  // The same of those that are known here; one that is not is Code::not_found.
  Result<domain::Client> find_known(
      domain::ClientId const& id, Time now, authn::Actor const& actor
  ) const;

 private:
  Result<domain::Client> meet(
      domain::ClientId const& id, Time now, authn::Actor const& actor
  ) const;
  Result<domain::Client> renew(domain::Client known, Time now, authn::Actor const& actor) const;
  Result<domain::Client> read_again(
      domain::Client const& known, Time now, authn::Actor const& actor
  ) const;

  store::ClientStore& store_;
  mutable DocumentFetches fetches_;
  std::size_t new_max_;
};

// When the client last told something else about itself than before: what was approved earlier was
// approved for another one (attack 67).
Time changed_at(domain::Client const& client);

}  // namespace keystead::oauth
