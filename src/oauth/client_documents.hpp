// Clients whose id is the address of a document about them
// (draft-ietf-oauth-client-id-metadata-document). Whoever sends an id has a say in what is fetched,
// so it is fetched from public addresses only, small, soon or not at all, and every failure looks
// the same (attack 66).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/fetcher.hpp"
#include "oauth/client_metadata.hpp"

namespace keystead::oauth {

// Whether a client_id is such an address. Ids of our own have no colon.
bool is_document_url(std::string_view client_id);

class ClientDocuments {
 public:
  // How long a document is believed: as its server says, but within these.
  static constexpr std::chrono::seconds kFreshMin{60};
  static constexpr std::chrono::seconds kFreshMax{24 * 3600};
  static constexpr std::chrono::seconds kFreshUnsaid{3600};

  struct Options {
    ClientRules rules;
    // Hosts of the operator's own, which need not be public.
    std::vector<std::string> trusted_hosts;
  };

  // `fetcher` outlives the object.
  ClientDocuments(Options options, http::Fetcher& fetcher)
      : options_(std::move(options)), fetcher_(fetcher) {}

  // The client whose document is there, with `fresh_until`. Code::invalid_request in the same words
  // for whatever is wrong; why is in the private detail. Waits; safe from any thread.
  Result<domain::Client> fetch(domain::ClientId const& id, Time now) const;

 private:
  Result<http::FetchRequest> request_for(domain::ClientId const& id) const;

  Options options_;
  http::Fetcher& fetcher_;
};

}  // namespace keystead::oauth
