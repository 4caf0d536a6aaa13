#include "beredd/base/metrics.h"

#include <cstdlib>
#include <iterator>

#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::base {
namespace {

// A back slash and a line feed are escaped everywhere, a quote only between quotes.
std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (quotes && c == '"')) out += '\\';
    out += c;
  }
  return out;
}

template <typename Metric>
Metric& find_or_add(std::map<std::string, std::unique_ptr<Metric>, std::less<>>& metrics,
                    std::string_view labels) {
  auto at = metrics.find(labels);
  if (at == metrics.end()) at = metrics.emplace(labels, std::make_unique<Metric>()).first;
  return *at->second;
}

template <typename Metric>
void append(std::string& out, std::string_view name,
            const std::map<std::string, std::unique_ptr<Metric>, std::less<>>& metrics) {
  for (const auto& [labels, metric] : metrics) {
    out += name;
    if (!labels.empty()) fmt::format_to(std::back_inserter(out), "{{{}}}", labels);
    fmt::format_to(std::back_inserter(out), " {}\n", metric->value());
  }
}

}  // namespace

Counter& Metrics::counter(std::string_view name, std::string_view help, std::string_view labels) {
  const std::lock_guard lock(mutex_);
  return find_or_add(family(name, help, true).counters, labels);
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, std::string_view labels) {
  const std::lock_guard lock(mutex_);
  return find_or_add(family(name, help, false).gauges, labels);
}

Metrics::Family& Metrics::family(std::string_view name, std::string_view help, bool is_counter) {
  auto at = families_.find(name);
  if (at == families_.end()) {
    at = families_.emplace(name, Family{std::string(help), is_counter, {}, {}}).first;
  }
  if (at->second.is_counter != is_counter) {
    log_error("a metric has two kinds name={}", name);
    std::abort();
  }
  return at->second;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name,
                   escaped(family.help, false), name, family.is_counter ? "counter" : "gauge");
    append(out, name, family.counters);
    append(out, name, family.gauges);
  }
  return out;
}

std::string label(std::string_view key, std::string_view value) {
  return fmt::format("{}=\"{}\"", key, escaped(value, true));
}

}  // namespace beredd::base
