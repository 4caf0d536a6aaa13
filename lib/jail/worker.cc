#include "beredd/jail/worker.h"

#include "confine.h"
#include "exit_status.h"
#include "wire.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beredd::jail {
namespace {

[[noreturn]] void end(ExitStatus status) { ::_exit(static_cast<int>(status)); }

bool read_all(char* into, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(kSocket, into, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(kSocket, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) end(ExitStatus::done);  // the daemon has gone
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

// The mails of one request, mapped; the descriptor is closed at once.
class Memory {
 public:
  explicit Memory(int descriptor) {
    const off_t size = ::lseek(descriptor, 0, SEEK_END);
    if (size < 0) end(ExitStatus::bad_request);
    size_ = static_cast<std::size_t>(size);
    if (size_ > 0) {
      data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
      if (data_ == MAP_FAILED) end(ExitStatus::out_of_memory);
    }
    ::close(descriptor);
  }
  ~Memory() {
    if (size_ > 0) ::munmap(data_, size_);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  base::Bytes size() const { return base::Bytes(size_); }
  std::string_view at(const Span& mail) const {
    if (mail.size == 0) return {};
    return {static_cast<const char*>(data_) + mail.offset, mail.size};
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

// The head of a request and the descriptor that comes with it. Nothing: the socket is closed.
std::optional<std::pair<std::string, int>> receive_head() {
  std::string head(kRequestHead, '\0');
  iovec piece{head.data(), head.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = ::recvmsg(kSocket, &message, 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return std::nullopt;
  const cmsghdr* ancillary = CMSG_FIRSTHDR(&message);
  if (ancillary == nullptr || ancillary->cmsg_type != SCM_RIGHTS) end(ExitStatus::bad_request);
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(ancillary), sizeof(descriptor));
  const auto size = static_cast<std::size_t>(got);
  if (!read_all(head.data() + size, head.size() - size)) return std::nullopt;
  return std::pair(std::move(head), descriptor);
}

class Worker {
 public:
  explicit Worker(const Reader& reader) : reader_(reader) {}

  // False: the socket is closed.
  bool answer_one() {
    auto received = receive_head();
    if (!received) return false;
    std::string bytes = std::move(received->first);
    const Memory memory(received->second);
    const auto rest = rest_of_request(bytes);
    if (!rest) end(ExitStatus::bad_request);
    bytes.resize(kRequestHead + *rest);
    if (!read_all(bytes.data() + kRequestHead, *rest)) return false;
    const auto request = decode_request(bytes, memory.size());
    if (!request) end(ExitStatus::bad_request);
    answer(*request, memory);
    return true;
  }

 private:
  void answer(const Request& request, const Memory& memory) {
    if (request.what == Ask::part) {
      const auto part = reader_.part(memory.at(request.mails.front()), request.part);
      const std::string_view bytes = part ? std::string_view(*part) : std::string_view();
      write_all(encode_part_head(part.ok(), bytes.size()));
      write_all(bytes);
      return;
    }
    for (const Span& mail : request.mails) {
      answer_.clear();
      encode(reader_.read(memory.at(mail)), answer_);
      write_all(answer_);
      constexpr std::size_t kKept = 1 << 20;  // the room of one large answer is not kept for long
      if (answer_.capacity() > kKept) std::string().swap(answer_);
    }
  }

  const Reader& reader_;
  std::string answer_;
};

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

base::Status enter(int argc, char** argv, const Reader& reader) {
  if (auto left = leave_the_daemon(); !left) return left;
  if (argc != 4) return base::permanent(base::Code::invalid, "no bounds were given");
  reader.prepare();
  return shut({number(argv[2]), number(argv[3])});
}

}  // namespace

int run_worker(int argc, char** argv, const Reader& reader) {
  std::set_new_handler([] { end(ExitStatus::out_of_memory); });
  const base::Status entered = enter(argc, argv, reader);
  if (!entered) {
    std::fprintf(stderr, "beredd: %s\n", entered.error().detail.c_str());
    const std::string trouble = encode_ready(entered.error().detail);
    [[maybe_unused]] const auto written = ::write(kSocket, trouble.data(), trouble.size());
    return static_cast<int>(ExitStatus::no_jail);
  }
  write_all(encode_ready({}));
  Worker worker(reader);
  while (worker.answer_one()) {
  }
  // Nothing that runs at exit is needed, and some of it is not allowed.
  end(ExitStatus::done);
}

}  // namespace beredd::jail
