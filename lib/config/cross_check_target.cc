// The part of cross_check() about where mail goes: the primaries' targets and their look-up, and
// the smarthost.

#include "cross_check.h"
#include "inspect.h"

#include <fmt/format.h>

namespace beredd::config {
namespace {

int line_of(const Value& table, std::string_view key) {
  const Value* given = table.find(key);
  return given != nullptr ? given->line : table.line;
}

// What Target, LookUp and Smarthost say alike.
struct Login {
  std::string_view label;
  std::string_view user;
  bool has_password;
  Tls tls;
};

void check_login(const Value& table, const Login& login, Findings& findings) {
  if (!login.user.empty() && !login.has_password) {
    findings.error(line_of(table, "user"),
                   fmt::format("{}: a user needs a password_file", login.label));
  }
  if (login.user.empty() && login.has_password) {
    findings.error(line_of(table, "password_file"),
                   fmt::format("{}: a password_file needs a user", login.label));
  }
  const bool verified = login.tls == Tls::required || login.tls == Tls::implicit;
  if (!login.user.empty() && !verified) {
    findings.error(
        line_of(table, "tls"),
        fmt::format("{}: a password travels only with tls = \"required\" or \"implicit\"",
                    login.label));
  }
}

// Each way of TLS waits in vain at the other's port.
void check_imap_port(const Value& table, std::string_view label, Tls tls, std::uint16_t port,
                     Findings& findings) {
  constexpr int kImap = 143, kImaps = 993;
  if (tls == Tls::implicit && port == kImap) {
    findings.error(
        line_of(table, "tls"),
        fmt::format("{}: tls = \"implicit\" is for port 993; 143 wants \"required\"", label));
  }
  if (tls == Tls::required && port == kImaps) {
    findings.error(line_of(table, "port"),
                   fmt::format("{}: port 993 wants tls = \"implicit\"", label));
  }
}

// "{desk}" is the one place that it may have.
void check_mailbox(const Value& table, std::string_view label, std::string name,
                   Findings& findings) {
  constexpr std::string_view kDesk = "{desk}";
  if (name.empty()) {
    findings.error(line_of(table, "mailbox"), fmt::format("{}.mailbox: it has no name", label));
  }
  if (const auto at = name.find(kDesk); at != std::string::npos) name.erase(at, kDesk.size());
  if (name.find_first_of("{}") != std::string::npos) {
    findings.error(
        line_of(table, "mailbox"),
        fmt::format("{}.mailbox: {{desk}} is the one place that it may have, and once", label));
  }
}

void check_target(const Value& primary, const Target& target, Findings& findings) {
  const Value* table = primary.find("target");
  if (table == nullptr) return;
  const auto misfit = [&](std::string_view key) {
    if (table->find(key) == nullptr) return;
    findings.error(
        line_of(*table, key),
        fmt::format("primary.target.{}: not for a target of kind {}", key, name(target.kind)));
  };
  if (target.kind != TargetKind::imap) misfit("mailbox");
  if (target.kind == TargetKind::lmtp) {
    misfit("user");
    misfit("password_file");
    return;
  }
  check_login(*table, {"primary.target", target.user, target.password_file.has_value(), target.tls},
              findings);
  if (target.kind != TargetKind::imap) return;
  check_imap_port(*table, "primary.target", target.tls, target.at.port, findings);
  check_mailbox(*table, "primary.target", target.mailbox, findings);
  if (target.user.empty()) {
    findings.error(table->line, "primary.target: a mailbox needs a user and a password_file");
  }
}

void check_look_up(const Value& primary, const Primary& read, Findings& findings) {
  const Value* table = primary.find("look_up");
  if (table == nullptr || !read.look_up) return;
  check_imap_port(*table, "primary.look_up", read.look_up->tls, read.look_up->at.port, findings);
  check_mailbox(*table, "primary.look_up", read.look_up->mailbox, findings);
  if (read.target.kind == TargetKind::imap) {
    findings.error(table->line,
                   "primary.look_up: a target of kind imap is looked up in its own mailbox; remove "
                   "the table");
  }
}

void check_smarthost(const Value& root, const Config& config, Findings& findings) {
  const Value* table = root.find("smarthost");
  if (table == nullptr || !config.smarthost) return;
  const Smarthost& smarthost = *config.smarthost;
  check_login(*table,
              {"smarthost", smarthost.user, smarthost.password_file.has_value(), smarthost.tls},
              findings);
  // RFC 8314 §3.3 gives implicit TLS a port of its own; each way waits in vain at the other's.
  constexpr int kSubmissions = 465, kSubmission = 587;
  if (smarthost.tls == Tls::implicit && smarthost.at.port == kSubmission) {
    findings.error(line_of(*table, "tls"),
                   "smarthost: tls = \"implicit\" is for port 465; 587 wants \"required\"");
  }
  if (smarthost.tls != Tls::implicit && smarthost.at.port == kSubmissions) {
    findings.error(line_of(*table, "port"), "smarthost: port 465 wants tls = \"implicit\"");
  }
}

}  // namespace

void cross_check_targets(const Value& root, const Config& config, Findings& findings) {
  const std::vector<Value>& primaries = root.tables("primary");
  for (std::size_t i = 0; i < config.primaries.size(); ++i) {
    check_target(primaries[i], config.primaries[i].target, findings);
    check_look_up(primaries[i], config.primaries[i], findings);
  }
  check_smarthost(root, config, findings);
}

}  // namespace beredd::config
