// The part of thread.h that weighs the evidence.

#include <algorithm>
#include <set>

#include "beredd/ticket/thread.h"

namespace beredd::ticket {
namespace {

std::string in_brackets(const std::string& id) { return "<" + id + ">"; }

std::string reason_of(const Clues& clues, const std::string& message_id) {
  const auto replied_end = clues.ancestors.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                         clues.replied_to, clues.ancestors.size()));
  const bool replied = std::find(clues.ancestors.begin(), replied_end, message_id) != replied_end;
  return (replied ? "in-reply-to " : "references ") + in_brackets(message_id);
}

// What speaks for a ticket. `named`: the mail names it itself, so that its sender may be a stranger
// to it and its subject another one.
struct Evidence {
  base::TicketId ticket;
  std::string reason;
  bool named = true;
};

bool sender_is_party(const Findings& findings, base::TicketId ticket) {
  const Findings::About* about = findings.about(ticket);
  return about != nullptr && about->sender_is_party;
}

// (e): the later one of the two must be the reply.
std::optional<Evidence> by_subject(const Clues& clues, const Findings& findings) {
  if (clues.subject.empty() || clues.is_report || clues.is_list) return std::nullopt;
  for (const Findings::SameSubject& same : findings.subjects) {
    const base::Duration apart =
        clues.written < same.at ? same.at - clues.written : clues.written - same.at;
    if (apart > kSubjectLasts) continue;
    if (clues.is_reply) {
      return Evidence{same.ticket, "reply with the same subject by a known party", false};
    }
    if (same.reply && clues.written <= same.at) {
      return Evidence{same.ticket, "an earlier mail replies to this subject", false};
    }
  }
  return std::nullopt;
}

std::optional<Evidence> by_report(const Findings& findings, const Clues& clues) {
  if (!findings.reported.empty()) {
    const Findings::Ancestor& nearest = findings.reported.front();
    return Evidence{nearest.ticket, "reports on " + in_brackets(nearest.message_id)};
  }
  if (!findings.failed || clues.failed.empty() || !findings.ancestors.empty()) return std::nullopt;
  return Evidence{*findings.failed, "reports on mail to " + clues.failed.front()};
}

std::optional<Evidence> by_token(const Findings& findings) {
  if (!findings.token) return std::nullopt;
  const base::TicketId ticket = findings.token->ticket;
  if (findings.token->proven) return Evidence{ticket, "subject token with its proof"};
  if (!sender_is_party(findings, ticket)) return std::nullopt;
  return Evidence{ticket, "subject token from a known party"};
}

std::optional<Evidence> strongest(const Clues& clues, const Findings& findings) {
  if (findings.address) return Evidence{*findings.address, "signed reply address"};
  if (auto report = by_report(findings, clues)) return report;
  if (!findings.ancestors.empty()) {
    const Findings::Ancestor& nearest = findings.ancestors.front();
    return Evidence{nearest.ticket, reason_of(clues, nearest.message_id)};
  }
  if (findings.awaited_by) {
    // That ticket names the mail, not the mail the ticket: whoever wrote it is no intruder.
    return Evidence{*findings.awaited_by, "an earlier mail refers to this one", false};
  }
  if (auto token = by_token(findings)) return token;
  if (findings.conversation) {
    return Evidence{*findings.conversation, "same conversation (Thread-Index)"};
  }
  return by_subject(clues, findings);
}

// The other tickets that the mail leads to, each once, nearest first.
std::vector<base::TicketId> others(const Findings& findings, base::TicketId joined) {
  std::vector<base::TicketId> linked;
  const auto add = [&](base::TicketId ticket) {
    const bool listed = std::find(linked.begin(), linked.end(), ticket) != linked.end();
    if (ticket != joined && !listed) linked.push_back(ticket);
  };
  for (const Findings::Ancestor& ancestor : findings.ancestors) add(ancestor.ticket);
  if (findings.awaited_by) add(*findings.awaited_by);
  if (findings.conversation) add(*findings.conversation);
  return linked;
}

std::set<std::string_view> words_of(std::string_view subject) {
  constexpr std::string_view kBetween = " \t.,:;!?()[]{}<>\"'/\\-_#*|";
  constexpr std::size_t kShortest = 3;  // bytes; what is less ties nothing together
  std::set<std::string_view> words;
  for (std::size_t at = 0; at < subject.size();) {
    const std::size_t begin = subject.find_first_not_of(kBetween, at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(subject.find_first_of(kBetween, begin), subject.size());
    if (end - begin >= kShortest) words.insert(subject.substr(begin, end - begin));
    at = end;
  }
  return words;
}

Decision open_beside(const Evidence& evidence, std::string_view why) {
  return {std::nullopt, std::string(why) + evidence.reason, false, {evidence.ticket}};
}

}  // namespace

const Findings::About* Findings::about(base::TicketId ticket) const {
  const auto found = std::find_if(tickets.begin(), tickets.end(),
                                  [ticket](const About& one) { return one.ticket == ticket; });
  return found == tickets.end() ? nullptr : &*found;
}

bool subjects_differ(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  if (a.find(b) != std::string_view::npos || b.find(a) != std::string_view::npos) return false;
  const std::set<std::string_view> ours = words_of(a), theirs = words_of(b);
  return std::none_of(ours.begin(), ours.end(),
                      [&](std::string_view word) { return theirs.contains(word); });
}

Decision decide(const Clues& clues, const Findings& findings, const Policy& policy) {
  const std::optional<Evidence> found = strongest(clues, findings);
  if (!found) {
    if (findings.token) {
      return {std::nullopt, "subject token from an unknown party", false, {findings.token->ticket}};
    }
    return {std::nullopt, "no known reference", false, {}};
  }
  const Findings::About* about = findings.about(found->ticket);
  // A report comes from a machine, under a subject of its own.
  const bool may_be_odd = found->named && !clues.is_report;
  const bool newcomer = may_be_odd && !sender_is_party(findings, found->ticket);
  if (newcomer && !policy.newcomers_join) return open_beside(*found, "new participant under ");
  const bool new_subject =
      may_be_odd && about != nullptr && subjects_differ(clues.subject, about->subject);
  if (new_subject && !policy.new_subjects_join) return open_beside(*found, "new subject under ");
  return {found->ticket, found->reason, newcomer, others(findings, found->ticket)};
}

}  // namespace beredd::ticket
