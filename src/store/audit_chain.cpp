#include "store/audit_chain.hpp"

#include <string>

namespace keystead::store {
namespace {

constexpr std::size_t kBatch = 1000;

std::string record(std::uint64_t sequence) {
  return "record " + std::to_string(sequence);
}

class Walk {
 public:
  Walk(ControlStore& store, Seal const& seal) : store_(store), seal_(seal) {}

  // False at the first record that does not fit.
  bool take(domain::AuditRecord const& next) {
    std::uint64_t expected = check_.records + 1;
    if (next.sequence != expected) return stop(expected, record(expected) + " is missing");
    if (!seal_.fits(check_.head, next)) return stop(expected, what_is_wrong(next));
    check_.records = expected;
    check_.head = next.hash;
    return true;
  }

  // Called where no further record was found. The head is read after the records, so it cannot be
  // behind them; if it is ahead, records were appended meanwhile, or cut off.
  enum class End { reached, not_yet, fault };
  End look_at_end() {
    std::uint64_t next = check_.records + 1;
    auto head = store_.audit_head();
    if (!head) return fault(next, "the head of the log is missing");
    if (!seal_.fits(*head)) return fault(next, "the head of the log was changed");
    if (head->sequence > check_.records) {
      if (!store_.read_audit(check_.records, 1).empty()) return End::not_yet;
      return fault(
          next, record(next) + " is missing: the log was cut off before " + record(head->sequence)
      );
    }
    if (head->sequence < check_.records || head->hash != check_.head) {
      return fault(head->sequence, "the head of the log was put back to " + record(head->sequence));
    }
    return End::reached;
  }

  AuditCheck const& check() const { return check_; }

 private:
  bool stop(std::uint64_t sequence, std::string what) {
    check_.fault = AuditFault{sequence, std::move(what)};
    return false;
  }
  End fault(std::uint64_t sequence, std::string what) {
    stop(sequence, std::move(what));
    return End::fault;
  }

  // A record whose successor still follows its hash was changed in place. Otherwise the two cannot
  // be told apart from outside: changed with its hash, moved here, or moved up into a gap.
  std::string what_is_wrong(domain::AuditRecord const& bad) {
    if (!seal_.knows(bad.seal_version)) {
      return record(bad.sequence) + " was sealed with version " + std::to_string(bad.seal_version) +
             " of the pepper, which is not here";
    }
    if (is_followed(bad)) return record(bad.sequence) + " was changed";
    return record(bad.sequence) + " does not follow the one before it: it was changed, moved or " +
           "put in, or others were taken out before it";
  }

  bool is_followed(domain::AuditRecord const& bad) {
    auto after = store_.read_audit(bad.sequence, 1);
    if (!after.empty()) return seal_.fits(bad.hash, after.front());
    auto head = store_.audit_head();
    return head && seal_.fits(*head) && head->sequence == bad.sequence && head->hash == bad.hash;
  }

  ControlStore& store_;
  Seal const& seal_;
  AuditCheck check_;
};

}  // namespace

AuditCheck check_audit(
    ControlStore& store, Seal const& seal, std::function<void(std::uint64_t)> const& progress
) {
  Walk walk(store, seal);
  for (;;) {
    auto batch = store.read_audit(walk.check().records, kBatch);
    for (auto const& record : batch) {
      if (!walk.take(record)) return walk.check();
    }
    if (progress) progress(walk.check().records);
    if (batch.empty() && walk.look_at_end() != Walk::End::not_yet) return walk.check();
  }
}

}  // namespace keystead::store
