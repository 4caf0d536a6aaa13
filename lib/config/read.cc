#include "read.h"

#include "fields.h"
#include "value.h"
#include "words.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/config/schema.h"

namespace beredd::config {
namespace {

// Reads one value that fits its key.
struct Conversion {
  const Key& key;
  const Value& value;
  const std::filesystem::path& directory;

  Kind kind() const { return key.kind == Kind::list ? key.of : key.kind; }

  void into(std::string& field) const { field = *as_text(kind(), value); }
  void into(bool& field) const { field = *as_boolean(value); }
  void into(base::Duration& field) const { field = *as_duration(value); }
  void into(base::Bytes& field) const { field = *as_bytes(value); }
  void into(Endpoint& field) const { field = *as_endpoint(kind(), value); }
  void into(int& field) const { field = static_cast<int>(*as_integer(value)); }
  void into(std::uint16_t& field) const { field = static_cast<std::uint16_t>(*as_integer(value)); }
  void into(std::filesystem::path& field) const {
    field = (directory / *as_text(kind(), value)).lexically_normal();
  }
  void into(std::optional<std::filesystem::path>& field) const { into(field.emplace()); }

  template <typename Enum>
  requires std::is_enum_v<Enum>
  void into(Enum& field) const { field = meaning_of<Enum>(value.text).value_or(field); }

  template <typename T>
  void into(std::vector<T>& field) const {
    field.clear();
    for (const Value& item : value.items) {
      if (fits(key, item)) Conversion{key, item, directory}.into(field.emplace_back());
    }
  }
};

class Reader {
 public:
  Reader(std::string prefix, const Value& table, const std::filesystem::path& directory)
      : prefix_(std::move(prefix)), table_(table), directory_(directory) {}

  void operator()(std::string_view name, auto& field) {
    const Key& key = *key_at(prefix_ + std::string(name));
    const Value* given = table_.find(name);
    if (given != nullptr && acceptable(key, *given)) {
      Conversion{key, *given, directory_}.into(field);
    } else if (!key.standard.empty()) {
      const Document standard = parse_document(fmt::format("it = {}", key.standard));
      Conversion{key, *standard.root->find("it"), directory_}.into(field);
    }
  }

  template <typename T>
  void table(std::string_view name, T& field) {
    const Value* given = table_.find(name);
    Reader inner(prefix_ + std::string(name) + ".", given != nullptr ? *given : kAbsent,
                 directory_);
    fields(inner, field);
  }

  template <typename T>
  void table(std::string_view name, std::optional<T>& field) {
    if (table_.find(name) != nullptr) table(name, field.emplace());
  }

  template <typename T>
  void tables(std::string_view name, std::vector<T>& field) {
    for (const Value& item : table_.tables(name)) {
      Reader inner(prefix_ + std::string(name) + ".", item, directory_);
      fields(inner, field.emplace_back());
    }
  }

 private:
  static bool acceptable(const Key& key, const Value& value) {
    return key.kind == Kind::list ? value.type == Value::Type::list : fits(key, value).ok();
  }

  inline static const Value kAbsent{};

  std::string prefix_;
  const Value& table_;
  const std::filesystem::path& directory_;
};

std::uint16_t usual_port(const Check& check, const Target& target) {
  switch (check.kind) {
    case CheckKind::smtp: return check.tls ? 465 : 25;
    case CheckKind::imap: return check.tls ? 993 : 143;
    case CheckKind::tcp: return target.at.port;
    case CheckKind::http: break;
  }
  return 0;
}

// The kind where it is free, else the kind with the first number that is.
std::string free_name(const Primary& primary, CheckKind kind) {
  const auto taken = [&](const std::string& wanted) {
    return std::any_of(primary.checks.begin(), primary.checks.end(),
                       [&](const Check& check) { return check.name == wanted; });
  };
  std::string candidate(name(kind));
  for (int number = 2; taken(candidate); ++number)
    candidate = fmt::format("{}-{}", name(kind), number);
  return candidate;
}

constexpr std::uint16_t kImap = 143, kImaps = 993;

Tls usual_tls(TargetKind kind, std::uint16_t port) {
  if (kind != TargetKind::imap) return Tls::opportunistic;
  return port == kImap ? Tls::required : Tls::implicit;
}

void complete(Target& target) {
  if (target.tls == Tls::usual) target.tls = usual_tls(target.kind, target.at.port);
  if (target.at.port != 0) return;
  switch (target.kind) {
    case TargetKind::smtp: target.at.port = 25; return;
    case TargetKind::lmtp: target.at.port = 24; return;
    case TargetKind::imap: target.at.port = target.tls == Tls::required ? kImap : kImaps; return;
  }
}

void complete(LookUp& look_up) {
  if (look_up.tls == Tls::usual) look_up.tls = usual_tls(TargetKind::imap, look_up.at.port);
  if (look_up.at.port == 0) look_up.at.port = look_up.tls == Tls::required ? kImap : kImaps;
}

void complete(Primary& primary) {
  complete(primary.target);
  if (primary.look_up) complete(*primary.look_up);
  if (primary.checks.empty()) primary.checks.emplace_back();
  for (Check& check : primary.checks) {
    if (check.name.empty()) check.name = free_name(primary, check.kind);
    if (check.kind == CheckKind::http) continue;
    if (check.at.host.empty()) check.at.host = primary.target.at.host;
    if (check.at.port == 0) check.at.port = usual_port(check, primary.target);
  }
}

void complete(Desk& desk) {
  if (!desk.from.empty() || desk.addresses.empty()) return;
  const auto whole = std::find_if(desk.addresses.begin(), desk.addresses.end(),
                                  [](const std::string& one) { return !one.starts_with('@'); });
  // postmaster exists in every domain that we serve.
  desk.from = whole != desk.addresses.end() ? *whole : "postmaster" + desk.addresses.front();
}

void complete(Person& person) {
  if (person.login.empty()) person.login = person.name;
}

}  // namespace

Config read(const Value& root, const std::filesystem::path& directory) {
  Config config;
  Reader reader("", root, directory);
  fields(reader, config);
  for (Desk& desk : config.desks) complete(desk);
  for (Primary& primary : config.primaries) complete(primary);
  for (Person& person : config.people) complete(person);
  return config;
}

}  // namespace beredd::config
