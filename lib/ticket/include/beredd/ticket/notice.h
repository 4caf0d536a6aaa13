#pragma once
// Whether the sender of a mail is told, by a machine, that it has arrived (RFC 3834). Pure: whoever
// asks sends the notice, and writes down that it was sent in the same transaction.
//
// A notice is owed to nobody: each rule here only forbids. It goes to the envelope's reverse-path
// and to no other address (RFC 3834 §4), from the null path, as Auto-Submitted: auto-replied.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/clock.h"
#include "beredd/base/units.h"
#include "beredd/mail/envelope.h"
#include "beredd/mail/reading.h"

namespace beredd::ticket {

enum class NoticeWhen : std::uint8_t { fallback, always, never };

// Why there is no notice: the first of these that holds.
enum class Silence : std::uint8_t {
  not_wanted,    // the desk sends none
  not_held,      // fallback: the mail is not waiting with us
  null_path,     // RFC 3834 §2: the reverse-path is <>
  machine_path,  // §2: MAILER-DAEMON, owner-…, …-request and their like
  automatic,     // §2: any Auto-Submitted but "no"; and what else a machine wrote by its own signs
  list,          // §2: List-* (RFC 2369, RFC 2919)
  bulk,          // §2: Precedence and its like
  ourselves,     // from an address that is served here, or with a mark of ours
  not_addressed,  // §2: no address of the desk stands in To or Cc
  unreadable,     // an opaque mail hides whether it is one of the above
  told_already,   // this sender was told within kNoticeEvery
  too_many,       // the desk has sent as many as it may
};
std::string_view name(Silence silence);  // "not-wanted", …

// The form in which senders are compared: "local@domain", in lower case.
std::string sender_key(const mail::Mailbox& sender);

// RFC 3834 §2 asks for some interval; a week is what vacation programs keep.
constexpr base::Duration kNoticeEvery = std::chrono::hours(24 * 7);

struct NoticeFacts {
  NoticeWhen when = NoticeWhen::never;
  bool held = false;  // waits in our custody for the hand-back
  // Whether an address ("local@domain", lower case) is served here at all; by this desk.
  std::function<bool(std::string_view address)> is_ours;
  std::function<bool(std::string_view address)> is_the_desks;
  std::optional<base::Instant> last;  // when this sender was told last, of this desk or another
  bool has_room = true;               // in what the desk may send in all
};

// Nothing: the notice goes to the envelope's reverse-path, which is there. A `last` that lies in
// the future was written by a clock that was ahead, and counts as now.
std::optional<Silence> silence_of(const mail::Envelope& envelope, const mail::Reading& mail,
                                  const NoticeFacts& facts, base::Instant now);

}  // namespace beredd::ticket
