#include "beredd/io/blocking_pool.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "beredd/io/callback.h"

namespace beredd::io {
namespace {

struct Returned {};

class ThreadPool final : public BlockingPool {
 public:
  explicit ThreadPool(std::size_t threads) : pool_(threads) {}
  ~ThreadPool() override { pool_.join(); }

  Task<void> run(std::function<void()> work) override {
    std::function<void(std::function<void(Returned)>)> start =
        [this, work = std::move(work)](std::function<void(Returned)> done) {
          auto job = [work, done = std::move(done)]() noexcept {
            work();
            done(Returned{});
          };
          boost::asio::post(pool_, std::move(job));
        };
    co_await await_callback<Returned>(std::move(start));
  }

 private:
  boost::asio::thread_pool pool_;
};

class InlinePool final : public BlockingPool {
 public:
  Task<void> run(std::function<void()> work) override {
    work();
    co_return;
  }
};

}  // namespace

std::unique_ptr<BlockingPool> thread_pool(std::size_t threads) {
  return std::make_unique<ThreadPool>(threads);
}
std::unique_ptr<BlockingPool> inline_pool() { return std::make_unique<InlinePool>(); }

}  // namespace beredd::io
