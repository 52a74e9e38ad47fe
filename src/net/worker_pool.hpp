// The threads on which handlers may wait. The queue before them is bounded: whoever finds it full
// is told so at once, instead of waiting behind work that nobody may want any more when it is done.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace keystead::net {

class WorkerPool {
 public:
  class Job {
   public:
    // On a worker thread. Does not throw.
    virtual void run() = 0;

   protected:
    ~Job() = default;
  };

  WorkerPool(unsigned threads, std::size_t queue_max);
  ~WorkerPool() { stop(); }

  // False if as many jobs wait as may. From any thread; `job` lives until it has run.
  bool submit(Job& job);

  // Runs what was submitted and ends the threads.
  void stop();

 private:
  void work();
  // Whether the caller has to wake a thread, which then wakes the next one while work is left. So a
  // burst of jobs costs its submitter one call of the kernel, and not one a job. Wants mutex_ to be
  // held.
  bool take_wake();

  std::size_t const queue_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job*> queue_;
  bool stopping_ = false;
  bool waking_ = false;  // one was notified and has not come yet
  std::size_t idle_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace keystead::net
