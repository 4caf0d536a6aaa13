// By itself, because term.h makes macros of words such as "lines" and "columns".

#include "terminal_kind.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

namespace beredd::beredctl {

bool terminal_is_known() {
  int answer = 0;
  if (::setupterm(nullptr, STDOUT_FILENO, &answer) != OK) return false;
  ::del_curterm(cur_term);
  return true;
}

}  // namespace beredd::beredctl
