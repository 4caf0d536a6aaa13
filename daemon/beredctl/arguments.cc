#include "arguments.h"

#include <charconv>

#include <fmt/format.h>

#include "beredd/base/text.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <CLI/CLI.hpp>
#pragma GCC diagnostic pop

namespace beredd::beredctl {
namespace {

constexpr std::uint64_t kMostListed = 100'000;
constexpr std::uint64_t kLargestId = std::uint64_t{1} << 62;

// Nothing: it is no list of numbers.
std::optional<TicketIds> ticket_ids(std::string_view text) {
  TicketIds ids;
  for (const std::string_view one : base::split(text, ',')) {
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), id);
    if (error != std::errc() || end != one.data() + one.size()) return std::nullopt;
    if (id == 0 || id > kLargestId) return std::nullopt;
    ids.push_back(id);
  }
  return ids;
}

// Builds the tree of commands; each leaf, when it is the one, leaves its value in `chosen`.
class Tree {
 public:
  explicit Tree(Command& chosen) : chosen_(chosen) {}

  void grow(CLI::App& app) {
    leaf<ShowStatus>(app, "status", "What is going on, at a glance");
    grow_ticket(group(app, "ticket", "Conversations"));
    grow_outgoing(group(app, "outgoing", "Mails of the desk on their way out"));
    auto [from, desk] = leaf<RunDesk>(app, "desk", "Queue and tickets on the whole screen");
    desk->add_option("--desk", from->desk, "Only this desk's");
    auto [known, events] =
        leaf<ListEvents>(app, "events", "Deadlines that came near or were broken, oldest first");
    events->add_option("--after", known->after, "Only those behind this number");
    add_limit(*events, known->limit);
    grow_message(group(app, "message", "Mails as they were accepted"));
    auto [mail, exporting] =
        leaf<ExportMail>(app, "export", "Every message as JSON lines, oldest first");
    exporting->add_option("--desk", mail->desk, "Only this desk's");
    exporting->add_option("--since", mail->since,
                          "Received since: 24h, 2026-11-23, 2026-11-23T01:30:00Z");
    exporting->add_flag("--tickets", mail->tickets,
                        "Every ticket with its history, in place of messages");
    grow_people(app);
    grow_failover(group(app, "failover", "Modes of the primaries"));
    grow_check(group(app, "check", "Health checks of the primaries"));
    grow_handback(group(app, "handback", "Giving mail back to the primaries"));
    grow_config(group(app, "config", "Configuration"));
    grow_sandbox(app);
  }

 private:
  static CLI::App& group(CLI::App& parent, const std::string& name, const std::string& help) {
    CLI::App* app = parent.add_subcommand(name, help);
    app->require_subcommand(1);
    return *app;
  }

  // The value lives as long as the tree, because CLI11 writes into it.
  template <typename T>
  std::pair<std::shared_ptr<T>, CLI::App*> leaf(CLI::App& parent, const std::string& name,
                                                const std::string& help) {
    auto value = std::make_shared<T>();
    CLI::App* app = parent.add_subcommand(name, help);
    app->callback([this, value] { chosen_ = *value; });
    return {value, app};
  }

  static void add_limit(CLI::App& app, std::uint64_t& limit) {
    app.add_option("--limit", limit, "At most so many")
        ->check(CLI::Range(std::uint64_t{1}, kMostListed));
  }

  // CLI11 would read -1 as a very large number.
  static void add_id(CLI::App& app, const std::string& name, std::uint64_t& id,
                     const std::string& help = {}) {
    app.add_option(name, id, help)->required()->check(CLI::Range(std::uint64_t{1}, kLargestId));
  }

  void grow_ticket(CLI::App& tickets) {
    auto [query, list] = leaf<ListTickets>(tickets, "list", "Tickets, newest first");
    list->add_option("--state", query->state, "new, open, pending, solved or closed");
    list->add_option("--desk", query->desk, "Only this desk's");
    list->add_option("--assignee", query->assignee, "Only this person's");
    list->add_option("--custody", query->custody, "primary, fallback or returned");
    list->add_option("--search", query->search, "In subject and requester");
    list->add_option("--sort", query->sort, "updated, or due: what is due first, and nothing else")
        ->check(CLI::IsMember({"updated", "due"}));
    list->add_flag("--overdue", query->overdue, "Only what should have been done by now");
    list->add_flag("--watch", query->watch, "Stay, and draw the list anew when something changes");
    add_limit(*list, query->limit);
    auto [one, show] = leaf<ShowTicket>(tickets, "show", "One ticket with its messages");
    add_id(*show, "ID", one->id);
    grow_actions(tickets);
    grow_regrouping(tickets);
    grow_bulk(tickets);
    grow_sharing(tickets);
    grow_letter(tickets, LetterKind::answer, "reply", "Answer its customer");
    grow_letter(tickets, LetterKind::first, "new", "Write first: a new ticket");
    grow_letter(tickets, LetterKind::forward, "forward", "Send a mail of it to somebody else");
    auto [settled, settle] = leaf<SettleTicket>(
        tickets, "settle", "What did not arrive is seen to: no longer undelivered");
    add_id(*settle, "ID", settled->id);
  }

  void grow_sharing(CLI::App& tickets) {
    const auto share = [&](ShareTicket::How how, const char* name, const char* help) {
      auto [value, app] = leaf<ShareTicket>(tickets, name, help);
      value->how = how;
      add_id(*app, "ID", value->id);
      return std::pair(value, app);
    };
    for (auto [value, app] :
         {share(ShareTicket::How::escalate, "escalate", "To the next line"),
          share(ShareTicket::How::deescalate, "deescalate", "Back to the line before")}) {
      app->add_option("--note", value->note, "Why, for the history");
    }
    share(ShareTicket::How::lease, "lease", "Keep others from answering it for a while");
    share(ShareTicket::How::release, "release", "Let others answer it again");
    auto [next, app] = leaf<NextTicket>(tickets, "next", "The one ticket to work on now, and why");
    app->add_option("--person", next->person, "For this person; without it, for you");
  }

  void grow_people(CLI::App& app) {
    CLI::App& people = group(app, "person", "Who works, and who is away");
    leaf<ListPeople>(people, "list", "Everybody, with presence and load");
    auto [shown, show] = leaf<ListPeople>(people, "show", "One person");
    show->add_option("NAME", shown->name, "A person")->required();
    auto [absence, absent] = leaf<SetAbsent>(people, "absent", "Somebody is away");
    absent->add_option("NAME", absence->name, "A person")->required();
    absent->add_option("--until", absence->until,
                       "Back then: 2h, 2026-12-01, 2026-12-01T08:00:00Z; without it, until told");
    absent->add_option("--reason", absence->reason, "Why, for the list and the journal");
    auto [presence, present] = leaf<SetPresent>(people, "present", "Somebody is back");
    present->add_option("NAME", presence->name, "A person")->required();
    leaf<ListTeams>(group(app, "team", "Teams"), "list", "Every team and its people");
    CLI::App& staffing = group(app, "staffing", "How many there are for the work");
    leaf<ShowStaffing>(staffing, "show", "The level, and what it does to the queue");
    auto [level, set] = leaf<SetStaffing>(staffing, "set", "Set the level");
    set->add_option("LEVEL", level->level, "normal, reduced, critical; auto: as many are present")
        ->required()
        ->check(CLI::IsMember({"normal", "reduced", "critical", "auto"}));
  }

  // "1042", or several with commas between.
  static void add_ids(CLI::App& app, TicketIds& ids) {
    app.add_option_function<std::string>(
           "ID",
           [&ids](const std::string& text) {
             const auto read = ticket_ids(text);
             if (!read) {
               throw CLI::ValidationError("ID", fmt::format("\"{}\" is no ticket number", text));
             }
             ids = *read;
           },
           "A ticket; several have commas between")
        ->required();
  }

  std::pair<std::shared_ptr<ChangeTickets>, CLI::App*> change_leaf(CLI::App& tickets,
                                                                   const char* name,
                                                                   const char* help) {
    auto made = leaf<ChangeTickets>(tickets, name, help);
    add_ids(*made.second, made.first->ids);
    made.second->add_option("--if-updated", made.first->if_updated,
                            "Only if it was last updated then, as ticket show --json says");
    return made;
  }

  void grow_actions(CLI::App& tickets) {
    auto [noted, note] = leaf<NoteTickets>(tickets, "note", "Say something to staff alone");
    add_ids(*note, noted->ids);
    auto* text = note->add_option("-m,--message", noted->text, "The note");
    note->add_option("--file", noted->file, "The note is in FILE; -: standard input")
        ->excludes(text);
    auto [stated, state] = change_leaf(tickets, "state", "How far it is");
    state->add_option("STATE", stated->changes.state, "open, pending, solved or closed")
        ->required()
        ->check(CLI::IsMember({"open", "pending", "solved", "closed"}));
    state->add_option("--until", stated->changes.until,
                      "Of pending: it opens by itself then: 2h, 2026-11-23, 2026-11-23T01:30:00Z");
    auto [assigned, assign] = change_leaf(tickets, "assign", "Whose it is");
    assign
        ->add_option("WHO", assigned->changes.assignee,
                     "A person, me, nobody; auto: the least loaded")
        ->required();
    assign->add_flag("--take", assigned->take_over, "Take it over from another person");
    auto [ranked, rank] = change_leaf(tickets, "priority", "How urgent it is");
    rank->add_option("PRIORITY", ranked->changes.priority, "low, normal, high or urgent")
        ->required()
        ->check(CLI::IsMember({"low", "normal", "high", "urgent"}));
    auto [tagged, tag] = change_leaf(tickets, "tag", "What it is about");
    tag->add_option("TAG", tagged->changes.add_tags, "Tags that it gets");
    tag->add_option("--remove", tagged->changes.remove_tags, "A tag that it loses")
        ->type_size(1)
        ->allow_extra_args(false);
    tag->parse_complete_callback([kept = tagged] {
      if (kept->changes.add_tags.empty() && kept->changes.remove_tags.empty()) {
        throw CLI::RequiredError("TAG or --remove");
      }
    });
  }

  void grow_regrouping(CLI::App& tickets) {
    auto [merged, merge] = leaf<MergeTickets>(tickets, "merge", "Make one ticket of several");
    add_ids(*merge, merged->ids);
    add_id(*merge, "INTO", merged->into, "The ticket that is left");
    merge->add_option("--reason", merged->reason, "Why, for the history");
    auto [split_off, split] =
        leaf<SplitTicket>(tickets, "split", "Give one message a ticket of its own");
    add_id(*split, "ID", split_off->id);
    add_id(*split, "MESSAGE", split_off->message);
    split->add_option("--reason", split_off->reason, "Why, for the history");
  }

  void grow_bulk(CLI::App& tickets) {
    auto [value, bulk] = leaf<BulkChange>(tickets, "bulk", "Change all tickets that are found");
    bulk->add_option("--state", value->state, "Those in this state");
    bulk->add_option("--desk", value->desk, "Those of this desk");
    bulk->add_option("--assignee", value->assignee, "Those of this person");
    bulk->add_option("--custody", value->custody, "Those in this custody");
    bulk->add_option("--search", value->search, "Those in which these words stand");
    bulk->add_flag("--all", value->all, "All that there are");
    TicketChanges& changes = value->changes;
    bulk->add_option("--set-state", changes.state, "Their state from now on")
        ->check(CLI::IsMember({"open", "pending", "solved", "closed"}));
    bulk->add_option("--until", changes.until, "Of pending: they open by themselves then");
    bulk->add_option("--assign", changes.assignee, "Whose they are from now on");
    bulk->add_option("--set-priority", changes.priority, "How urgent they are from now on")
        ->check(CLI::IsMember({"low", "normal", "high", "urgent"}));
    bulk->add_option("--tag", changes.add_tags, "A tag that they get")->allow_extra_args(false);
    bulk->add_option("--untag", changes.remove_tags, "A tag that they lose")
        ->allow_extra_args(false);
    bulk->add_flag("--dry-run", value->dry_run, "Show them, and change nothing");
    bulk->add_flag("--yes", value->yes, "Without a question");
    bulk->parse_complete_callback([kept = value] { check_bulk(*kept); });
    leaf<UndoBulk>(tickets, "undo", "Take back your last change of many tickets");
  }

  static void check_bulk(const BulkChange& bulk) {
    const bool chosen = !bulk.state.empty() || !bulk.desk.empty() || !bulk.assignee.empty() ||
                        !bulk.custody.empty() || !bulk.search.empty();
    if (chosen == bulk.all)
      throw CLI::RequiredError("Which tickets (--state, --search, …), or --all,");
    const TicketChanges& changes = bulk.changes;
    if (changes.state.empty() && !changes.assignee && changes.priority.empty() &&
        changes.add_tags.empty() && changes.remove_tags.empty()) {
      throw CLI::RequiredError("What to change (--set-state, --assign, --tag, …)");
    }
  }

  // One value each time that it is named.
  static void add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                           const std::string& help) {
    app.add_option(name, values, help)->allow_extra_args(false);
  }

  void grow_letter(CLI::App& tickets, LetterKind kind, const std::string& name,
                   const std::string& help) {
    auto [letter, app] = leaf<WriteLetter>(tickets, name, help);
    letter->kind = kind;
    const bool first = kind == LetterKind::first, answers = kind == LetterKind::answer;
    if (!first) {
      add_id(*app, "ID", letter->id);
      app->add_option("--message", letter->message, "This one of its mails")
          ->check(CLI::Range(std::uint64_t{1}, kLargestId));
    } else {
      app->add_option("--desk", letter->desk, "For this desk");
    }
    add_repeated(*app, "--to", letter->to, "Whom it goes to; may be given several times");
    add_repeated(*app, "--cc", letter->cc, "Who has it too; may be given several times");
    add_repeated(*app, "--attach", letter->attach, "A file to go with it; several times");
    app->add_option("--subject", letter->subject, "What it is about");
    app->add_option("--file", letter->file, "The text is in this file; -: standard input");
    app->add_flag("--yes", letter->yes, "Send without asking");
    auto* close = app->add_flag("--close", letter->close, "The ticket is solved with it");
    if (!answers) return;
    app->add_flag("--open", letter->open, "The ticket stays open")->excludes(close);
    app->add_flag("--all", letter->all, "Everybody who had the mail");
    app->add_flag("--unquoted", letter->unquoted, "Without the original below");
    app->add_flag("--take", letter->take, "Take it from the platform, when that has it");
    app->add_option("--language", letter->language, "Of the line above the original")
        ->check(CLI::IsMember({"en", "sv", "no", "fi"}));
  }

  void grow_outgoing(CLI::App& outgoing) {
    auto [query, list] = leaf<ListOutgoing>(outgoing, "list", "What has not left, and why");
    add_limit(*list, query->limit);
    auto [again, resend] = leaf<ResendOutgoing>(outgoing, "resend", "Try to send it once more");
    add_id(*resend, "MID", again->message);
    auto [given_up, drop] =
        leaf<DropOutgoing>(outgoing, "drop", "Never send it; the message stays in its ticket");
    add_id(*drop, "MID", given_up->message);
    drop->add_option("--reason", given_up->reason, "Why, for the history")->required();
  }

  void grow_message(CLI::App& messages) {
    auto [query, list] = leaf<ListMessages>(messages, "list", "Messages, newest first");
    add_limit(*list, query->limit);
    auto [one, show] = leaf<ShowMessage>(messages, "show", "One message");
    add_id(*show, "MID", one->id);
    auto [whole, raw] = leaf<RawMessage>(messages, "raw", "The bytes as received");
    add_id(*raw, "MID", whole->id);
    auto [piece, part] = leaf<MessagePart>(messages, "part", "The decoded bytes of one part");
    add_id(*part, "MID", piece->id);
    add_id(*part, "N", piece->index, "As `message show` counts them");
  }

  void grow_failover(CLI::App& failover) {
    leaf<ShowFailover>(failover, "status", "The mode of every primary, and why");
    auto [forced, force] = leaf<ForceMode>(failover, "force", "Pin a mode by hand");
    force->add_option("PRIMARY", forced->primary)->required();
    force->add_option("MODE", forced->mode, "fallback or normal")
        ->required()
        ->check(CLI::IsMember({"fallback", "normal"}));
    auto [released, release] =
        leaf<ReleaseMode>(failover, "auto", "Give the mode back to the checks");
    release->add_option("PRIMARY", released->primary)->required();
    auto [query, history] = leaf<ShowHistory>(failover, "history", "Changes of mode, newest first");
    history->add_option("--primary", query->primary, "Only this one's");
    add_limit(*history, query->limit);
  }

  void grow_check(CLI::App& checks) {
    leaf<ListChecks>(checks, "list", "Every check and what it saw last");
    auto [one, run] = leaf<RunCheck>(checks, "run", "Run one check now");
    run->add_option("NAME", one->name, "CHECK, or PRIMARY/CHECK")->required();
  }

  void grow_handback(CLI::App& handback) {
    leaf<ShowHandback>(handback, "status", "How far the giving back is");
    auto [query, plan] = leaf<PlanHandback>(handback, "plan", "What would go back now");
    plan->add_option("PRIMARY", query->primary, "All of them, when left out");
    add_limit(*plan, query->limit);
    const auto step = [&](const char* name, HandbackStep which, const char* help) {
      auto [value, app] = leaf<StepHandback>(handback, name, help);
      value->step = which;
      app->add_option("PRIMARY", value->primary, "All of them, when left out");
    };
    step("run", HandbackStep::run, "Start a hand-back that waits for a person");
    step("pause", HandbackStep::pause, "Stop giving back");
    step("resume", HandbackStep::resume, "Go on giving back");
    grow_quarantine(group(handback, "quarantine", "What a primary would not take"));
  }

  void grow_quarantine(CLI::App& quarantine) {
    leaf<ListQuarantine>(quarantine, "list", "What is there, and why");
    auto [again, retry] = leaf<RetryQuarantined>(quarantine, "retry", "Try to give it back again");
    const auto all = std::make_shared<bool>(false);
    auto* which =
        retry->add_option("MID", again->message)->check(CLI::Range(std::uint64_t{1}, kLargestId));
    auto* every = retry->add_flag("--all", *all, "All that is there");
    which->excludes(every);
    retry->parse_complete_callback([which, every, all] {
      if (which->count() + every->count() == 0) throw CLI::RequiredError("MID or --all");
    });
    auto [given_up, drop] = leaf<DropQuarantined>(
        quarantine, "drop", "Give up its delivery for good; the message stays here");
    add_id(*drop, "MID", given_up->message);
    drop->add_option("--reason", given_up->reason, "Why, for the journal")->required();
  }

  void grow_config(CLI::App& config) {
    auto [file, check] = leaf<CheckConfig>(config, "check", "Is this file in order?");
    check->add_option("FILE", file->file)->required();
    check->add_flag("--dns", file->dns, "Look at the domains' DNS as well");
    leaf<ShowConfig>(config, "show", "The configuration in force, with every default");
  }

  void grow_sandbox(CLI::App& app) {
    auto [box, sandbox] =
        leaf<RunSandbox>(app, "sandbox", "A small primary to practise on; needs no daemon");
    sandbox->add_option("--smtp", box->smtp, "ADDR:PORT that takes mail; port 0: any free one")
        ->required();
    sandbox->add_option("--health", box->health, "ADDR:PORT that says how it is")->required();
    sandbox->add_option("--keep", box->keep, "DIR for NNNN.eml and NNNN.json")->required();
    sandbox->add_option("--fail", box->fail, "How to fail")
        ->check(CLI::IsMember({"none", "refuse", "hang", "tempfail", "reject", "drop"}));
    sandbox->add_option("--hostname", box->hostname, "Its name in SMTP");
  }

  Command& chosen_;
};

}  // namespace

std::variant<Arguments, Ended> read_arguments(int argc, const char* const* argv, std::string socket,
                                              std::ostream& out, std::ostream& err) {
  Arguments arguments;
  arguments.socket = std::move(socket);
  CLI::App app("Talks to beredd, the e-mail fallback of support platforms.", "beredctl");
  app.fallthrough();
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("beredctl " BEREDD_VERSION));
  app.add_option("--socket", arguments.socket, "The daemon's control socket")
      ->capture_default_str();
  app.add_flag("--json", arguments.json, "One JSON document instead of text");
  const std::map<std::string, Colour> colours = {
      {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}};
  app.add_option("--color", arguments.colour, "auto, always or never")
      ->transform(CLI::CheckedTransformer(colours).description(""));
  Tree tree(arguments.command);
  tree.grow(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    constexpr int kUsage = 2;
    if (const auto unknown = app.remaining(/*recurse=*/true); !unknown.empty()) {
      err << "beredctl: \"" << unknown.front() << "\" is not known here; see beredctl --help\n";
      return Ended{kUsage};
    }
    return Ended{app.exit(problem, out, err) == 0 ? 0 : kUsage};
  }
  return arguments;
}

}  // namespace beredd::beredctl
