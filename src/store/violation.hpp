// A constraint that the data broke, which the caller expected to be possible.
#pragma once

#include <string>

namespace keystead::store {

struct Violation {
  enum class Kind { none, unique, foreign_key };
  Kind kind = Kind::none;
  std::string text;  // the database's: it names tables, columns or an index, never values

  explicit operator bool() const { return kind != Kind::none; }
};

}  // namespace keystead::store
