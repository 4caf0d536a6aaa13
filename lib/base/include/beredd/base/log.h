#pragma once
// The log: one line per event, "what happened key=value key=value", to the journal or to stderr.

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace beredd::base {

enum class Level { debug, info, warning, error };

// To the systemd journal when stderr is connected to it (JOURNAL_STREAM is set and matches), else
// to stderr with a UTC time. Call once, before threads start; without it, warnings and errors go to
// stderr.
void open_log(Level threshold);
void log_line(Level level, std::string_view text);  // any thread; control characters are escaped

// Never log what a customer wrote: ids, addresses' domains and counts only.
template <typename... Args>
void log(Level level, fmt::format_string<Args...> format, Args&&... args) {
  log_line(level, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log(Level::info, format, std::forward<Args>(args)...);
}
template <typename... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log(Level::warning, format, std::forward<Args>(args)...);
}
template <typename... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log(Level::error, format, std::forward<Args>(args)...);
}

}  // namespace beredd::base
