#include "worker_memory.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace beredd::jail {

Mapping::~Mapping() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

Mapping::Mapping(Mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

base::Result<Mapping> Mapping::of(int descriptor, int protection, int flags) {
  Mapping mapping;
  const off_t size = ::lseek(descriptor, 0, SEEK_END);
  void* data = nullptr;
  if (size > 0) {
    data = ::mmap(nullptr, static_cast<std::size_t>(size), protection, flags, descriptor, 0);
  }
  const int code = errno;
  ::close(descriptor);
  if (size < 0 || data == MAP_FAILED)
    return base::transient(base::Code::io, std::string("mapping memory: ") + std::strerror(code));
  mapping.bytes_ = {static_cast<char*>(data), static_cast<std::size_t>(size)};
  return mapping;
}

// What is for this once is read from end to end, and then gone; a region stays, and most of it is
// seldom written to.
base::Result<MappedMail> MappedMail::map(int descriptor, std::uint8_t slot) {
  auto mapping =
      Mapping::of(descriptor, PROT_READ, slot == 0 ? MAP_PRIVATE | MAP_POPULATE : MAP_SHARED);
  if (!mapping) return mapping.error();
  MappedMail mail;
  mail.mapping_ = *std::move(mapping);
  return mail;
}

std::string_view MappedMail::at(const Span& mail) const {
  if (mail.size == 0) return {};
  return {mapping_.bytes().data() + mail.offset, mail.size};
}

base::Result<AnswerRoom> AnswerRoom::map(int descriptor) {
  auto mapping = Mapping::of(descriptor, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE);
  if (!mapping) return mapping.error();
  if (mapping->bytes().size() != kAnswerMemory)
    return base::permanent(base::Code::invalid, "there is no memory for answers");
  AnswerRoom room;
  room.mapping_ = *std::move(mapping);
  return room;
}

void AnswerRoom::clear() {
  told_ = {};
  tell();
}

bool AnswerRoom::put(std::string_view answer) {
  const std::span<char> room = mapping_.bytes().subspan(kAnswersAt + told_.bytes);
  if (answer.size() > room.size()) return false;
  std::copy(answer.begin(), answer.end(), room.begin());
  ++told_.answers;
  told_.bytes += static_cast<std::uint32_t>(answer.size());
  tell();
  return true;
}

// At one stroke: the daemon may look at any time, and this process may end at any time.
void AnswerRoom::tell() const {
  const std::string bytes = encode_told(told_);
  static_assert(kAnswersHead == sizeof(std::uint64_t));
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), sizeof(word));
  auto* head = reinterpret_cast<std::uint64_t*>(mapping_.bytes().data());
  std::atomic_ref(*head).store(word, std::memory_order_release);
}

}  // namespace beredd::jail
