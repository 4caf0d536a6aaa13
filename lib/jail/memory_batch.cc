#include "memory_batch.h"

#include <utility>

#include <fcntl.h>

namespace beredd::jail {

void MemoryBatch::leave_region() {
  if (region_) regions_->give_back(std::move(region_));
}

base::Status MemoryBatch::find_room() {
  if (region_ || own_.is_open()) return {};
  region_ = regions_->take();
  if (region_) return {};
  auto made = UnnamedMemory::make();
  if (!made) return made.error();
  own_ = *std::move(made);
  return {};
}

// The mails that there are stay where they are, counted from the beginning.
base::Status MemoryBatch::move_out() {
  auto made = UnnamedMemory::make();
  if (!made) return made.error();
  if (auto written = made->write(region_->bytes(end_), 0); !written) return written;
  own_ = *std::move(made);
  leave_region();
  return {};
}

base::Status MemoryBatch::append(std::string_view piece) {
  if (auto found = find_room(); !found) return found;
  if (region_ && piece.size() > MailRegion::kSize - end_) {
    if (auto moved = move_out(); !moved) return moved;
  }
  auto written = region_ ? region_->write(piece, end_) : own_.write(piece, end_);
  if (written) end_ += piece.size();
  return written;
}

void MemoryBatch::end_mail() {
  mails_.push_back({begin_, end_ - begin_});
  begin_ = end_;
}

base::Status MemoryBatch::seal() {
  if (auto found = find_room(); !found) return found;  // nothing but empty mails
  if (region_ || sealed_) return {};
  auto sealed = own_.seal(F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  sealed_ = sealed.ok();
  return sealed;
}

int MemoryBatch::show() {
  if (!region_) return own_.descriptor();
  region_->clear_behind(end_);
  return region_->descriptor();
}

}  // namespace beredd::jail
