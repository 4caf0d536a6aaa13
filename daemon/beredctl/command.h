#pragma once
// Every command of beredctl as a plain value, between the command line and what carries it out.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace beredd::beredctl {

struct ShowStatus {};

struct ListTickets {
  std::string state, desk, assignee, custody, search, sort;
  bool overdue = false;
  bool watch = false;
  std::uint64_t limit = 100;
};
struct ShowTicket {
  std::uint64_t id = 0;
};

struct ListEvents {
  std::uint64_t after = 0;  // the number of the last one that is known
  std::uint64_t limit = 100;
};
struct RunDesk {
  std::string desk;  // empty: all
};

struct ListMessages {
  std::uint64_t limit = 100;
};
struct ShowMessage {
  std::uint64_t id = 0;
};
struct RawMessage {
  std::uint64_t id = 0;
};
struct MessagePart {
  std::uint64_t id = 0;
  std::uint64_t index = 0;
};
struct ExportMail {
  std::string desk;
  std::string since;  // as typed
};

struct ShowFailover {};
struct ForceMode {
  std::string primary, mode;
};
struct ReleaseMode {
  std::string primary;
};
struct ShowHistory {
  std::string primary;  // empty: all
  std::uint64_t limit = 50;
};

struct ListChecks {};
struct RunCheck {
  std::string name;
};

struct ShowHandback {};
struct PlanHandback {
  std::string primary;  // empty: all
  std::uint64_t limit = 100;
};
enum class HandbackStep { run, pause, resume };
struct StepHandback {
  HandbackStep step = HandbackStep::run;
  std::string primary;  // empty: all
};
struct ListQuarantine {};
struct RetryQuarantined {
  std::optional<std::uint64_t> message;  // nothing: all
};
struct DropQuarantined {
  std::uint64_t message = 0;
  std::string reason;
};

struct CheckConfig {
  std::string file;
  bool dns = false;
};
struct ShowConfig {};

struct RunSandbox {
  std::string smtp, health, keep, fail = "none", hostname = "sandbox.localdomain";
};

using Command =
    std::variant<ShowStatus, ListTickets, ShowTicket, ListMessages, ShowMessage, RawMessage,
                 MessagePart, ExportMail, ShowFailover, ForceMode, ReleaseMode, ShowHistory,
                 ListChecks, RunCheck, ShowHandback, PlanHandback, StepHandback, ListQuarantine,
                 RetryQuarantined, DropQuarantined, CheckConfig, ShowConfig, RunSandbox, ListEvents,
                 RunDesk>;

}  // namespace beredd::beredctl
