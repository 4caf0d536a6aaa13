#include "ticket_steps.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace beredd::service {
namespace {

// "bo: state set: solved (was open)"; of what the daemon did, without a name.
std::string words(const store::JournalEntry& entry) {
  std::string out = entry.who.empty() ? entry.what : fmt::format("{}: {}", entry.who, entry.what);
  return entry.detail.empty() ? out : fmt::format("{}: {}", out, entry.detail);
}

// What happened to it last that changed the ticket itself, not a mail's way to its primary.
std::string last_words(const store::ReadTxn& txn, base::TicketId id) {
  constexpr std::size_t kMany = 100'000;
  const auto history = txn.history(id, {}, kMany);
  if (!history) return {};
  const auto found = std::find_if(history->rbegin(), history->rend(), [](const auto& entry) {
    return !entry.who.empty() || entry.what == "sorted" || entry.what == "reopened" ||
           entry.what == "merged";
  });
  return found == history->rend() ? std::string() : words(*found);
}

}  // namespace

void Obstacles::add(base::TicketId ticket, const base::Error& error) {
  if (lines_.empty()) code_ = error.code;
  lines_.push_back(error.code == base::Code::not_found
                       ? error.detail
                       : fmt::format("ticket {}: {}", ticket.value(), error.detail));
}

base::Error Obstacles::error() const {
  constexpr std::size_t kSaid = 5;
  const std::vector<std::string> said(
      lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(std::min(kSaid, lines_.size())));
  std::string text = fmt::format("nothing was changed: {}", fmt::join(said, "; "));
  if (lines_.size() > kSaid) text += fmt::format("; and {} more", lines_.size() - kSaid);
  return base::permanent(code_, std::move(text));
}

base::Result<ticket::Ticket> as_seen(const store::ReadTxn& txn, const Seen& seen) {
  auto ticket = txn.ticket(seen.ticket);
  if (!ticket) return ticket;
  if (!seen.if_updated || ticket->updated == *seen.if_updated) return ticket;
  const std::string last = last_words(txn, ticket->id);
  return base::permanent(
      base::Code::conflict,
      last.empty() ? "it has changed since" : fmt::format("it has changed since ({})", last));
}

base::Status record(store::WriteTxn& txn, ticket::Ticket& ticket,
                    const std::vector<ticket::Step>& steps, const std::string& who,
                    base::Instant at) {
  ticket::touch(ticket, at);
  if (auto updated = txn.update_ticket(ticket); !updated) return updated;
  for (const ticket::Step& step : steps) {
    store::JournalEntry entry;
    entry.at = at;
    entry.what = step.what;
    entry.ticket = ticket.id;
    entry.detail = step.detail;
    entry.who = who;
    if (auto noted = txn.note(std::move(entry)); !noted) return noted;
  }
  return {};
}

}  // namespace beredd::service
