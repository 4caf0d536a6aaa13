#include "beredd/failover/mode.h"

namespace beredd::failover {

std::string_view name(Mode mode) {
  switch (mode) {
    case Mode::normal: return "normal";
    case Mode::suspect: return "suspect";
    case Mode::fallback: return "fallback";
    case Mode::probation: return "probation";
    case Mode::handback: return "handback";
  }
  return "fallback";
}

std::string_view name(Event event) {
  switch (event) {
    case Event::failed: return "failed";
    case Event::recovered: return "recovered";
    case Event::fell: return "fell";
    case Event::rose: return "rose";
    case Event::proven: return "proven";
    case Event::drained: return "drained";
    case Event::hurt: return "hurt";
  }
  return "failed";
}

std::optional<Mode> mode_named(std::string_view text) {
  for (const Mode mode :
       {Mode::normal, Mode::suspect, Mode::fallback, Mode::probation, Mode::handback}) {
    if (name(mode) == text) return mode;
  }
  return std::nullopt;
}

}  // namespace beredd::failover
