#include "net/fetch_places.hpp"

#include <condition_variable>
#include <mutex>

namespace keystead::net {

struct FetchPlaces::State {
  explicit State(std::size_t given) : count(given), free(given) {}

  std::size_t const count;
  std::mutex mutex;
  std::condition_variable given_back;
  std::size_t free;
};

FetchPlaces::FetchPlaces(std::size_t count) : state_(std::make_shared<State>(count)) {}

FetchPlaces::~FetchPlaces() {
  std::unique_lock lock(state_->mutex);
  state_->given_back.wait(lock, [this] { return state_->free == state_->count; });
}

FetchPlaces::Place FetchPlaces::take(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(state_->mutex);
  bool found = state_->given_back.wait_until(lock, deadline, [this] { return state_->free > 0; });
  if (!found) return nullptr;
  --state_->free;
  lock.unlock();
  return Place(state_.get(), [state = state_](void*) {
    std::lock_guard held(state->mutex);
    ++state->free;
    state->given_back.notify_all();
  });
}

}  // namespace keystead::net
