#include "app/audit_writer.hpp"

#include "app/log.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

constexpr std::size_t kBatchMax = 512;
constexpr std::chrono::milliseconds kGather{20};
constexpr std::chrono::seconds kTryAgainAfter{1};

}  // namespace

AuditWriter::AuditWriter(Options options, store::ControlStore& store, Clock const& clock)
    : options_(options), store_(store), clock_(clock) {
  thread_ = std::jthread([this](std::stop_token const& stop) { run(stop); });
}

AuditWriter::~AuditWriter() {
  thread_.request_stop();
  thread_.join();
}

void AuditWriter::record(domain::AuditEntry entry) {
  std::scoped_lock lock(mutex_);
  if (waiting_.size() >= options_.waiting_max) {
    ++lost_;
    lost_total_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  waiting_.push_back(std::move(entry));
  ++taken_;
  wake_.notify_one();
}

void AuditWriter::flush() {
  std::unique_lock lock(mutex_);
  std::uint64_t until = taken_;
  std::uint64_t attempts = attempts_;
  written_.wait(lock, [&] { return finished_ >= until || attempts_ != attempts; });
}

domain::AuditEntry AuditWriter::loss(std::uint64_t count) const {
  domain::AuditEntry entry;
  entry.at = clock_.now();
  entry.kind = domain::AuditKind::act;
  entry.event = "audit.lost";
  entry.actor = "keystead";
  entry.subject = "audit";
  entry.detail = codec::to_text({{"entries", count}});
  return entry;
}

void AuditWriter::write(std::vector<domain::AuditEntry>& batch) {
  bool is_written = true;
  try {
    store_.append_audit(batch);
  } catch (std::exception const& error) {
    is_written = false;
    if (!is_broken_.exchange(true)) log::error("audit.broken", {{"detail", error.what()}});
  }
  std::scoped_lock lock(mutex_);
  if (is_written) {
    if (is_broken_.exchange(false)) log::info("audit.mended");
    finished_ += batch.size();
  } else {
    // Back to where they came from, to be tried again in their order.
    waiting_.insert(
        waiting_.begin(),
        std::make_move_iterator(batch.begin()),
        std::make_move_iterator(batch.end())
    );
    ++attempts_;
  }
  written_.notify_all();
}

void AuditWriter::run(std::stop_token const& stop) {
  std::vector<domain::AuditEntry> batch;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, stop, [&] { return !waiting_.empty(); });
    if (waiting_.empty()) return;
    // A moment for others to come: one transaction for many.
    if (!stop.stop_requested())
      wake_.wait_for(lock, stop, kGather, [&] { return waiting_.size() >= kBatchMax; });
    batch.clear();
    if (lost_ > 0) {
      waiting_.push_front(loss(std::exchange(lost_, 0)));
      ++taken_;
    }
    while (!waiting_.empty() && batch.size() < kBatchMax) {
      batch.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    lock.unlock();
    write(batch);
    lock.lock();
    if (!is_broken_) continue;
    if (stop.stop_requested()) return;
    wake_.wait_for(lock, stop, kTryAgainAfter, [] { return false; });
  }
}

}  // namespace keystead::app
