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

  std::size_t const queue_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job*> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace keystead::net
