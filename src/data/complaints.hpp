// Everything that is wrong with one input, so that a caller mends it in one go: "title: required;
// due: not a date (YYYY-MM-DD)".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace keystead::data {

class Complaints {
 public:
  // `path` is the caller's own text: it is cut to a readable length. Beyond a bounded number of
  // complaints only "and more" is said.
  void add(std::string_view path, std::string_view what);
  // "colour: no such field; nearest: color". `kind` is what is missing, `prefix` stands before the
  // name in the path ("filter.").
  void add_unknown(
      std::string_view prefix,
      std::string_view name,
      std::string_view kind,
      std::span<std::string_view const> known
  );

  bool empty() const { return count_ == 0; }
  // Code::invalid_request with all of it. REQUIRES: not empty.
  std::unexpected<Failure> failure() const { return fail(Code::invalid_request, text_); }

 private:
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace keystead::data
