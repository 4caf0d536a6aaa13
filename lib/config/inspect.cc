#include "inspect.h"

#include "value.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/config/schema.h"

namespace beredd::config {
namespace {

std::string_view parent_of(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view leaf_of(std::string_view path) { return path.substr(path.rfind('.') + 1); }

std::string joined(std::string_view prefix, std::string_view key) {
  return prefix.empty() ? std::string(key) : fmt::format("{}.{}", prefix, key);
}

std::vector<std::string_view> keys_below(std::string_view prefix) {
  std::vector<std::string_view> keys;
  for (const Key& key : schema()) {
    if (parent_of(key.path) == prefix) keys.push_back(leaf_of(key.path));
  }
  return keys;
}

// The key of the same table that was probably meant by an unknown one.
std::optional<std::string_view> meant_by(std::string_view prefix, std::string_view key) {
  if (key_at(joined(prefix, key)) != nullptr) return std::nullopt;
  return base::nearest(key, keys_below(prefix));
}

// Where the very same key is at home, if that is one place only.
std::string_view home_of(std::string_view key) {
  std::string_view home;
  for (const Key& known : schema()) {
    if (leaf_of(known.path) != key) continue;
    if (!home.empty()) return {};
    home = parent_of(known.path);
  }
  return home;
}

std::string hint_for(std::string_view prefix, std::string_view key) {
  if (const auto meant = meant_by(prefix, key)) return fmt::format("; did you mean {}?", *meant);
  const std::string_view home = home_of(key);
  return home.empty() ? std::string() : fmt::format("; it belongs in {}", home);
}

// A key that is there, or is there misspelt: to miss it too would say the same thing twice.
bool has(std::string_view prefix, const Value& table, std::string_view key) {
  return std::any_of(table.entries.begin(), table.entries.end(), [&](const Entry& entry) {
    return entry.key == key || meant_by(prefix, entry.key) == key;
  });
}

class Inspector {
 public:
  Inspector(const Value& root, Findings& findings) : root_(root), findings_(findings) {}

  void table(std::string_view prefix, const Value& table) {
    for (const Entry& entry : table.entries) this->entry(prefix, entry);
    for (const Key& key : schema()) {
      const bool here = parent_of(key.path) == prefix;
      if (here && key.required && !has(prefix, table, leaf_of(key.path))) {
        missing(key, prefix, table);
      }
    }
  }

 private:
  void entry(std::string_view prefix, const Entry& entry) {
    const std::string path = joined(prefix, entry.key);
    for (const Later& one : later()) {
      if (one.path == path && one.choice.empty()) {
        findings_.error(entry.line, fmt::format("{}: {}", path, one.says));
        return;
      }
    }
    const Key* key = key_at(path);
    if (key == nullptr) {
      findings_.error(entry.line,
                      fmt::format("{}: unknown key{}", path, hint_for(prefix, entry.key)));
      return;
    }
    value(*key, entry);
  }

  void value(const Key& key, const Entry& entry) {
    switch (key.kind) {
      case Kind::table: return single(key, entry);
      case Kind::tables: return several(key, entry);
      case Kind::list: return list(key, entry);
      default: return scalar(key, entry.value);
    }
  }

  void single(const Key& key, const Entry& entry) {
    if (entry.value.type == Value::Type::table) return table(key.path, entry.value);
    const bool doubled = entry.value.type == Value::Type::list;
    wrong(key, entry.line,
          doubled ? fmt::format("there is only one; write [{}], with single brackets", key.path)
                  : fmt::format("expected a table, got {}", as_written(entry.value)));
  }

  void several(const Key& key, const Entry& entry) {
    if (!entry.value.is_list_of_tables()) {
      wrong(key, entry.line,
            fmt::format("there can be several; write [[{}]], with double brackets", key.path));
      return;
    }
    if (entry.value.items.empty() && key.required) return none(key, entry.line);
    for (const Value& item : entry.value.items) table(key.path, item);
  }

  void list(const Key& key, const Entry& entry) {
    if (entry.value.type != Value::Type::list) {
      wrong(key, entry.line, fmt::format("expected a list, got {}", as_written(entry.value)));
      return;
    }
    // No network is nobody, and no selector nothing, which can be meant.
    const bool may_be_empty = !key.required && (key.standard == "[]" || key.of == Kind::network ||
                                                key.of == Kind::selector);
    if (entry.value.items.empty() && !may_be_empty) wrong(key, entry.line, "the list is empty");
    for (const Value& item : entry.value.items) scalar(key, item);
  }

  void scalar(const Key& key, const Value& value) {
    const base::Status status = fits(key, value);
    if (!status) wrong(key, value.line, status.error().detail);
  }

  void missing(const Key& key, std::string_view prefix, const Value& table) {
    if (key.kind == Kind::tables) return none(key, table.line);
    if (prefix.empty()) {
      // A table that is not there lacks every key that it must have.
      Value absent;
      return this->table(key.path, absent);
    }
    std::string text = fmt::format("{}: no {}", label_of(prefix, table), leaf_of(key.path));
    if (key.path == "desk.primary") text += "; " + choice_of_primaries(root_);
    findings_.error(table.line, text);
  }

  void none(const Key& key, int line) {
    findings_.error(line, fmt::format("{0}: none; add a [[{0}]] table", key.path));
  }

  void wrong(const Key& key, int line, std::string_view text) {
    findings_.error(line, fmt::format("{}: {}", key.path, text));
  }

  const Value& root_;
  Findings& findings_;
};

}  // namespace

std::string choice_of_primaries(const Value& root) {
  std::vector<std::string_view> names;
  for (const Value& table : root.tables("primary")) {
    const Value* name = table.find("name");
    if (name != nullptr && name->type == Value::Type::text) names.push_back(name->text);
  }
  if (names.empty()) return "add a [[primary]] table";
  return fmt::format("name one of: {}", fmt::join(names, ", "));
}

std::string label_of(std::string_view path, const Value& table) {
  const Value* name = table.find("name");
  const Key* key = key_at(path);
  const bool named = key != nullptr && key->kind == Kind::tables && name != nullptr &&
                     name->type == Value::Type::text;
  return named ? fmt::format("{} \"{}\"", path, name->text) : std::string(path);
}

void inspect(const Value& root, Findings& findings) {
  Value document = root;
  document.line = 0;  // what the file lacks has no line
  Inspector(root, findings).table("", document);
}

}  // namespace beredd::config
