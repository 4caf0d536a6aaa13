#include "memory_batch.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace beredd::jail {
namespace {

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U  // Linux 6.3
#endif

base::Error failed(const char* what) {
  return base::transient(base::Code::io, std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

MemoryBatch::~MemoryBatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Status MemoryBatch::open() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  descriptor_ = ::memfd_create("mail", kFlags | MFD_NOEXEC_SEAL);
  if (descriptor_ < 0 && errno == EINVAL) descriptor_ = ::memfd_create("mail", kFlags);
  if (descriptor_ < 0) return failed("memfd_create");
  return {};
}

base::Status MemoryBatch::append(std::string_view piece) {
  if (descriptor_ < 0) {
    if (auto opened = open(); !opened) return opened;
  }
  while (!piece.empty()) {
    const ssize_t put = ::pwrite(descriptor_, piece.data(), piece.size(), static_cast<off_t>(end_));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return failed("memory for mail");
    end_ += static_cast<std::uint64_t>(put);
    piece.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

void MemoryBatch::end_mail() {
  mails_.push_back({begin_, end_ - begin_});
  begin_ = end_;
}

base::Result<int> MemoryBatch::seal() {
  if (descriptor_ < 0) {
    if (auto opened = open(); !opened) return opened.error();  // nothing but empty mails
  }
  if (!sealed_) {
    constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (::fcntl(descriptor_, F_ADD_SEALS, kSeals) != 0) return failed("sealing memory");
    sealed_ = true;
  }
  return descriptor_;
}

}  // namespace beredd::jail
