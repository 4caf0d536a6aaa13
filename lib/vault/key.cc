#include "beredd/vault/key.h"

#include "key_file.h"
#include "primitives.h"

#include <cerrno>
#include <cstring>
#include <span>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beredd::vault {
namespace {

using base::Code;
using std::filesystem::path;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  bool ok() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

// Bytes of a key on their way; they leave memory with their scope.
struct Scratch {
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { wipe(bytes); }
  std::array<std::byte, Key::kSize + 1> bytes{};
};

base::Error io_error(const path& file, std::string_view what) {
  return base::transient(
      Code::io, fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(errno)));
}

// As many bytes as come, up to the size of `out`; -1 as read(2) does.
ssize_t read_all(int from, std::span<std::byte> out) {
  std::size_t total = 0;
  while (total < out.size()) {
    const ssize_t got = ::read(from, out.data() + total, out.size() - total);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    total += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(total);
}

bool write_all(int to, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(to, bytes.data(), bytes.size());
    if (put < 0 && errno != EINTR) return false;
    if (put > 0) bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

bool sync_directory(const path& file) {
  const path parent = file.parent_path();
  const char* name = parent.empty() ? "." : parent.c_str();
  const Descriptor directory(::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.ok() && ::fsync(directory.number()) == 0;
}

base::Status check_kind(int descriptor, const path& file) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return io_error(file, "look at");
  if (!S_ISREG(status.st_mode)) {
    return base::permanent(Code::invalid, fmt::format("{} is not a file", file.string()));
  }
  if (!is_private(status.st_uid, status.st_mode)) {
    return base::permanent(Code::refused,
                           fmt::format("{} holds a key and others than its owner may use it (mode "
                                       "{:04o}): chmod 0600 {}",
                                       file.string(), status.st_mode & 07777U, file.string()));
  }
  return {};
}

}  // namespace

bool is_private(uid_t owner, mode_t mode) {
  const mode_t forbidden = owner == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
  return (mode & forbidden) == 0;
}

Key::Key(Key&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }

Key& Key::operator=(Key&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    wipe(other.bytes_);
  }
  return *this;
}

Key::~Key() { wipe(bytes_); }

std::string_view Key::bytes() const {
  return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

base::Result<Key> read_key(const path& file) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!in.ok() && errno == ENOENT) {
    return base::permanent(Code::not_found, fmt::format("{} does not exist", file.string()));
  }
  if (!in.ok()) return io_error(file, "open");
  if (base::Status kind = check_kind(in.number(), file); !kind) return std::move(kind).error();

  Scratch scratch;  // one byte larger than a key, to see that the file is not
  const ssize_t size = read_all(in.number(), scratch.bytes);
  if (size < 0) return io_error(file, "read");
  if (size != Key::kSize) {
    return base::permanent(Code::invalid, fmt::format("{} is not a key: expected exactly {} bytes",
                                                      file.string(), Key::kSize));
  }
  std::array<std::byte, Key::kSize> bytes{};
  std::memcpy(bytes.data(), scratch.bytes.data(), bytes.size());
  Key key(bytes);
  wipe(bytes);
  return key;
}

base::Result<Key> create_key(const path& file, base::Random& random) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                              S_IRUSR | S_IWUSR));
  if (!out.ok() && errno == EEXIST) {
    return base::permanent(Code::exists, fmt::format("{} exists already", file.string()));
  }
  if (!out.ok()) return io_error(file, "create");

  std::array<std::byte, Key::kSize> bytes{};
  random.fill(bytes);
  Key key(bytes);
  const bool durable = ::fchmod(out.number(), S_IRUSR | S_IWUSR) == 0 &&
                       write_all(out.number(), bytes) && ::fsync(out.number()) == 0 &&
                       sync_directory(file);
  wipe(bytes);
  if (durable) return key;
  base::Error error = io_error(file, "write");
  ::unlink(file.c_str());  // half a key would be in the way of the next try
  return error;
}

Key derive(const Key& from, std::string_view purpose, std::string_view context) {
  Mac bytes = hkdf_sha256(from.bytes(), context, purpose);
  Key key(bytes);
  wipe(bytes);
  return key;
}

}  // namespace beredd::vault
