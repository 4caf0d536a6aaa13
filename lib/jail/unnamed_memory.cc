#include "unnamed_memory.h"

#include "wire.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace beredd::jail {
namespace {

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U  // Linux 6.3
#endif

base::Error failed(const char* what, int code) {
  return base::transient(base::Code::io, std::string(what) + ": " + std::strerror(code));
}

}  // namespace

UnnamedMemory::~UnnamedMemory() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

UnnamedMemory::UnnamedMemory(UnnamedMemory&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

UnnamedMemory& UnnamedMemory::operator=(UnnamedMemory&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

base::Result<UnnamedMemory> UnnamedMemory::make() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  UnnamedMemory memory;
  memory.descriptor_ = ::memfd_create("mail", kFlags | MFD_NOEXEC_SEAL);
  if (memory.descriptor_ < 0 && errno == EINVAL)
    memory.descriptor_ = ::memfd_create("mail", kFlags);
  if (memory.descriptor_ < 0) return failed("memfd_create", errno);
  return memory;
}

base::Status UnnamedMemory::resize(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return failed("ftruncate", errno);
  return {};
}

base::Status UnnamedMemory::write(std::string_view piece, std::uint64_t at) {
  while (!piece.empty()) {
    const ssize_t put = ::pwrite(descriptor_, piece.data(), piece.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return failed("memory for mail", errno);
    at += static_cast<std::uint64_t>(put);
    piece.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

base::Status UnnamedMemory::reserve(std::uint64_t from, std::uint64_t to) {
  int code = 0;
  do {
    code = ::posix_fallocate(descriptor_, static_cast<off_t>(from), static_cast<off_t>(to - from));
  } while (code == EINTR);
  if (code != 0) return failed("memory for mail", code);
  return {};
}

base::Status UnnamedMemory::seal(int seals) {
  if (::fcntl(descriptor_, F_ADD_SEALS, seals) != 0) return failed("sealing memory", errno);
  return {};
}

base::Result<std::unique_ptr<MailRegion>> MailRegion::make(std::uint8_t slot) {
  auto memory = UnnamedMemory::make();
  if (!memory) return memory.error();
  if (auto sized = memory->resize(kSize); !sized) return sized.error();
  void* data = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, memory->descriptor(), 0);
  if (data == MAP_FAILED) return failed("mapping memory for mail", errno);
  std::unique_ptr<MailRegion> region(
      new MailRegion(*std::move(memory), static_cast<char*>(data), slot));
  // This mapping is the last that anybody can write through.
  constexpr int kSeals = F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (auto sealed = region->memory_.seal(kSeals); !sealed) return sealed.error();
  return region;
}

MailRegion::~MailRegion() { ::munmap(data_, kSize); }

base::Status MailRegion::write(std::string_view piece, std::uint64_t at) {
  const std::uint64_t end = at + piece.size();
  if (end > reserved_) {
    constexpr std::uint64_t kStep = 256 << 10;
    const std::uint64_t wanted = (end + kStep - 1) / kStep * kStep;
    if (auto reserved = memory_.reserve(reserved_, wanted); !reserved) return reserved;
    reserved_ = wanted;
  }
  std::copy(piece.begin(), piece.end(), data_ + at);
  used_ = std::max(used_, end);
  return {};
}

void MailRegion::clear_behind(std::uint64_t end) {
  if (end >= used_) return;
  std::fill(data_ + end, data_ + used_, '\0');
  used_ = end;
}

std::unique_ptr<MailRegion> MailRegions::take() {
  const std::lock_guard lock(mutex_);
  if (!idle_.empty()) {
    std::unique_ptr<MailRegion> region = std::move(idle_.back());
    idle_.pop_back();
    return region;
  }
  if (made_ == kSlots) return nullptr;
  auto region = MailRegion::make(static_cast<std::uint8_t>(made_ + 1));
  if (!region) return nullptr;  // a batch's own memory then says what is wrong
  ++made_;
  return *std::move(region);
}

void MailRegions::give_back(std::unique_ptr<MailRegion> region) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(region));
}

base::Result<AnswerMemory> AnswerMemory::make() {
  auto memory = UnnamedMemory::make();
  if (!memory) return memory.error();
  if (auto sized = memory->resize(kAnswerMemory); !sized) return sized.error();
  if (auto reserved = memory->reserve(0, kAnswerMemory); !reserved) return reserved.error();
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (auto sealed = memory->seal(kSeals); !sealed) return sealed.error();
  AnswerMemory out;
  out.memory_ = *std::move(memory);
  return out;
}

base::Status AnswerMemory::clear_head() {
  return memory_.write(std::string_view("\0\0\0\0\0\0\0\0", kAnswersHead), 0);
}

base::Result<std::string_view> AnswerMemory::copy(std::uint64_t at, std::uint64_t size) {
  if (copied_.size() < size) copied_.resize(size);
  std::uint64_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(memory_.descriptor(), copied_.data() + done, size - done,
                                static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return failed("reading answers", errno);
    done += static_cast<std::uint64_t>(got);
  }
  return std::string_view(copied_.data(), size);
}

}  // namespace beredd::jail
