#pragma once
// Writing to the store, awaited: the coroutine goes on, on its own executor, after the commit is on
// disk.

#include <functional>
#include <memory>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/task.h"
#include "beredd/store/store.h"
#include "beredd/store/writer.h"

namespace beredd::io {

class Committer {
 public:
  virtual ~Committer() = default;
  // Errors: those of `operation`; transient/store_full when the queue is full or the disk is.
  // `weight`: the bytes that it carries.
  // Takes mail in: it is on disk when this returns, and can be read a moment later.
  virtual Task<base::Status> accept(store::Arrival arrival, base::Bytes weight) = 0;
  // `readable` runs on any thread each time that mail which was accepted can be read from then on.
  // REQUIRES: nothing was accepted yet.
  virtual void when_readable(std::function<void()> readable) = 0;

  // `changed` runs on any thread after each commit that came through, and must be quick.
  // REQUIRES: nothing was committed yet.
  void when_changed(std::function<void()> changed) { changed_ = std::move(changed); }

  Task<base::Status> commit(store::Operation operation, base::Bytes weight) {
    return submit(std::move(operation), weight, store::Urgency::now);
  }
  // The same for what nobody waits for: it gives way to what is waited for.
  Task<base::Status> commit_in_background(store::Operation operation, base::Bytes weight) {
    return submit(std::move(operation), weight, store::Urgency::background);
  }

 protected:
  base::Status told(base::Status written) const {
    if (written && changed_) changed_();
    return written;
  }

 private:
  virtual Task<base::Status> submit(store::Operation operation, base::Bytes weight,
                                    store::Urgency urgency) = 0;

  std::function<void()> changed_;
};

// Through the group-commit writer; both outlive the committer.
std::unique_ptr<Committer> group_committer(store::Writer& writer);
// At once, in the calling thread: for tests on simulated time.
std::unique_ptr<Committer> immediate_committer(store::Store& store);

}  // namespace beredd::io
