#include "authz/rate_limit_verdict.hpp"

#include <charconv>

namespace keystead::authz {
namespace {

// One item of a structured list: "key";q=600;w=60.
class Item {
 public:
  explicit Item(std::string_view policy) { put("\"").put(policy).put("\""); }

  Item& put(std::string_view text) {
    size_ += text.copy(text_ + size_, sizeof text_ - size_);
    return *this;
  }
  Item& put(std::int64_t number) {
    auto end = std::to_chars(text_ + size_, text_ + sizeof text_, number).ptr;
    size_ = static_cast<std::size_t>(end - text_);
    return *this;
  }
  void append_to(std::string& out, bool is_first) const {
    if (!is_first) out.append(", ");
    out.append(text_, size_);
  }

 private:
  char text_[64];  // the longest policy, and two numbers of at most ten digits
  std::size_t size_ = 0;
};

}  // namespace

void append_rate_limit_policy(std::string& out, RateLimitVerdict const& verdict) {
  for (auto const& quota : verdict.quotas()) {
    Item item(quota.policy);
    item.put(";q=").put(quota.limit.calls).put(";w=").put(quota.limit.per.count());
    item.append_to(out, &quota == verdict.all.data());
  }
}

void append_rate_limit(std::string& out, RateLimitVerdict const& verdict) {
  for (auto const& quota : verdict.quotas()) {
    Item item(quota.policy);
    item.put(";r=").put(quota.remaining).put(";t=").put(quota.more_in.count());
    item.append_to(out, &quota == verdict.all.data());
  }
}

}  // namespace keystead::authz
