#include "beredd/service/pledges.h"

#include <algorithm>
#include <utility>

namespace beredd::service {
namespace {

// What a mail of unknown size is pledged at a time.
constexpr base::Bytes kStep = base::mebibytes(1);
// More than a disk takes in while a look at it is fresh.
constexpr base::Bytes kPlenty = base::mebibytes(512);
constexpr base::Duration kFresh = std::chrono::milliseconds(50);

}  // namespace

Pledges::Pledge::Pledge(Pledge&& other) noexcept
    : all_(std::move(other.all_)), left_(std::exchange(other.left_, 0)) {}

Pledges::Pledge::~Pledge() {
  if (all_) *all_ -= left_;
}

void Pledges::Pledge::used(base::Bytes bytes) {
  const std::uint64_t covered = std::min(left_, bytes.count());
  left_ -= covered;
  *all_ -= covered;
  if (left_ > 0) return;
  left_ = kStep.count();
  *all_ += left_;
}

std::optional<Pledges::Pledge> Pledges::take(const store::Store& store, base::Bytes low_water,
                                             std::optional<base::Bytes> announced,
                                             base::Instant now) {
  const base::Bytes size = announced.value_or(kStep);
  // Pledged before the room is looked at: of two that compete for the last room, none gets too
  // much.
  const std::uint64_t all = *open_ += size.count();
  Pledge pledge(open_, size);
  if (!fits(store, low_water + base::Bytes(all), now)) return std::nullopt;
  return pledge;
}

bool Pledges::fits(const store::Store& store, base::Bytes needed, base::Instant now) {
  {
    const std::lock_guard lock(mutex_);
    if (now < fresh_until_ && seen_ >= needed + kPlenty) return true;
  }
  const base::Bytes room = store.room();
  const std::lock_guard lock(mutex_);
  seen_ = room;
  fresh_until_ = now + kFresh;
  return room >= needed;
}

}  // namespace beredd::service
