#include "net/worker_pool.hpp"

namespace keystead::net {

WorkerPool::WorkerPool(unsigned threads, std::size_t queue_max) : queue_max_(queue_max) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

bool WorkerPool::submit(Job& job) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(&job);
    wake = take_wake();
  }
  if (wake) ready_.notify_one();
  return true;
}

bool WorkerPool::take_wake() {
  if (idle_ == 0 || waking_ || queue_.empty()) return false;
  waking_ = true;
  return true;
}

void WorkerPool::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (queue_.empty()) {
      if (stopping_) return;
      ++idle_;
      ready_.wait(lock);
      --idle_;
      waking_ = false;
    }
    Job& job = *queue_.front();
    queue_.pop_front();
    bool wake = take_wake();
    lock.unlock();
    if (wake) ready_.notify_one();
    job.run();
    lock.lock();
  }
}

}  // namespace keystead::net
