#pragma once
// The room that open transactions were promised and have not used yet: many that each saw enough
// room must not together overrun the disk.

#include <atomic>
#include <cstdint>
#include <optional>

#include "beredd/base/units.h"
#include "beredd/store/store.h"

namespace beredd::service {

// Any thread. Outlives its pledges.
class Pledges {
 public:
  // One transaction's part; given back when it ends. One thread.
  class Pledge {
   public:
    Pledge(Pledges& all, base::Bytes left) : all_(&all), left_(left.count()) {}
    Pledge(Pledge&& other) noexcept;
    Pledge& operator=(Pledge&&) = delete;
    ~Pledge();

    // So much of it is on disk now, where the store counts it. Who needs more than was announced
    // is pledged more: the low-water mark bears that.
    void used(base::Bytes bytes);

   private:
    Pledges* all_;
    std::uint64_t left_;
  };

  // Room for a mail of `announced` bytes, or of a size that nobody knows. Nothing: with it and all
  // other pledges, less than `low_water` would be left.
  std::optional<Pledge> take(const store::Store& store, base::Bytes low_water,
                             std::optional<base::Bytes> announced);

  base::Bytes open() const { return base::Bytes(open_); }

 private:
  std::atomic<std::uint64_t> open_{0};
};

}  // namespace beredd::service
