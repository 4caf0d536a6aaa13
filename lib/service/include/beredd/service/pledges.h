#pragma once
// The room that open transactions were promised and have not used yet: many that each saw enough
// room must not together overrun the disk.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "beredd/base/units.h"
#include "beredd/store/store.h"

namespace beredd::service {

// Any thread. A pledge may outlive it.
class Pledges {
 public:
  // One transaction's part; given back when it ends. One thread.
  class Pledge {
   public:
    Pledge(std::shared_ptr<std::atomic<std::uint64_t>> all, base::Bytes left)
        : all_(std::move(all)), left_(left.count()) {}
    Pledge(Pledge&& other) noexcept;
    Pledge& operator=(Pledge&&) = delete;
    ~Pledge();

    // So much of it is on disk now, where the store counts it. Who needs more than was announced
    // is pledged more: the low-water mark bears that.
    void used(base::Bytes bytes);

   private:
    std::shared_ptr<std::atomic<std::uint64_t>> all_;
    std::uint64_t left_;
  };

  // Room for a mail of `announced` bytes, or of a size that nobody knows. Nothing: with it and all
  // other pledges, less than `low_water` would be left.
  std::optional<Pledge> take(const store::Store& store, base::Bytes low_water,
                             std::optional<base::Bytes> announced, base::Instant now);

  base::Bytes open() const { return base::Bytes(*open_); }

 private:
  bool fits(const store::Store& store, base::Bytes needed, base::Instant now);

  // While there is far more room than needed, the disk is not asked for each mail.
  std::mutex mutex_;
  base::Bytes seen_;
  base::Instant fresh_until_{};
  std::shared_ptr<std::atomic<std::uint64_t>> open_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace beredd::service
