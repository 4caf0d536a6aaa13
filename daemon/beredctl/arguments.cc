#include "arguments.h"

#include "command_tree.h"

namespace beredd::beredctl {

void Tree::grow(CLI::App& app) {
  leaf<ShowStatus>(app, "status", "What is going on, at a glance");
  grow_ticket(group(app, "ticket", "Conversations"));
  grow_outgoing(group(app, "outgoing", "Mails of the desk on their way out"));
  grow_notices(app);
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

void Tree::grow_message(CLI::App& messages) {
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

void Tree::grow_config(CLI::App& config) {
  auto [file, check] = leaf<CheckConfig>(config, "check", "Is this file in order?");
  check->add_option("FILE", file->file)->required();
  check->add_flag("--dns", file->dns, "Look at the domains' DNS as well");
  leaf<ShowConfig>(config, "show", "The configuration in force, with every default");
}

void Tree::grow_sandbox(CLI::App& app) {
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
