// What a look at an installation found, for `doctor`.
#pragma once

#include <string>

namespace keystead::store {

struct Finding {
  enum class Grade { good, warning, bad };
  Grade grade = Grade::good;
  std::string text;  // one line, for the operator
};

}  // namespace keystead::store
