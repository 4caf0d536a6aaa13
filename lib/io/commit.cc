#include "beredd/io/commit.h"

#include <span>
#include <vector>

#include "beredd/io/callback.h"

namespace beredd::io {
namespace {

class GroupCommitter final : public Committer {
 public:
  explicit GroupCommitter(store::Writer& writer) : writer_(writer) {}

  Task<base::Status> commit(store::Operation operation, base::Bytes weight) override {
    std::function<void(std::function<void(base::Status)>)> start =
        [this, operation = std::move(operation), weight](std::function<void(base::Status)> done) {
          writer_.submit(operation, weight, std::move(done));
        };
    co_return co_await await_callback<base::Status>(std::move(start));
  }

 private:
  store::Writer& writer_;
};

class ImmediateCommitter final : public Committer {
 public:
  explicit ImmediateCommitter(store::Store& store) : store_(store) {}

  Task<base::Status> commit(store::Operation operation, base::Bytes) override {
    std::vector<base::Status> statuses = store_.apply(std::span(&operation, 1));
    co_return std::move(statuses.front());
  }

 private:
  store::Store& store_;
};

}  // namespace

std::unique_ptr<Committer> group_committer(store::Writer& writer) {
  return std::make_unique<GroupCommitter>(writer);
}
std::unique_ptr<Committer> immediate_committer(store::Store& store) {
  return std::make_unique<ImmediateCommitter>(store);
}

}  // namespace beredd::io
