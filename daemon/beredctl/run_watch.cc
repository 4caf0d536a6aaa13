// `ticket list --watch`: the list on a plain terminal, drawn anew when something has changed.

#include "change_watch.h"
#include "print.h"
#include "run.h"

#include <ostream>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

constexpr int kAgesGoOn = 30'000;  // ms: what is "3m ago" is drawn again by then

// Down to what fits, so that the top stays in sight.
std::string first_lines(std::string_view text, std::size_t rows) {
  std::string out;
  std::size_t count = 0;
  for (const std::string_view line : base::split(text, '\n')) {
    if (++count >= rows && rows > 0) break;
    out += std::string(line) + '\n';
  }
  return out;
}

std::size_t rows_of_terminal() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

}  // namespace

int watch(Session& session, const std::function<base::Result<std::string>(Session&)>& text) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  ChangeWatch changes(session.client.socket());
  std::string shown;
  for (bool first = true;; first = false) {
    session.style.now = base::SystemClock().now();
    auto body = text(session);
    if (!body && first) return session.fail(body.error());
    std::string now = body ? *std::move(body) : "The daemon cannot be reached; trying again.\n";
    if (terminal) now = first_lines(now, rows_of_terminal());
    if (now != shown) {
      // Home, the text over what stood there, and clear what is left below: nothing flickers.
      if (terminal) {
        std::string drawn = "\x1b[H";
        for (const std::string_view line :
             base::split(std::string_view(now).substr(0, now.size() - 1), '\n')) {
          drawn += std::string(line) + "\x1b[K\n";
        }
        session.out << drawn << "\x1b[J" << std::flush;
      } else {
        session.out << now << std::flush;
      }
      shown = now;
    }
    if (!session.out.good()) return kFailed;
    pollfd news{changes.descriptor(), POLLIN, 0};
    [[maybe_unused]] const int ready = ::poll(&news, 1, kAgesGoOn);
    changes.take();
  }
}

}  // namespace beredd::beredctl
