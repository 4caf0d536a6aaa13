#pragma once
// Carries out one command; returns the exit status.

#include "command.h"
#include "session.h"

#include <functional>
#include <string>

namespace beredd::beredctl {

// run_mail.cc
int run(Session& session, const ShowStatus& command);
int run(Session& session, const ListTickets& command);
int run(Session& session, const ShowTicket& command);
int run(Session& session, const ListEvents& command);
int run(Session& session, const ListMessages& command);
int run(Session& session, const ShowMessage& command);
int run(Session& session, const RawMessage& command);
int run(Session& session, const MessagePart& command);
int run(Session& session, const ExportMail& command);
// run_action.cc
int run(Session& session, const NoteTickets& command);
int run(Session& session, const ChangeTickets& command);
int run(Session& session, const MergeTickets& command);
int run(Session& session, const SplitTicket& command);
int run(Session& session, const UndoBulk& command);
// run_bulk.cc
int run(Session& session, const BulkChange& command);
std::string words(const TicketChanges& changes);  // "state solved, tags +printer"
// run_letter.cc
int run(Session& session, const WriteLetter& command);
// run_outgoing.cc
int run(Session& session, const SettleTicket& command);
int run(Session& session, const ListOutgoing& command);
int run(Session& session, const ResendOutgoing& command);
int run(Session& session, const DropOutgoing& command);
// run_notice.cc
int run(Session& session, const PreviewNotice& command);
int run(Session& session, const ListTemplates& command);
int run(Session& session, const ShowTemplate& command);
// The request for a template; `ticket`: 0, it is not filled in.
std::string template_path(const std::string& name, const std::string& language,
                          std::uint64_t ticket);
// run_rota.cc
int run(Session& session, const ListPeople& command);
int run(Session& session, const SetAbsent& command);
int run(Session& session, const SetPresent& command);
int run(Session& session, const ListTeams& command);
int run(Session& session, const ShareTicket& command);
int run(Session& session, const NextTicket& command);
int run(Session& session, const ShowStaffing& command);
int run(Session& session, const SetStaffing& command);
// run_failover.cc
int run(Session& session, const ShowFailover& command);
int run(Session& session, const ForceMode& command);
int run(Session& session, const ReleaseMode& command);
int run(Session& session, const ShowHistory& command);
int run(Session& session, const ListChecks& command);
int run(Session& session, const RunCheck& command);
// run_handback.cc
int run(Session& session, const ShowHandback& command);
int run(Session& session, const PlanHandback& command);
int run(Session& session, const StepHandback& command);
int run(Session& session, const ReadBack& command);
int run(Session& session, const ListQuarantine& command);
int run(Session& session, const RetryQuarantined& command);
int run(Session& session, const DropQuarantined& command);
// run_config.cc
int run(Session& session, const CheckConfig& command);
int run(Session& session, const ShowConfig& command);
// run_desk.cc
int run(Session& session, const RunDesk& command);
// run_watch.cc. Shows `text` again and again, as things change, until it is interrupted.
int watch(Session& session, const std::function<base::Result<std::string>(Session&)>& text);
// run_sandbox.cc
int run(Session& session, const RunSandbox& command);

}  // namespace beredd::beredctl
