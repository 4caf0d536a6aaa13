#pragma once
// The one list of a reading's fields, for whoever writes them and whoever reads them.

namespace beredd::jail {

// Every field of a reading, in the order in which they stand on the wire. A field that is added to
// mail::Reading breaks the binding below: add it to both lists, and count kWireVersion up.
template <typename Walker, typename Reading>
void walk(Walker& walker, Reading& reading) {
  auto& [message_id, in_reply_to, references, from, to, cc, reply_to, subject, date, text, new_text,
         attachments, auto_submitted, defects, opaque] = reading;
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
  walker.text(new_text);
  walker.attachments(attachments);
  walker.line(auto_submitted);
  walker.lines(defects);
  walker.flag(opaque);
}

}  // namespace beredd::jail
