#include "cross_check.h"

#include "inspect.h"
#include "spelling.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <sys/un.h>

#include "beredd/base/text.h"

namespace beredd::config {
namespace {

int line_of(const Value& table, std::string_view key) {
  const Value* given = table.find(key);
  return given != nullptr ? given->line : table.line;
}

// Reports every name that was there before, where it comes again.
class Unique {
 public:
  explicit Unique(Findings& findings) : findings_(findings) {}

  void add(std::string_view path, const Value& table) {
    const Value* name = table.find("name");
    if (name == nullptr || name->type != Value::Type::text) return;
    const auto [first, fresh] = seen_.emplace(name->text, name->line);
    if (fresh) return;
    findings_.error(name->line, fmt::format("{}: this name is taken in line {}",
                                            label_of(path, table), first->second));
  }

 private:
  Findings& findings_;
  std::map<std::string, int> seen_;
};

void check_smtp(const Value& root, const Config& config, Findings& findings) {
  const Value* smtp = root.find("smtp");
  if (smtp == nullptr) return;
  if (config.smtp.certificate && !config.smtp.private_key) {
    findings.error(line_of(*smtp, "certificate"), "smtp: a certificate needs its private_key");
  }
  if (!config.smtp.certificate && config.smtp.private_key) {
    findings.error(line_of(*smtp, "private_key"), "smtp: a private_key needs its certificate");
  }
  if (!config.smtp.sni.empty() && !config.smtp.certificate) {
    findings.error(smtp->tables("sni").front().line,
                   "smtp.sni: needs smtp.certificate, which every other client is shown");
  }
}

// One address can be listened on once, by SMTP or by LMTP, and RFC 2033 §5 keeps LMTP off port 25.
void check_listeners(const Value& root, Findings& findings) {
  std::map<std::string, std::string_view> seen;
  for (const std::string_view protocol : {"smtp", "lmtp"}) {
    const Value* table = root.find(protocol);
    if (table == nullptr) continue;
    for (const Value& item : table->list("listen")) {
      if (item.type != Value::Type::text || item.text.ends_with(":0")) continue;
      if (protocol == "lmtp" && item.text.ends_with(":25")) {
        findings.error(item.line,
                       fmt::format("lmtp.listen: \"{}\": port 25 is for SMTP only", item.text));
      }
      const auto [first, fresh] = seen.emplace(item.text, protocol);
      if (fresh) continue;
      findings.error(item.line,
                     first->second == protocol
                         ? fmt::format("{}.listen: \"{}\" is there twice", protocol, item.text)
                         : fmt::format("{}.listen: \"{}\" is in {}.listen already", protocol,
                                       item.text, first->second));
    }
  }
}

// Asked twice, a list would be no surer, only slower.
void check_block_lists(const Value& root, Findings& findings) {
  const Value* smtp = root.find("smtp");
  const Value* limits = smtp != nullptr ? smtp->find("limits") : nullptr;
  if (limits == nullptr) return;
  std::map<std::string, int> seen;
  for (const Value& item : limits->list("dnsbl")) {
    if (item.type != Value::Type::text) continue;
    const base::Result<std::string> zone = spell_zone(item.text);
    if (!zone || seen.emplace(*zone, item.line).second) continue;
    findings.error(item.line, fmt::format("smtp.limits.dnsbl: \"{}\" is there twice", *zone));
  }
}

void check_control(const Value& root, const Config& config, Findings& findings) {
  // A socket's path has little room; better said here than by a failing bind().
  constexpr std::size_t kRoom = sizeof(sockaddr_un::sun_path) - 1;
  const std::size_t length = config.control.socket.native().size();
  const Value* control = root.find("control");
  if (control == nullptr || length <= kRoom) return;
  findings.error(
      line_of(*control, "socket"),
      fmt::format("control.socket: {} bytes are too long for a socket's path; {} is the most",
                  length, kRoom));
}

void check_primary_of(const Value& table, const Desk& desk, const Value& root, const Config& config,
                      Findings& findings) {
  if (desk.primary.empty() || config.primary_named(desk.primary) != nullptr) return;
  findings.error(line_of(table, "primary"),
                 fmt::format("{}: there is no primary \"{}\"; {}", label_of("desk", table),
                             desk.primary, choice_of_primaries(root)));
}

void check_desks(const Value& root, const Config& config, Findings& findings) {
  struct Owner {
    std::string label;
    int line;
  };
  Unique names(findings);
  std::map<std::string, Owner> owners;
  const std::vector<Value>& tables = root.tables("desk");
  for (std::size_t i = 0; i < config.desks.size(); ++i) {
    const std::string label = label_of("desk", tables[i]);
    names.add("desk", tables[i]);
    check_primary_of(tables[i], config.desks[i], root, config, findings);
    for (const Value& item : tables[i].list("addresses")) {
      if (item.type != Value::Type::text) continue;
      const auto [owner, fresh] = owners.emplace(base::lower(item.text), Owner{label, item.line});
      if (fresh) continue;
      findings.error(item.line, fmt::format("{}: {} is already served by {} in line {}", label,
                                            item.text, owner->second.label, owner->second.line));
    }
  }
}

constexpr std::string_view kHttpKeys[] = {"url", "expect", "body"};
constexpr std::string_view kHostKeys[] = {"host", "port"};

void check_misfits(const Value& table, const Check& check, Findings& findings) {
  const auto misfit = [&](std::string_view key) {
    if (table.find(key) == nullptr) return;
    findings.error(line_of(table, key), fmt::format("primary.check.{}: not for a check of kind {}",
                                                    key, name(check.kind)));
  };
  if (check.kind == CheckKind::http) {
    for (const std::string_view key : kHostKeys) misfit(key);
    if (table.find("url") == nullptr) {
      findings.error(table.line, fmt::format("{}: no url", label_of("primary.check", table)));
    }
  } else {
    for (const std::string_view key : kHttpKeys) misfit(key);
  }
  if (check.kind == CheckKind::http || check.kind == CheckKind::tcp) misfit("tls");
}

void check_checks(const Value& table, const Primary& primary, Findings& findings) {
  Unique names(findings);
  const std::vector<Value>& tables = table.tables("check");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    names.add("primary.check", tables[i]);
    // A kind that is missing or unknown was reported; nothing can be said about its keys.
    const Value* kind = tables[i].find("kind");
    if (kind != nullptr && kind->text == name(primary.checks[i].kind)) {
      check_misfits(tables[i], primary.checks[i], findings);
    }
  }
  if (table.find("check") == nullptr) {
    findings.warning(table.line, fmt::format("{}: no check; only its target's port will be tried",
                                             label_of("primary", table)));
  }
  const Value* failover = table.find("failover");
  if (failover == nullptr || primary.failover.quorum <= static_cast<int>(primary.checks.size()))
    return;
  findings.error(line_of(*failover, "quorum"),
                 fmt::format("primary.failover.quorum: {} is above the number of checks, {}",
                             primary.failover.quorum, primary.checks.size()));
}

// While a desk names none, or one that does not exist, it may well mean this one.
bool is_unused(const Primary& primary, const Config& config) {
  if (primary.name.empty()) return false;
  return std::all_of(config.desks.begin(), config.desks.end(), [&](const Desk& desk) {
    return desk.primary != primary.name && config.primary_named(desk.primary) != nullptr;
  });
}

void check_primaries(const Value& root, const Config& config, Findings& findings) {
  Unique names(findings);
  const std::vector<Value>& tables = root.tables("primary");
  for (std::size_t i = 0; i < config.primaries.size(); ++i) {
    names.add("primary", tables[i]);
    check_checks(tables[i], config.primaries[i], findings);
    if (is_unused(config.primaries[i], config)) {
      findings.warning(tables[i].line, label_of("primary", tables[i]) + ": no desk uses it");
    }
  }
}

}  // namespace

void cross_check(const Value& root, const Config& config, Findings& findings) {
  check_smtp(root, config, findings);
  check_listeners(root, findings);
  check_block_lists(root, findings);
  check_control(root, config, findings);
  check_desks(root, config, findings);
  check_primaries(root, config, findings);
  cross_check_targets(root, config, findings);
  cross_check_notice(root, config, findings);
  cross_check_people(root, config, findings);
  cross_check_time(root, config, findings);
}

}  // namespace beredd::config
