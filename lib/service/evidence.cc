#include "evidence.h"

#include <algorithm>

#include "beredd/base/text.h"
#include "beredd/mail/subject.h"

namespace beredd::service {

using ticket::Findings;

namespace {

constexpr std::size_t kMostParties = 30;    // of one mail that are remembered
constexpr std::size_t kMostSightings = 10;  // of one party that are looked at
constexpr base::Duration kReportsLast = std::chrono::hours(24 * 30);

// The ticket of a number that its proof holds for, on this desk.
std::optional<base::TicketId> proven(const store::ReadTxn& txn, const config::Desk& desk,
                                     const ticket::Named& named) {
  if (named.proof.empty() || txn.ticket_proof(named.ticket) != named.proof) return std::nullopt;
  auto found = txn.ticket(named.ticket);
  if (!found || found->desk != desk.name) return std::nullopt;
  return found->id;
}

// By what a Message-ID of ours says itself, by the mails that carried it, or by those that came
// before it and refer to it.
std::optional<base::TicketId> ticket_of(const store::ReadTxn& txn, const config::Desk& desk,
                                        const std::string& message_id) {
  if (auto found = txn.ticket_of_message_id(desk.name, message_id)) return found;
  for (const ticket::Named& named : ticket::signed_numbers(message_id)) {
    if (auto found = proven(txn, desk, named)) return found;
  }
  return std::nullopt;
}

std::vector<Findings::Ancestor> tickets_of(const store::ReadTxn& txn, const config::Desk& desk,
                                           const std::vector<std::string>& ids) {
  constexpr std::size_t kMostIds = 100;
  std::vector<Findings::Ancestor> out;
  for (std::size_t n = 0; n < std::min(ids.size(), kMostIds); ++n) {
    if (auto found = ticket_of(txn, desk, ids[n])) out.push_back({ids[n], *found});
  }
  return out;
}

std::optional<Findings::Token> token_of(const store::ReadTxn& txn, const config::Desk& desk,
                                        const ticket::Clues& clues) {
  if (!clues.token) return std::nullopt;
  auto named = txn.ticket(clues.token->ticket);
  if (!named || named->desk != desk.name) return std::nullopt;
  return Findings::Token{named->id, proven(txn, desk, *clues.token).has_value()};
}

// The newest ticket that has mail for somebody whom a report says it did not reach.
std::optional<base::TicketId> ticket_for_failed(const store::ReadTxn& txn, const config::Desk& desk,
                                                const ticket::Clues& clues) {
  for (const std::string& address : clues.failed) {
    for (const store::Sighting& seen : txn.sightings(desk.name, address, {}, 1)) {
      const base::Duration apart =
          clues.written < seen.at ? seen.at - clues.written : clues.written - seen.at;
      if (apart <= kReportsLast) return seen.ticket;
    }
  }
  return std::nullopt;
}

std::vector<Findings::SameSubject> same_subjects(const store::ReadTxn& txn,
                                                 const config::Config& config,
                                                 const config::Desk& desk,
                                                 const ticket::Clues& clues) {
  std::vector<Findings::SameSubject> out;
  if (clues.subject.empty() || clues.is_list) return out;
  for (const std::string& party : clues.parties) {
    if (is_own_address(config, party)) continue;
    for (const auto& seen : txn.sightings(desk.name, party, clues.subject, kMostSightings)) {
      out.push_back({seen.ticket, seen.at, seen.reply});
    }
  }
  std::ranges::stable_sort(out, std::greater<>{}, &Findings::SameSubject::ticket);
  return out;
}

// What the decision has to know of each ticket that was found.
void add_tickets(const store::ReadTxn& txn, const config::Config& config, const config::Desk& desk,
                 const ticket::Clues& clues, Findings& findings) {
  const auto add = [&](base::TicketId id) {
    if (findings.about(id) != nullptr) return;
    auto found = txn.ticket(id);
    if (!found) return;
    Findings::About about{id, false, {}};
    about.subject = mail::normalise_subject(ticket::without_token(found->subject)).base;
    for (const std::string& party : clues.parties) {
      if (is_own_address(config, party)) continue;
      about.sender_is_party |=
          base::lower(found->requester.address) == party || txn.sighted(desk.name, party, *found);
    }
    findings.tickets.push_back(std::move(about));
  };
  if (findings.address) add(*findings.address);
  for (const auto* list : {&findings.reported, &findings.ancestors}) {
    for (const Findings::Ancestor& one : *list) add(one.ticket);
  }
  if (findings.awaited_by) add(*findings.awaited_by);
  if (findings.token) add(findings.token->ticket);
  if (findings.conversation) add(*findings.conversation);
}

}  // namespace

bool is_own_address(const config::Config& config, std::string_view address) {
  const std::string wanted = base::lower(address);
  const auto at = wanted.rfind('@');
  if (at == std::string::npos) return false;
  const std::string plain = wanted.substr(0, std::min(wanted.find('+'), at)) + wanted.substr(at);
  for (const config::Desk& desk : config.desks) {
    const std::string& compared = desk.plus_addresses ? plain : wanted;
    for (const std::string& own : desk.addresses) {
      if (base::lower(own) == compared) return true;
    }
  }
  return false;
}

Findings find_evidence(const store::ReadTxn& txn, const config::Config& config,
                       const config::Desk& desk, const ticket::Clues& clues) {
  Findings findings;
  for (const ticket::Named& named : clues.addresses) {
    if (!findings.address) findings.address = proven(txn, desk, named);
  }
  findings.reported = tickets_of(txn, desk, clues.reported);
  findings.failed = ticket_for_failed(txn, desk, clues);
  findings.ancestors = tickets_of(txn, desk, clues.ancestors);
  if (!clues.message_id.empty()) {
    findings.awaited_by = txn.ticket_awaiting(desk.name, clues.message_id);
  }
  for (const std::string& id : clues.former_ids) {
    if (!findings.awaited_by) findings.awaited_by = txn.ticket_awaiting(desk.name, id);
  }
  findings.token = token_of(txn, desk, clues);
  findings.conversation = txn.ticket_of_conversation(desk.name, clues.thread_index);
  findings.subjects = same_subjects(txn, config, desk, clues);
  add_tickets(txn, config, desk, clues, findings);
  return findings;
}

base::Status remember_parties(store::WriteTxn& txn, const config::Config& config,
                              const config::Desk& desk, const ticket::Clues& clues,
                              const mail::Reading& reading, const mail::Envelope& envelope,
                              base::TicketId id) {
  // Whom a report is for is no party by it, and a daemon never is.
  if (clues.is_report) return {};
  std::vector<std::string> parties = clues.parties;
  for (const auto* list : {&reading.to, &reading.cc}) {
    for (const mail::Address& one : *list) {
      if (parties.size() < kMostParties) parties.push_back(base::lower(one.address));
    }
  }
  const auto is_recipient = [&](const std::string& party) {
    return std::ranges::any_of(envelope.forward_paths, [&](const mail::Mailbox& to) {
      return base::same_ignoring_case(to.text(), party);
    });
  };
  for (const std::string& party : parties) {
    if (party.empty() || is_recipient(party) || is_own_address(config, party)) continue;
    const store::Sighting sighting{id, clues.written, clues.is_reply};
    auto put = txn.put_sighting(desk.name, party, {}, sighting);
    if (put && !clues.subject.empty() && !clues.is_list) {
      put = txn.put_sighting(desk.name, party, clues.subject, sighting);
    }
    if (!put) return put;
  }
  return {};
}

}  // namespace beredd::service
