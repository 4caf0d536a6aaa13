#include "change_watch.h"

#include "client.h"

#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "beredd/api/codec.h"
#include "beredd/api/deadline.h"

namespace beredd::beredctl {
namespace {

// The daemon holds an answer back for so long; stopping waits for it, so it is short.
constexpr int kPatience = 2;  // seconds
constexpr int kRetry = 2;     // seconds, while the daemon is away
// Under a flood of mail everything changes all the time; a screen need not.
constexpr int kGather = 1;  // seconds

}  // namespace

ChangeWatch::ChangeWatch(std::string socket) : socket_(std::move(socket)) {
  if (::pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0 || ::pipe2(stopped_, O_CLOEXEC) != 0) {
    connected_ = false;  // without changes the view is as of the last key
    return;
  }
  thread_ = std::thread([this] { run(); });
}

ChangeWatch::~ChangeWatch() {
  stopping_ = true;
  if (stopped_[1] >= 0) ::close(stopped_[1]);
  if (thread_.joinable()) thread_.join();
  for (const int fd : {pipe_[0], pipe_[1], stopped_[0]}) {
    if (fd >= 0) ::close(fd);
  }
}

void ChangeWatch::take() {
  char bytes[64];
  while (::read(pipe_[0], bytes, sizeof bytes) > 0) {
  }
}

void ChangeWatch::tell() const {
  const char byte = 0;
  // A full pipe says it already.
  [[maybe_unused]] const auto written = ::write(pipe_[1], &byte, 1);
}

void ChangeWatch::pause(int seconds) const {
  pollfd end{stopped_[0], POLLIN, 0};
  [[maybe_unused]] const int ready = ::poll(&end, 1, seconds * 1000);
}

void ChangeWatch::run() {
  Client client(socket_);
  std::optional<std::uint64_t> seen;
  while (!stopping_) {
    // An empty journal has no number to wait behind.
    const bool waits = seen && *seen > 0;
    const auto body = client.get(fmt::format("/v1/changes?after={}{}", seen.value_or(0),
                                             waits ? fmt::format("&wait={}s", kPatience) : ""));
    const auto last =
        body ? api::decode<api::Changes>(*body) : base::Result<api::Changes>(body.error());
    if (connected_.exchange(last.ok()) != last.ok()) tell();
    if (!last) {
      pause(kRetry);
      continue;
    }
    // Whatever came between the first look of whoever shows it and this one is news, too; and a
    // number that went back is another store's.
    if (!seen || *seen != last->seq) tell();
    const bool same = seen && *seen == last->seq;
    seen = last->seq;
    if (!same || !waits) pause(kGather);
  }
}

}  // namespace beredd::beredctl
