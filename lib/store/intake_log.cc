#include "intake_log.h"

#include "codec.h"
#include "environment.h"
#include "key_bytes.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beredd/vault/seal.h"

namespace beredd::store {
namespace {

constexpr std::uint32_t kMagic = 0x626c6f67;  // "blog"
constexpr std::size_t kHeader = 4 + 4 + 4 + 8;
constexpr std::size_t kBlock = BlockBuffer::kBlock;

std::uint32_t u32_at(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  }
  return value;
}

base::Error failure(std::string_view doing) {
  return lmdb::error_of(errno, "the intake log: " + std::string(doing));
}

}  // namespace

base::Result<IntakeLog> IntakeLog::open(const std::filesystem::path& file, base::Bytes size,
                                        vault::Key key, std::string_view instance, bool sync) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failure("opening " + file.string());
  IntakeLog log(fd, std::move(key), instance, sync);
  if (base::Status made = log.make(size); !made) return made.error();
  if (!sync) return log;
  // A file whose name is not on disk would be gone after a power cut, and the mail in it.
  const int directory = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool named = directory >= 0 && ::fsync(directory) == 0;
  const int number = errno;
  if (directory >= 0) ::close(directory);
  errno = number;
  if (!named) return failure("syncing the directory of " + file.string());
  return log;
}

IntakeLog::IntakeLog(int fd, vault::Key key, std::string_view instance, bool sync)
    : fd_(fd), key_(std::move(key)), instance_(instance), sync_(sync) {}

IntakeLog::IntakeLog(IntakeLog&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      end_(other.end_),
      key_(std::move(other.key_)),
      instance_(std::move(other.instance_)),
      sync_(other.sync_),
      direct_(other.direct_),
      batch_(std::move(other.batch_)) {}

IntakeLog::~IntakeLog() {
  if (fd_ >= 0) ::close(fd_);
}

// Zeros up to the size wanted; a log that is larger stays as it is.
base::Status IntakeLog::make(base::Bytes size) {
  struct stat file {};
  if (::fstat(fd_, &file) != 0) return failure("looking at its size");
  const auto present = static_cast<std::uint64_t>(file.st_size);
  size_ = std::max<std::uint64_t>(BlockBuffer::up_to_block(size.count()),
                                  BlockBuffer::up_to_block(present));
  const std::string zeros(256 * kBlock, '\0');
  for (std::uint64_t at = present / kBlock * kBlock; at < size_; at += zeros.size()) {
    const auto piece = std::string_view(zeros).substr(0, size_ - at);
    if (base::Status written = write(at, piece); !written) return written;
  }
  if (present < size_ && sync_ && ::fsync(fd_) != 0) return failure("syncing");
  set_direct(sync_);
  return {};
}

// What is written is synced at once and not read before the next start: a way past the page cache
// is shorter. Some file systems have none.
void IntakeLog::set_direct(bool direct) {
  const int flags = ::fcntl(fd_, F_GETFL);
  if (flags < 0) return;
  const int wanted = direct ? flags | O_DIRECT : flags & ~O_DIRECT;
  direct_ = ::fcntl(fd_, F_SETFL, wanted) == 0 && direct;
}

base::Status IntakeLog::write(std::uint64_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EINVAL && direct_) {
      set_direct(false);  // its blocks are of another size, or half of one was written
      continue;
    }
    if (written < 0) return failure("writing");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
  return {};
}

std::string IntakeLog::where(std::string_view header, std::string_view chunk) const {
  std::string out = instance_;
  out.reserve(instance_.size() + header.size() + chunk.size());
  out += header;
  out += chunk;
  return out;
}

void IntakeLog::add_record(const Arrival& arrival, std::uint64_t number, base::Random& random) {
  const std::string flat = encode(arrival);
  const std::string_view chunk = arrival.last ? std::string_view(arrival.last->bytes) : "";
  const KeyBytes header = KeyBytes()
                              .u32(kMagic)
                              .u32(static_cast<std::uint32_t>(flat.size() + vault::kSealOverhead))
                              .u32(static_cast<std::uint32_t>(chunk.size()))
                              .u64(number);
  batch_.append(header.view());
  batch_.append(vault::seal(key_, random, where(header, chunk), flat));
  batch_.append(chunk);
}

base::Status IntakeLog::append(std::span<const Arrival> arrivals, std::uint64_t first,
                               base::Random& random) {
  batch_.clear();
  for (const Arrival& arrival : arrivals) add_record(arrival, first++, random);
  batch_.pad();
  if (end_ + batch_.size() > size_) {
    return base::transient(base::Code::store_full, "the intake log is full");
  }
  base::Status done = write(end_, batch_.view());
  if (done && sync_ && ::fdatasync(fd_) != 0) done = failure("syncing");
  if (!done) {
    // What may have got through must not come back: its senders are told to try again.
    batch_.wipe();
    if (write(end_, batch_.view()) && ::fdatasync(fd_) != 0) errno = 0;
    return done;
  }
  end_ += batch_.size();
  return {};
}

std::optional<IntakeLog::Record> IntakeLog::take_record(std::string_view& bytes) const {
  if (bytes.size() < kHeader || u32_at(bytes, 0) != kMagic) return {};
  const std::string_view header = bytes.substr(0, kHeader);
  const std::size_t sealed = u32_at(header, 4);
  const std::size_t chunk = u32_at(header, 8);
  if (sealed > bytes.size() || chunk > bytes.size() || kHeader + sealed + chunk > bytes.size()) {
    return {};
  }
  const std::string_view raw = bytes.substr(kHeader + sealed, chunk);
  auto flat = vault::open(key_, where(header, raw), bytes.substr(kHeader, sealed));
  if (!flat) return {};
  auto arrival = decode_arrival(*flat, raw);
  if (!arrival) return {};
  bytes.remove_prefix(kHeader + sealed + chunk);
  return Record{u64_at(header, 12), *std::move(arrival)};
}

base::Result<std::string> IntakeLog::read_all() {
  const bool direct = direct_;
  if (direct) set_direct(false);  // into memory that begins anywhere
  std::string all(size_, '\0');
  for (std::size_t at = 0; at < all.size();) {
    const ssize_t got = ::pread(fd_, all.data() + at, all.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("reading");
    if (got == 0) break;
    at += static_cast<std::size_t>(got);
  }
  if (direct) set_direct(true);
  return all;
}

base::Result<std::vector<IntakeLog::Record>> IntakeLog::read(std::uint64_t after) {
  const auto bytes = read_all();
  if (!bytes) return bytes.error();
  const std::string_view all = *bytes;
  std::vector<Record> out;
  std::uint64_t last = 0;
  std::string_view rest = all;
  while (!rest.empty()) {
    const std::size_t left = rest.size();
    std::optional<Record> record = take_record(rest);
    if (record && record->number > last) {
      last = record->number;
      end_ = BlockBuffer::up_to_block(all.size() - rest.size());
      if (record->number > after) out.push_back(*std::move(record));
    } else if (!record) {
      // Padding, what an earlier round left, or damage: a batch may begin at the next block.
      rest.remove_prefix((left - 1) % kBlock + 1);
    }
  }
  return out;
}

}  // namespace beredd::store
