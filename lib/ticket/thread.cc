#include "beredd/ticket/thread.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "beredd/base/text.h"

namespace beredd::ticket {
namespace {

constexpr std::string_view kTokenOpens = "[beredd-";

// The number of a token at the front of `text`, which begins behind "[beredd-".
std::optional<base::TicketId> number_at(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || *end != ']' || number == 0) {
    return std::nullopt;
  }
  return base::TicketId(number);
}

void add_parties(std::vector<std::string>& parties, const std::vector<mail::Address>& addresses) {
  for (const mail::Address& one : addresses) {
    std::string party = base::lower(one.address);
    const bool known = std::find(parties.begin(), parties.end(), party) != parties.end();
    if (!party.empty() && !known) parties.push_back(std::move(party));
  }
}

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&b](const std::string& party) {
    return std::find(b.begin(), b.end(), party) != b.end();
  });
}

// The other tickets among the references, each once, nearest first.
std::vector<base::TicketId> linked_by(const Findings& findings, base::TicketId joined) {
  std::vector<base::TicketId> linked;
  const auto add = [&](base::TicketId ticket) {
    const bool listed = std::find(linked.begin(), linked.end(), ticket) != linked.end();
    if (ticket != joined && !listed) linked.push_back(ticket);
  };
  for (const Findings::Ancestor& ancestor : findings.ancestors) add(ancestor.ticket);
  if (findings.awaited_by) add(*findings.awaited_by);
  return linked;
}

std::string reason_of(const Clues& clues, const std::string& message_id) {
  const auto replied_end = clues.ancestors.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                         clues.replied_to, clues.ancestors.size()));
  const bool replied = std::find(clues.ancestors.begin(), replied_end, message_id) != replied_end;
  return (replied ? "in-reply-to <" : "references <") + message_id + ">";
}

}  // namespace

Clues clues_of(const mail::Reading& reading) {
  Clues clues;
  clues.message_id = reading.message_id;
  std::unordered_set<std::string> seen;
  if (!reading.message_id.empty()) seen.insert(reading.message_id);
  const auto add = [&](const std::string& id) {
    if (!id.empty() && seen.insert(id).second) clues.ancestors.push_back(id);
  };
  std::for_each(reading.in_reply_to.begin(), reading.in_reply_to.end(), add);
  clues.replied_to = clues.ancestors.size();
  std::for_each(reading.references.rbegin(), reading.references.rend(), add);
  clues.token = parse_subject_token(reading.subject);
  add_parties(clues.parties, reading.from);
  add_parties(clues.parties, reading.reply_to);
  return clues;
}

std::string subject_token(base::TicketId id) {
  return std::string(kTokenOpens) + base::to_string(id) + "]";
}

std::optional<base::TicketId> parse_subject_token(std::string_view subject) {
  const std::string lower = base::lower(subject);
  std::string_view rest = lower;
  std::optional<base::TicketId> last;
  for (std::size_t at = 0; (at = rest.find(kTokenOpens)) != std::string_view::npos;) {
    rest.remove_prefix(at + kTokenOpens.size());
    if (const std::optional<base::TicketId> found = number_at(rest)) last = found;
  }
  return last;
}

Decision decide(const Clues& clues, const Findings& findings) {
  if (!findings.ancestors.empty()) {
    const Findings::Ancestor& nearest = findings.ancestors.front();
    return {nearest.ticket, reason_of(clues, nearest.message_id),
            linked_by(findings, nearest.ticket)};
  }
  if (findings.awaited_by) {
    return {findings.awaited_by, "an earlier mail refers to this one", {}};
  }
  if (findings.token) {
    if (share_one(clues.parties, findings.token->parties)) {
      return {findings.token->ticket, "subject token from a known party", {}};
    }
    return {std::nullopt, "subject token from an unknown party", {}};
  }
  return {std::nullopt, "no known reference", {}};
}

}  // namespace beredd::ticket
