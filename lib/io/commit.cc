#include "beredd/io/commit.h"

#include <span>
#include <vector>

#include "beredd/io/callback.h"

namespace beredd::io {
namespace {

class GroupCommitter final : public Committer {
 public:
  explicit GroupCommitter(store::Writer& writer) : writer_(writer) {}

  Task<base::Status> accept(store::Arrival arrival, base::Bytes weight) override {
    auto shared = std::make_shared<store::Arrival>(std::move(arrival));
    std::function<void(std::function<void(base::Status)>)> start =
        [this, shared, weight](std::function<void(base::Status)> done) {
          writer_.accept(std::move(*shared), weight, std::move(done));
        };
    co_return co_await await_callback<base::Status>(std::move(start));
  }

  void when_readable(std::function<void()> readable) override {
    writer_.when_settled(std::move(readable));
  }

 private:
  Task<base::Status> submit(store::Operation operation, base::Bytes weight,
                            store::Urgency urgency) override {
    std::function<void(std::function<void(base::Status)>)> start =
        [this, operation = std::move(operation), weight,
         urgency](std::function<void(base::Status)> done) mutable {
          writer_.submit(std::move(operation), weight, std::move(done), urgency);
        };
    base::Status written = co_await await_callback<base::Status>(std::move(start));
    co_return told(std::move(written));
  }

  store::Writer& writer_;
};

class ImmediateCommitter final : public Committer {
 public:
  explicit ImmediateCommitter(store::Store& store) : store_(store) {}

  Task<base::Status> accept(store::Arrival arrival, base::Bytes) override {
    std::vector<store::Arrival> arrivals;
    arrivals.push_back(std::move(arrival));
    std::vector<base::Status> statuses = store_.accept(std::move(arrivals));
    if (store_.settle() && readable_) readable_();
    co_return std::move(statuses.front());
  }

  void when_readable(std::function<void()> readable) override { readable_ = std::move(readable); }

 private:
  Task<base::Status> submit(store::Operation operation, base::Bytes, store::Urgency) override {
    std::vector<base::Status> statuses = store_.apply(std::span(&operation, 1));
    co_return told(std::move(statuses.front()));
  }

  store::Store& store_;
  std::function<void()> readable_;
};

}  // namespace

std::unique_ptr<Committer> group_committer(store::Writer& writer) {
  return std::make_unique<GroupCommitter>(writer);
}
std::unique_ptr<Committer> immediate_committer(store::Store& store) {
  return std::make_unique<ImmediateCommitter>(store);
}

}  // namespace beredd::io
