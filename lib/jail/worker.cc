#include "beredd/jail/worker.h"

#include "confine.h"
#include "exit_status.h"
#include "wire.h"
#include "worker_memory.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

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

// So many bytes, and the descriptor that comes with them, or -1. Nothing: the socket is closed.
std::optional<std::pair<std::string, int>> receive(std::size_t bytes) {
  std::string head(bytes, '\0');
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
  int descriptor = -1;
  const cmsghdr* ancillary = CMSG_FIRSTHDR(&message);
  if (ancillary != nullptr && ancillary->cmsg_type == SCM_RIGHTS)
    std::memcpy(&descriptor, CMSG_DATA(ancillary), sizeof(descriptor));
  const auto size = static_cast<std::size_t>(got);
  if (!read_all(head.data() + size, head.size() - size)) return std::nullopt;
  return std::pair(std::move(head), descriptor);
}

class Worker {
 public:
  Worker(const Reader& reader, AnswerRoom room) : reader_(reader), room_(std::move(room)) {}

  // False: the socket is closed.
  bool answer_one() {
    auto received = receive(kRequestHead);
    if (!received) return false;
    std::string bytes = std::move(received->first);
    const auto head = decode_head(bytes);
    if (!head) end(ExitStatus::bad_request);
    bytes.resize(kRequestHead + head->rest);
    if (!read_all(bytes.data() + kRequestHead, head->rest)) return false;
    MappedMail& memory = memory_[head->slot];
    if (received->second >= 0) memory = map(received->second, head->slot);
    const auto request = decode_request(bytes, memory.size());
    if (!request) end(ExitStatus::bad_request);
    answer(*request, memory);
    if (request->slot == 0) memory = MappedMail();
    return true;
  }

 private:
  static MappedMail map(int descriptor, std::uint8_t slot) {
    auto mapped = MappedMail::map(descriptor, slot);
    if (!mapped) end(ExitStatus::out_of_memory);
    return *std::move(mapped);
  }

  void answer(const Request& request, const MappedMail& memory) {
    if (request.what == Ask::part) {
      const auto part = reader_.part(memory.at(request.mails.front()), request.part);
      const std::string_view bytes = part ? std::string_view(*part) : std::string_view();
      write_all(encode_part_head(part.ok(), bytes.size()));
      write_all(bytes);
      return;
    }
    room_.clear();
    bool room = true;  // where there was none for one answer, there is none for those behind it
    for (const Span& mail : request.mails) {
      answer_.clear();
      encode(reader_.read(memory.at(mail)), answer_);
      if (room && room_.put(answer_)) continue;
      if (std::exchange(room, false)) write_all(encode_told(room_.told()));
      write_all(answer_);
    }
    if (room) write_all(encode_told(room_.told()));
    constexpr std::size_t kKept = 1 << 20;  // the room of one large answer is not kept for long
    if (answer_.capacity() > kKept) std::string().swap(answer_);
  }

  const Reader& reader_;
  AnswerRoom room_;
  std::array<MappedMail, kSlots + 1> memory_;  // by slot
  std::string answer_;
};

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Where the answers go.
base::Result<AnswerRoom> enter(int argc, char** argv, const Reader& reader) {
  if (auto left = leave_the_daemon(); !left) return left.error();
  if (argc != 4) return base::permanent(base::Code::invalid, "no bounds were given");
  const auto hello = receive(kHello);
  if (!hello) return base::transient(base::Code::closed, "the daemon has gone");
  if (auto known = decode_hello(hello->first); !known) return known.error();
  auto room = AnswerRoom::map(hello->second);
  if (!room) return room;
  reader.prepare();
  if (auto shut_in = shut({number(argv[2]), number(argv[3])}); !shut_in) return shut_in.error();
  return room;
}

}  // namespace

int run_worker(int argc, char** argv, const Reader& reader) {
  std::set_new_handler([] { end(ExitStatus::out_of_memory); });
  auto entered = enter(argc, argv, reader);
  if (!entered) {
    std::fprintf(stderr, "beredd: %s\n", entered.error().detail.c_str());
    const std::string trouble = encode_ready(entered.error().detail);
    [[maybe_unused]] const auto written = ::write(kSocket, trouble.data(), trouble.size());
    return static_cast<int>(ExitStatus::no_jail);
  }
  write_all(encode_ready({}));
  Worker worker(reader, *std::move(entered));
  while (worker.answer_one()) {
  }
  // Nothing that runs at exit is needed, and some of it is not allowed.
  end(ExitStatus::done);
}

}  // namespace beredd::jail
