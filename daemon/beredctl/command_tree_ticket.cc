#include "command_tree.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

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

}  // namespace

void Tree::grow_ticket(CLI::App& tickets) {
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

// "1042", or several with commas between.
void Tree::add_ids(CLI::App& app, TicketIds& ids) {
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

std::pair<std::shared_ptr<ChangeTickets>, CLI::App*> Tree::change_leaf(CLI::App& tickets,
                                                                       const char* name,
                                                                       const char* help) {
  auto made = leaf<ChangeTickets>(tickets, name, help);
  add_ids(*made.second, made.first->ids);
  made.second->add_option("--if-updated", made.first->if_updated,
                          "Only if it was last updated then, as ticket show --json says");
  return made;
}

void Tree::grow_actions(CLI::App& tickets) {
  auto [noted, note] = leaf<NoteTickets>(tickets, "note", "Say something to staff alone");
  add_ids(*note, noted->ids);
  auto* text = note->add_option("-m,--message", noted->text, "The note");
  note->add_option("--file", noted->file, "The note is in FILE; -: standard input")->excludes(text);
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

void Tree::grow_regrouping(CLI::App& tickets) {
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

void Tree::grow_bulk(CLI::App& tickets) {
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
  bulk->add_option("--untag", changes.remove_tags, "A tag that they lose")->allow_extra_args(false);
  bulk->add_flag("--dry-run", value->dry_run, "Show them, and change nothing");
  bulk->add_flag("--yes", value->yes, "Without a question");
  bulk->parse_complete_callback([kept = value] { check_bulk(*kept); });
  leaf<UndoBulk>(tickets, "undo", "Take back your last change of many tickets");
}

void Tree::check_bulk(const BulkChange& bulk) {
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

void Tree::grow_sharing(CLI::App& tickets) {
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

}  // namespace beredd::beredctl
