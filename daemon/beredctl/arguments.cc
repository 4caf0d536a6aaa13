#include "arguments.h"

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

// Builds the tree of commands; each leaf, when it is the one, leaves its value in `chosen`.
class Tree {
 public:
  explicit Tree(Command& chosen) : chosen_(chosen) {}

  void grow(CLI::App& app) {
    leaf<ShowStatus>(app, "status", "What is going on, at a glance");
    grow_ticket(group(app, "ticket", "Conversations"));
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
