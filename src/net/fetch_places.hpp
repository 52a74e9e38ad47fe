// How many fetches there may be at once. Whoever finds no place free waits for one.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

namespace keystead::net {

class FetchPlaces {
 public:
  explicit FetchPlaces(std::size_t count);
  // Waits until every place has been given back.
  ~FetchPlaces();
  FetchPlaces(FetchPlaces const&) = delete;
  FetchPlaces& operator=(FetchPlaces const&) = delete;

  // Given back when its last copy ends, on whatever thread.
  using Place = std::shared_ptr<void>;

  // Nothing if none was free before the deadline. From any thread.
  Place take(std::chrono::steady_clock::time_point deadline);

 private:
  struct State;
  // Shared with the places: the thread that gives the last one back may still be about it when the
  // destructor above has returned.
  std::shared_ptr<State> state_;
};

}  // namespace keystead::net
