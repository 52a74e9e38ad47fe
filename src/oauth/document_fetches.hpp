// How much is fetched because somebody has sent a client_id that is an address. A server that
// answers slowly holds up whoever waits for it, so few wait at once and the others are told to come
// again; one that fails is left alone for a while (attacks 62 and 66).
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>

#include "oauth/client_documents.hpp"

namespace keystead::oauth {

// Safe from any thread.
class DocumentFetches {
 public:
  // A quarter of the workers that there are by default: sign-ins and tokens go on beside.
  static constexpr std::size_t kAtOnce = 2;
  // Between two attempts at a document that was no good, or not to be had.
  static constexpr std::chrono::seconds kPause{60};
  // That are remembered; the oldest makes room.
  static constexpr std::size_t kFailuresMax = 1'024;

  // `documents` outlives the object.
  explicit DocumentFetches(ClientDocuments const& documents) : documents_(documents) {}

  // As ClientDocuments::fetch, or in its words what it said a moment ago. Code::unavailable where
  // the same document, or too many others, are being fetched.
  Result<domain::Client> fetch(domain::ClientId const& id, Time now);

 private:
  struct Failed {
    Failure failure;
    Time at;
  };
  class Place;

  Result<void> enter(domain::ClientId const& id, Time now);
  void note(domain::ClientId const& id, Failure const& failure, Time now);

  ClientDocuments const& documents_;
  std::mutex mutex_;
  std::set<domain::ClientId> fetching_;
  std::map<domain::ClientId, Failed> failed_;
};

}  // namespace keystead::oauth
