#include "desk_terminal.h"

#include "terminal_kind.h"

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

#include <fmt/format.h>
#include <unistd.h>

// After everything else: it defines macros with everybody's names.
#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

namespace beredd::beredctl {
namespace {

enum Colours : short { kGood = 1, kDoubtful, kBad };

Key key_of(int code) {
  switch (code) {
    case KEY_UP: return Key::up;
    case KEY_DOWN: return Key::down;
    case KEY_PPAGE: return Key::page_up;
    case KEY_NPAGE: return Key::page_down;
    case KEY_HOME: return Key::home;
    case KEY_END: return Key::end;
    case KEY_ENTER: return Key::enter;
    case KEY_BACKSPACE: return Key::backspace;
    default: return Key::other;
  }
}

Pressed typed(wint_t character) {
  constexpr wint_t kBackspace = 0x08, kCtrlL = 0x0c, kEscape = 0x1b, kBlank = 0x20, kDelete = 0x7f;
  switch (character) {
    case L'\n':
    case L'\r': return {Key::enter};
    case kBackspace:
    case kDelete: return {Key::backspace};
    case kEscape: return {Key::escape};
    case kCtrlL: return {Key::redraw};
    default: break;
  }
  char bytes[MB_LEN_MAX];
  std::mbstate_t state{};
  const std::size_t length = std::wcrtomb(bytes, static_cast<wchar_t>(character), &state);
  if (character < kBlank || length == static_cast<std::size_t>(-1)) return {Key::other};
  return {Key::other, std::string(bytes, length)};
}

class Curses final : public Terminal {
 public:
  Curses(SCREEN* screen, bool colour) : screen_(screen) {
    ::set_term(screen_);
    ::cbreak();
    ::noecho();
    ::nonl();
    ::intrflush(::stdscr, FALSE);
    ::keypad(::stdscr, TRUE);
    ::nodelay(::stdscr, TRUE);
    ::leaveok(::stdscr, FALSE);
    // An escape sequence of a slow line still comes in one piece, and Escape is not waited for
    // long.
    ::set_escdelay(100);
    coloured_ = colour && ::has_colors() && ::start_color() == OK;
    if (!coloured_) return;
    const short ground = ::use_default_colors() == OK ? short{-1} : short{COLOR_BLACK};
    ::init_pair(kGood, COLOR_GREEN, ground);
    ::init_pair(kDoubtful, COLOR_YELLOW, ground);
    ::init_pair(kBad, COLOR_RED, ground);
  }
  ~Curses() override {
    ::endwin();
    ::delscreen(screen_);
  }

  Size size() const override {
    return {static_cast<std::size_t>(getmaxy(::stdscr)),
            static_cast<std::size_t>(getmaxx(::stdscr))};
  }

  void show(const Screen& screen) override {
    ::werase(::stdscr);
    for (std::size_t row = 0; row < screen.lines.size() && row < size().rows; ++row) {
      put(static_cast<int>(row), screen.lines[row]);
    }
    const bool cursor = screen.cursor_row < size().rows;
    ::curs_set(cursor ? 1 : 0);
    if (cursor) {
      ::wmove(::stdscr, static_cast<int>(screen.cursor_row),
              static_cast<int>(screen.cursor_column));
    } else {
      ::wmove(::stdscr, getmaxy(::stdscr) - 1, 0);
    }
    ::wrefresh(::stdscr);
  }

  void redraw() override { ::clearok(::curscr, TRUE); }

  std::optional<Input> next() override {
    wint_t character = 0;
    const int kind = ::wget_wch(::stdscr, &character);
    if (kind == ERR) return std::nullopt;
    if (kind != KEY_CODE_YES) return Input{typed(character)};
    if (character == KEY_RESIZE) return Input{{}, true};
    return Input{{key_of(static_cast<int>(character))}};
  }

  void leave() override {
    ::def_prog_mode();
    ::endwin();
  }
  void come_back() override {
    ::reset_prog_mode();
    redraw();
  }

 private:
  attr_t attributes_of(Paint paint) const {
    const auto pair = [&](short number) {
      return coloured_ ? static_cast<attr_t>(COLOR_PAIR(number)) : attr_t{0};
    };
    switch (paint) {
      case Paint::plain: return A_NORMAL;
      case Paint::strong: return A_BOLD;
      case Paint::faint: return A_DIM;
      case Paint::good: return pair(kGood);
      case Paint::doubtful: return pair(kDoubtful) | A_BOLD;
      case Paint::bad: return pair(kBad) | A_BOLD;
    }
    return A_NORMAL;
  }

  // The last cell of the last row is left alone: some terminals scroll when it is written.
  void put(int row, const Line& line) {
    const bool last = row == getmaxy(::stdscr) - 1;
    const auto columns = size().columns - (last ? 1 : 0);
    ::wmove(::stdscr, row, 0);
    for (const Piece& piece : line.pieces) {
      const auto used = static_cast<std::size_t>(getcurx(::stdscr));
      if (getcury(::stdscr) != row || used >= columns) return;
      const std::string text = cut(piece.text, columns - used);
      ::wattrset(::stdscr,
                 static_cast<int>(attributes_of(piece.paint) | (line.reversed ? A_REVERSE : 0u)));
      ::waddnstr(::stdscr, text.data(), static_cast<int>(text.size()));
      ::wattrset(::stdscr, A_NORMAL);
    }
  }

  SCREEN* screen_;
  bool coloured_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Terminal>> Terminal::open(bool colour) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) {
    return base::permanent(base::Code::unsupported,
                           "the desk needs a terminal; `beredctl ticket list` does not");
  }
  const char* kind = std::getenv("TERM");
  SCREEN* screen = terminal_is_known() ? ::newterm(nullptr, stdout, stdin) : nullptr;
  if (screen == nullptr) {
    return base::permanent(base::Code::unsupported,
                           fmt::format("nobody knows how to draw on a terminal of kind \"{}\"; set "
                                       "TERM, or use `beredctl ticket list --watch`",
                                       kind != nullptr ? kind : ""));
  }
  return std::unique_ptr<Terminal>(std::make_unique<Curses>(screen, colour));
}

}  // namespace beredd::beredctl
