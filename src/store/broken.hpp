#pragma once

#include <stdexcept>

namespace keystead::store {

// The database failed in a way that no input explains: disk full, I/O error, corruption.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace keystead::store
