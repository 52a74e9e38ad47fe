#include "oauth/document_fetches.hpp"

#include <algorithm>

namespace keystead::oauth {

// One of those that fetch; its going makes room.
class DocumentFetches::Place {
 public:
  Place(DocumentFetches& fetches, domain::ClientId const& id) : fetches_(fetches), id_(id) {}
  ~Place() {
    std::scoped_lock lock(fetches_.mutex_);
    fetches_.fetching_.erase(id_);
  }
  Place(Place const&) = delete;
  Place& operator=(Place const&) = delete;

 private:
  DocumentFetches& fetches_;
  domain::ClientId const& id_;
};

Result<domain::Client> DocumentFetches::fetch(domain::ClientId const& id, Time now) {
  TRY(enter(id, now));
  Place const place(*this, id);
  auto client = documents_.fetch(id, now);
  if (!client) note(id, client.error(), now);
  return client;
}

Result<void> DocumentFetches::enter(domain::ClientId const& id, Time now) {
  std::scoped_lock lock(mutex_);
  if (auto found = failed_.find(id); found != failed_.end()) {
    auto const& [failure, at] = found->second;
    // A clock that was set back must not make the pause longer.
    if (at <= now && now < at + kPause) return std::unexpected(failure);
    failed_.erase(found);
  }
  if (fetching_.size() >= kAtOnce || fetching_.contains(id)) {
    return fail(
        Code::unavailable, "The client's document cannot be fetched just now. Try again shortly."
    );
  }
  fetching_.insert(id);
  return {};
}

void DocumentFetches::note(domain::ClientId const& id, Failure const& failure, Time now) {
  std::scoped_lock lock(mutex_);
  if (failed_.size() >= kFailuresMax) {
    failed_.erase(std::ranges::min_element(failed_, {}, [](auto const& each) {
      return each.second.at;
    }));
  }
  failed_.insert_or_assign(id, Failed{failure, now});
}

}  // namespace keystead::oauth
