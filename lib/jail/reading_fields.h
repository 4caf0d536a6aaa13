#pragma once
// The one list of a reading's fields, for whoever writes them and whoever reads them.

#include "beredd/mail/reading.h"

namespace beredd::jail {

template <typename Walker, typename Report>
void walk_report(Walker& walker, Report& report) {
  auto& [outcome, status, envelope_id, message_ids, recipients] = report;
  walker.choice(outcome, mail::Outcome::other);
  walker.line(status);
  walker.line(envelope_id);
  walker.lines(message_ids);
  walker.lines(recipients);
}

// Every field of a reading, in the order in which they stand on the wire. A field that is added to
// mail::Reading breaks the binding below: add it to both lists, and count kWireVersion up.
template <typename Walker, typename Reading>
void walk(Walker& walker, Reading& reading) {
  auto& [message_id, in_reply_to, references, from, to, cc, reply_to, subject, date, text, new_text,
         attachments, auto_submitted, defects, opaque, kind, former_ids, thread_index, loop_marks,
         report] = reading;
  walker.line(message_id);
  walker.lines(in_reply_to);
  walker.lines(references);
  walker.addresses(from);
  walker.addresses(to);
  walker.addresses(cc);
  walker.addresses(reply_to);
  walker.line(subject);
  walker.instant(date);
  walker.text(text);
  walker.text_within(new_text, text);
  walker.attachments(attachments);
  walker.line(auto_submitted);
  walker.lines(defects);
  walker.flag(opaque);
  walker.choice(kind, mail::Kind::bulk);
  walker.lines(former_ids);
  walker.line(thread_index);
  walker.lines(loop_marks);
  walker.report(report);
}

}  // namespace beredd::jail
