// The least that a durable mail server can do, to show what the machine can carry: it knows a
// command by its first letter, keeps the body as it came, and says 250 when one fdatasync has put
// all that wait onto the disk. It checks nothing, seals nothing, threads nothing, and gives nothing
// back; not for use. Usage: least PORT FILE

#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

constexpr off_t kLogSize = 32 << 20;

struct Session {
  int socket;
  bool in_data = false;
  std::string body = {};
};

void require(bool done, const char* what) {
  if (done) return;
  std::perror(what);
  std::exit(1);
}

void say(const Session& session, std::string_view reply) {
  // A client that is gone shows at the next read.
  static_cast<void>(::send(session.socket, reply.data(), reply.size(), MSG_NOSIGNAL));
}

// Group commit: what arrives while a sync is under way shares the next one. The file has all its
// blocks from the start and is written round and round.
class Log {
 public:
  explicit Log(const char* path) : file_(::open(path, O_RDWR | O_CREAT | O_TRUNC, 0600)) {
    const std::string zeros(1 << 20, '\0');
    for (off_t at = 0; at < kLogSize; at += 1 << 20) {
      require(::pwrite(file_, zeros.data(), zeros.size(), at) == 1 << 20, "filling the log");
    }
    require(::fsync(file_) == 0, "fsync");
  }

  void add(Session* session) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(session);
    }
    wake_.notify_one();
  }

  [[noreturn]] void run() {
    std::vector<Session*> batch;
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !waiting_.empty(); });
        batch.swap(waiting_);
      }
      write(batch);
      for (Session* session : batch) {
        session->body.clear();
        say(*session, "250 2.0.0 taken\r\n");
      }
      batch.clear();
    }
  }

 private:
  void write(const std::vector<Session*>& batch) {
    std::vector<iovec> pieces;
    ssize_t size = 0;
    for (Session* session : batch) {
      pieces.push_back({session->body.data(), session->body.size()});
      size += static_cast<ssize_t>(session->body.size());
    }
    if (at_ + size > kLogSize) at_ = 0;
    require(::pwritev(file_, pieces.data(), static_cast<int>(pieces.size()), at_) == size,
            "pwritev");
    require(::fdatasync(file_) == 0, "fdatasync");
    at_ += (size + 4095) / 4096 * 4096;
  }

  const int file_;
  off_t at_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Session*> waiting_;
};

void obey(Session& session, std::string_view bytes, Log& log) {
  if (session.in_data) {
    session.body += bytes;
    if (!session.body.ends_with("\r\n.\r\n")) return;
    session.in_data = false;
    return log.add(&session);
  }
  switch (bytes.front()) {
    case 'D': session.in_data = true; return say(session, "354 go on\r\n");
    case 'Q':
      say(session, "221 bye\r\n");
      ::shutdown(session.socket, SHUT_RDWR);
      return;
    default: return say(session, "250 ok\r\n");
  }
}

void greet(int listener, int loop) {
  const int socket = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
  if (socket < 0) return;  // the other thread was faster
  const int one = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  auto* session = new Session{socket};
  epoll_event event{EPOLLIN | EPOLLET, {session}};
  ::epoll_ctl(loop, EPOLL_CTL_ADD, socket, &event);
  say(*session, "220 least ESMTP\r\n");
}

[[noreturn]] void serve(int listener, Log& log) {
  const int loop = ::epoll_create1(0);
  epoll_event event{EPOLLIN | EPOLLEXCLUSIVE, {nullptr}};
  require(::epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event) == 0, "epoll_ctl");
  std::vector<epoll_event> events(64);
  std::vector<char> room(1 << 16);
  for (;;) {
    const int count = ::epoll_wait(loop, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      auto* session = static_cast<Session*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (session == nullptr) {
        greet(listener, loop);
        continue;
      }
      const ssize_t got = ::recv(session->socket, room.data(), room.size(), 0);
      if (got > 0) {
        obey(*session, {room.data(), static_cast<std::size_t>(got)}, log);
      } else if (got == 0) {
        ::close(session->socket);
        delete session;
      }
    }
  }
}

int listen_at(const char* port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int one = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
  require(::listen(listener, 1024) == 0, "listen");
  return listener;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    static_cast<void>(std::fputs("usage: least PORT FILE\n", stderr));
    return 2;
  }
  Log log(argv[2]);
  const int listener = listen_at(argv[1]);
  std::thread other([&] { serve(listener, log); });
  std::thread syncing([&] { log.run(); });
  serve(listener, log);
}
