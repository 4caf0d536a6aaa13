#pragma once
// A TOML document as a plain tree with lines. tree.cc is the wall around toml++: nothing of it, and
// none of its exceptions, comes through.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::config {

struct Entry;

struct Value {
  enum class Type { text, integer, boolean, list, table, other };  // other: reals, dates, times

  Type type = Type::table;
  int line = 0;
  std::string text;  // text: the string itself; other: as TOML writes it
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<Value> items;
  std::vector<Entry> entries;  // in the order of the file

  // Null when there is no such key, or this is no table.
  const Value* find(std::string_view key) const;
  // The tables of [[key]]; none when it is missing or is anything else.
  const std::vector<Value>& tables(std::string_view key) const;
  // The same for a list, whatever it holds.
  const std::vector<Value>& list(std::string_view key) const;
  bool is_list_of_tables() const;
};

struct Entry {
  std::string key;
  int line = 0;
  Value value;
};

struct Document {
  std::optional<Value> root;  // nothing: `failure` says what is wrong at `line`
  std::string failure;
  int line = 0;
};

Document parse_document(std::string_view toml);

// As a message shows it: "text" in quotes, numbers plain, "a list", "a table".
std::string as_written(const Value& value);

}  // namespace beredd::config
