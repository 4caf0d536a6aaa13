#include "value.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/calendar/hours.h"

namespace beredd::config {
namespace {

using base::Code;
using base::permanent;
using base::Result;
using base::Status;

base::Error expected(std::string_view what, const Value& got) {
  return permanent(Code::invalid, fmt::format("expected {}, got {}", what, as_written(got)));
}

Result<std::int64_t> integer_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Numbers and quantities stand in a message without quotes.
std::string bare(const Value& value) {
  return value.type == Value::Type::text ? value.text : as_written(value);
}

// `read` reads a bound of the schema, which is always well formed.
template <typename T, typename Read>
Status within(const Key& key, const Value& value, const Result<T>& meant, Read read) {
  if (!meant) return meant.error();
  if (!key.minimum.empty() && *meant < *read(key.minimum)) {
    return permanent(Code::invalid,
                     fmt::format("{} is below the minimum {}", bare(value), key.minimum));
  }
  if (!key.maximum.empty() && *meant > *read(key.maximum)) {
    return permanent(Code::invalid,
                     fmt::format("{} is above the maximum {}", bare(value), key.maximum));
  }
  return {};
}

template <typename T>
Status dropped(const Result<T>& result) {
  return result ? Status() : Status(result.error());
}

Status fits_choice(const Key& key, const Value& value) {
  const std::vector<std::string_view> choices = choices_of(key);
  if (value.type == Value::Type::text) {
    if (std::find(choices.begin(), choices.end(), value.text) != choices.end()) return {};
    for (const Later& one : later()) {
      if (one.path == key.path && one.choice == value.text) {
        return permanent(Code::unsupported,
                         fmt::format("\"{}\" is not in this version; {}", value.text, one.says));
      }
    }
  }
  return expected("one of " + fmt::format("{}", fmt::join(choices, ", ")), value);
}

// Written as it was: the calendar reads it again.
Result<std::string> spell_time(Kind kind, const std::string& text) {
  const Status read = kind == Kind::time_zone      ? dropped(calendar::Zone::named(text))
                      : kind == Kind::weekly_hours ? dropped(calendar::parse_weekly(text))
                      : kind == Kind::days         ? dropped(calendar::parse_days(text))
                                                   : dropped(calendar::parse_special(text));
  if (!read) return read.error();
  return text;
}

Result<std::string> spelled(Kind kind, const std::string& text) {
  switch (kind) {
    case Kind::name: return spell_name(text);
    case Kind::host: return spell_host(text);
    case Kind::sender: return spell_sender(text);
    case Kind::served: return spell_served(text);
    case Kind::network: return spell_network(text);
    case Kind::url: return spell_url(text);
    case Kind::zone: return spell_zone(text);
    case Kind::selector: return spell_selector(text);
    case Kind::time_zone:
    case Kind::weekly_hours:
    case Kind::days:
    case Kind::special_hours: return spell_time(kind, text);
    default: return text;
  }
}

bool is_path(Kind kind) { return kind == Kind::path || kind == Kind::file || kind == Kind::secret; }

}  // namespace

std::vector<std::string_view> choices_of(const Key& key) {
  std::vector<std::string_view> choices = base::split(key.choices, '|');
  for (std::string_view& choice : choices) choice = base::trim(choice);
  return choices;
}

Result<std::int64_t> as_integer(const Value& value) {
  if (value.type != Value::Type::integer) return expected("a whole number", value);
  return value.integer;
}

Result<bool> as_boolean(const Value& value) {
  if (value.type != Value::Type::boolean) return expected("true or false", value);
  return value.boolean;
}

Result<base::Duration> as_duration(const Value& value) {
  if (value.type == Value::Type::text) {
    Result<base::Duration> duration = base::parse_duration(value.text);
    if (duration) return duration;
  }
  return expected("a duration such as \"30s\" or \"1h30m\"", value);
}

Result<base::Bytes> as_bytes(const Value& value) {
  if (value.type == Value::Type::text) {
    Result<base::Bytes> bytes = base::parse_bytes(value.text);
    if (bytes) return bytes;
  }
  return expected("a size such as \"40MiB\"", value);
}

Result<Endpoint> as_endpoint(Kind kind, const Value& value) {
  if (value.type != Value::Type::text) return expected("\"address:port\" in quotes", value);
  return kind == Kind::server ? spell_server(value.text) : spell_endpoint(value.text);
}

Result<std::string> as_text(Kind kind, const Value& value) {
  if (value.type != Value::Type::text) return expected("text in quotes", value);
  // A NUL would cut the text short for every C interface behind us.
  if (value.text.find('\0') != std::string::npos) {
    return permanent(Code::invalid, "a NUL has no place here");
  }
  if (is_path(kind) && value.text.empty()) return expected("a path", value);
  return spelled(kind, value.text);
}

Status fits(const Key& key, const Value& value) {
  const Kind kind = key.kind == Kind::list ? key.of : key.kind;
  switch (kind) {
    case Kind::integer: return within(key, value, as_integer(value), integer_in);
    case Kind::duration: return within(key, value, as_duration(value), base::parse_duration);
    case Kind::bytes: return within(key, value, as_bytes(value), base::parse_bytes);
    case Kind::boolean: return dropped(as_boolean(value));
    case Kind::endpoint:
    case Kind::server: return dropped(as_endpoint(kind, value));
    case Kind::choice: return fits_choice(key, value);
    default: return dropped(as_text(kind, value));
  }
}

}  // namespace beredd::config
