#pragma once
// Every command of beredctl as a plain value, between the command line and what carries it out.

#include "command_action.h"
#include "command_notice.h"
#include "command_rota.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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

enum class LetterKind { answer, first, forward };
// An answer, the first mail of a new ticket, or a mail of a ticket sent on.
struct WriteLetter {
  LetterKind kind = LetterKind::answer;
  std::uint64_t id = 0;       // of the ticket; 0: a new one
  std::uint64_t message = 0;  // 0: the newest that a person wrote
  std::string desk;           // of a first mail
  std::vector<std::string> to, cc, attach;
  std::string subject;
  std::string file;      // "-": standard input; empty: an editor, or what comes through a pipe
  std::string language;  // empty: English above the original, of a template the customer's
  std::string form;      // the name of a template; empty: none
  bool all = false, unquoted = false;
  bool close = false, open = false, take = false;
  bool yes = false;
};
struct SettleTicket {
  std::uint64_t id = 0;
};
struct ListOutgoing {
  std::uint64_t limit = 100;
};
struct ResendOutgoing {
  std::uint64_t message = 0;
};
struct DropOutgoing {
  std::uint64_t message = 0;
  std::string reason;
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
  std::string since;     // as typed
  bool tickets = false;  // with their histories, in place of messages
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
struct ReadBack {
  std::string primary;  // empty: all
  std::string since;    // as typed; empty: everything
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

using Command = std::variant<
    ShowStatus, ListTickets, ShowTicket, WriteLetter, SettleTicket, ListOutgoing, ResendOutgoing,
    DropOutgoing, ListEvents, RunDesk, ListMessages, ShowMessage, RawMessage, MessagePart,
    ExportMail, ShowFailover, ForceMode, ReleaseMode, ShowHistory, ListChecks, RunCheck,
    ShowHandback, PlanHandback, StepHandback, ReadBack, ListQuarantine, RetryQuarantined,
    DropQuarantined, CheckConfig, ShowConfig, RunSandbox, NoteTickets, ChangeTickets, BulkChange,
    UndoBulk, MergeTickets, SplitTicket, ListPeople, SetAbsent, SetPresent, ListTeams, ShareTicket,
    NextTicket, ShowStaffing, SetStaffing, PreviewNotice, ListTemplates, ShowTemplate>;

}  // namespace beredd::beredctl
