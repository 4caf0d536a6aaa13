#include "tree.h"

#include <algorithm>
#include <sstream>

// toml++ 3.3 asserts that a table header begins with a key, although its next line reports a header
// that does not ("[.a]") as the syntax error it is. The assertion would end the daemon instead.
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

namespace beredd::config {
namespace {

int line_of(const toml::source_region& where) { return static_cast<int>(where.begin.line); }

std::string printed(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& value) { out << value; });
  return out.str();
}

Value copied(const toml::node& node);

std::vector<Entry> entries_of(const toml::table& table) {
  struct Placed {
    toml::source_position at;
    Entry entry;
  };
  std::vector<Placed> placed;
  for (const auto& [key, value] : table) {
    const toml::source_region& where = key.source();
    placed.push_back({where.begin, {std::string(key.str()), line_of(where), copied(value)}});
  }
  // toml++ sorts by name; messages want the order of the file.
  std::stable_sort(placed.begin(), placed.end(),
                   [](const Placed& a, const Placed& b) { return a.at < b.at; });
  std::vector<Entry> entries;
  entries.reserve(placed.size());
  for (Placed& one : placed) entries.push_back(std::move(one.entry));
  return entries;
}

Value copied(const toml::node& node) {
  Value value;
  value.type = Value::Type::other;
  value.line = line_of(node.source());
  if (const auto* text = node.as_string()) {
    value.type = Value::Type::text;
    value.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.type = Value::Type::integer;
    value.integer = integer->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.type = Value::Type::boolean;
    value.boolean = boolean->get();
  } else if (const auto* list = node.as_array()) {
    value.type = Value::Type::list;
    for (const toml::node& item : *list) value.items.push_back(copied(item));
  } else if (const auto* table = node.as_table()) {
    value.type = Value::Type::table;
    value.entries = entries_of(*table);
  } else {
    value.text = printed(node);
  }
  return value;
}

// The line of a dotted key of more segments than any sane one, 0 when there is none. toml++ limits
// the depth of brackets, but not of dots, and neither its destructors nor copied() bear any depth.
int line_of_endless_key(std::string_view toml) {
  constexpr int kMostDots = 500;
  constexpr std::string_view kInKeys = "-_\"' \t";
  int line = 1;
  int dots = 0;
  for (const char c : toml) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == '\n') ++line;
    if (c == '.') {
      if (++dots > kMostDots) return line;
    } else if (!letter && kInKeys.find(c) == std::string_view::npos) {
      dots = 0;
    }
  }
  return 0;
}

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

bool Value::is_list_of_tables() const {
  return type == Type::list && std::all_of(items.begin(), items.end(), [](const Value& item) {
           return item.type == Type::table;
         });
}

const std::vector<Value>& Value::list(std::string_view key) const {
  static const std::vector<Value> kNone;
  const Value* given = find(key);
  return given != nullptr ? given->items : kNone;
}

const std::vector<Value>& Value::tables(std::string_view key) const {
  static const std::vector<Value> kNone;
  const Value* given = find(key);
  return given != nullptr && given->is_list_of_tables() ? given->items : kNone;
}

Document parse_document(std::string_view toml) {
  Document document;
  document.line = line_of_endless_key(toml);
  if (document.line > 0) {
    document.failure = "a key with that many dots is no key";
    return document;
  }
  try {
    document.root = copied(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    document.failure = error.description();
    document.line = line_of(error.source());
  }
  return document;
}

std::string as_written(const Value& value) {
  switch (value.type) {
    case Value::Type::text: return '"' + value.text + '"';
    case Value::Type::integer: return std::to_string(value.integer);
    case Value::Type::boolean: return value.boolean ? "true" : "false";
    case Value::Type::list: return "a list";
    case Value::Type::table: return "a table";
    case Value::Type::other: break;
  }
  return value.text;
}

}  // namespace beredd::config
