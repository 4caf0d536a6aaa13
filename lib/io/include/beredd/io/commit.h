#pragma once
// Writing to the store, awaited: the coroutine goes on, on its own executor, after the commit is on
// disk.

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
  virtual Task<base::Status> commit(store::Operation operation, base::Bytes weight) = 0;
};

// Through the group-commit writer; both outlive the committer.
std::unique_ptr<Committer> group_committer(store::Writer& writer);
// At once, in the calling thread: for tests on simulated time.
std::unique_ptr<Committer> immediate_committer(store::Store& store);

}  // namespace beredd::io
