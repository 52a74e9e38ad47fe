// The id of a request: what a refusal tells the caller, and what the audit log knows it by.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/random.hpp"

namespace keystead::api {

// Ids that sort by time. Safe from any thread.
class RequestIds {
 public:
  // Both outlive it.
  RequestIds(Random& random, Clock const& clock) : random_(random), clock_(clock) {}

  std::string next() { return format_uuid(order_.next(random_, clock_.now())); }

 private:
  Random& random_;
  Clock const& clock_;
  OrderedUuids order_;
};

// Made when it is first asked for: most requests are answered without one.
class RequestId {
 public:
  explicit RequestId(RequestIds& ids) : ids_(ids) {}

  std::string const& text() {
    if (text_.empty()) text_ = ids_.next();
    return text_;
  }

 private:
  RequestIds& ids_;
  std::string text_;
};

}  // namespace keystead::api
