#include "beredd/ticket/thread.h"

#include <algorithm>
#include <unordered_set>

#include "beredd/base/text.h"
#include "beredd/mail/subject.h"

namespace beredd::ticket {
namespace {

// A clock that is ahead by more tells nothing of when a mail was written.
constexpr base::Duration kClockSkew = std::chrono::hours(24);

void add_parties(std::vector<std::string>& parties, const std::vector<mail::Address>& addresses) {
  for (const mail::Address& one : addresses) {
    std::string party = base::lower(one.address);
    const bool known = std::find(parties.begin(), parties.end(), party) != parties.end();
    if (!party.empty() && !known) parties.push_back(std::move(party));
  }
}

void add_numbers(std::vector<Named>& numbers, std::string_view text) {
  for (Named& one : signed_numbers(text)) {
    if (std::find(numbers.begin(), numbers.end(), one) == numbers.end()) {
      numbers.push_back(std::move(one));
    }
  }
}

// The envelope's recipients first: they are who the mail came for.
void add_addresses(Clues& clues, const mail::Reading& reading,
                   const std::vector<mail::Mailbox>& recipients) {
  for (const mail::Mailbox& one : recipients) add_numbers(clues.addresses, one.local);
  for (const auto* list : {&reading.to, &reading.cc}) {
    for (const mail::Address& one : *list) add_numbers(clues.addresses, one.address);
  }
}

void add_ancestors(Clues& clues, const mail::Reading& reading) {
  std::unordered_set<std::string> seen;
  if (!reading.message_id.empty()) seen.insert(reading.message_id);
  const auto add = [&](const std::string& id) {
    if (!id.empty() && seen.insert(id).second) clues.ancestors.push_back(id);
  };
  std::for_each(reading.in_reply_to.begin(), reading.in_reply_to.end(), add);
  clues.replied_to = clues.ancestors.size();
  std::for_each(reading.references.rbegin(), reading.references.rend(), add);
}

}  // namespace

Clues clues_of(const mail::Reading& reading, const std::vector<mail::Mailbox>& recipients,
               base::Instant received) {
  Clues clues;
  clues.message_id = reading.message_id;
  clues.former_ids = reading.former_ids;
  add_addresses(clues, reading, recipients);
  if (reading.report) {
    clues.is_report = true;
    add_numbers(clues.addresses, reading.report->envelope_id);
    clues.reported = reading.report->message_ids;
    clues.failed = reading.report->recipients;
  }
  add_ancestors(clues, reading);
  clues.token = parse_subject_token(reading.subject);
  clues.thread_index = reading.thread_index;
  const mail::SubjectLine subject = mail::normalise_subject(without_token(reading.subject));
  clues.subject = subject.base;
  clues.is_reply = subject.is_reply;
  add_parties(clues.parties, reading.from);
  // A list puts its own address there; everybody on it would be a party then.
  clues.is_list = reading.kind == mail::Kind::list;
  if (!clues.is_list) add_parties(clues.parties, reading.reply_to);
  const bool dated = reading.date && *reading.date <= received + kClockSkew;
  clues.written = dated ? *reading.date : received;
  return clues;
}

}  // namespace beredd::ticket
