#include "beredd/base/log.h"

#include "log_sink.h"

#include <cstdlib>
#include <memory>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beredd/base/text.h"

namespace beredd::base {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::shared_ptr<spdlog::sinks::sink> make_sink() {
  if (is_journal(std::getenv("JOURNAL_STREAM"), STDERR_FILENO)) {
    return std::make_shared<spdlog::sinks::systemd_sink_mt>();
  }
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                                                                  spdlog::pattern_time_type::utc));
  return sink;
}

spdlog::logger make_logger(Level threshold) {
  spdlog::logger logger("beredd", make_sink());
  logger.set_level(spdlog_level(threshold));
  logger.flush_on(spdlog::level::debug);
  return logger;
}

spdlog::logger& logger() {
  // Never destroyed: a thread may still have something to say while the process ends.
  static auto* const the_logger = new spdlog::logger(make_logger(Level::warning));
  return *the_logger;
}

}  // namespace

bool is_journal(const char* journal_stream, int descriptor) {
  struct stat status {};
  if (journal_stream == nullptr || fstat(descriptor, &status) != 0) return false;
  return journal_stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

void open_log(Level threshold) { logger() = make_logger(threshold); }

void log_line(Level level, std::string_view text) {
  spdlog::logger& out = logger();
  if (!out.should_log(spdlog_level(level))) return;
  out.log(spdlog_level(level), spdlog::string_view_t(for_terminal(text)));
}

}  // namespace beredd::base
