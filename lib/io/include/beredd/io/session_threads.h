#pragma once
// The threads that sessions live on: each has an event loop of its own, so that a session's steps
// need no lock, no strand, and wake no other thread.

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "beredd/io/network.h"

namespace beredd::io {

// The loops outlive what runs on them: destroying this object destroys the coroutines that are
// left.
class SessionThreads {
 public:
  explicit SessionThreads(int count);
  ~SessionThreads();  // as stop()

  // The loops in turn. Any thread.
  Executor next();
  Homes homes();  // next(), for a listener

  void start();
  // Ends the loops where they are and joins the threads. Idempotent. Not from one of them.
  void stop();

 private:
  using Loop = boost::asio::io_context;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<boost::asio::executor_work_guard<Loop::executor_type>> work_;
  std::vector<std::thread> threads_;
  std::atomic<unsigned> turn_{0};
};

}  // namespace beredd::io
