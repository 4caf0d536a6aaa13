// beredctl: exit status 0 done, 1 refused or failed, 2 usage, 3 the daemon cannot be reached.

#include "arguments.h"
#include "run.h"

#include <clocale>
#include <cstdlib>
#include <iostream>

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

using namespace beredd;
using namespace beredd::beredctl;

// Column widths need an encoding that knows Unicode; a rescue shell often has none.
void choose_locale() {
  const char* chosen = std::setlocale(LC_CTYPE, "");
  if (chosen == nullptr || std::string_view(::nl_langinfo(CODESET)) != "UTF-8") {
    std::setlocale(LC_CTYPE, "C.UTF-8");
  }
}

Style style_of(Colour colour) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const char* refused = std::getenv("NO_COLOR");
  Style style;
  style.colour = colour == Colour::always || (colour == Colour::automatic && terminal &&
                                              (refused == nullptr || *refused == '\0'));
  winsize size{};
  if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) style.columns = size.ws_col;
  style.now = base::SystemClock().now();
  return style;
}

}  // namespace

int main(int argc, char** argv) {
  choose_locale();
  const char* socket = std::getenv("BEREDD_SOCKET");
  const auto read = read_arguments(
      argc, argv, socket != nullptr ? socket : std::string(kStandardSocket), std::cout, std::cerr);
  if (const auto* ended = std::get_if<Ended>(&read)) return ended->status;
  const auto& arguments = std::get<Arguments>(read);
  Client client(arguments.socket);
  const bool person = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  Session session{client,    arguments.json, style_of(arguments.colour), std::cout, std::cerr,
                  &std::cin, person};
  return std::visit([&](const auto& command) { return run(session, command); }, arguments.command);
}
