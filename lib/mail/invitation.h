#pragma once
// Calendar invitations (RFC 5545, RFC 5546) in a few lines that a person can read.

#include <string>
#include <string_view>

namespace beredd::mail {

// What the first event of `calendar` (UTF-8) says: what, when, where, who. Empty when it has none.
// `described`: with its description, where the mail says nothing else. Times stay in the zone that
// the event names: nothing here knows zones. Linear; long values are cut.
std::string invitation_text(std::string_view calendar, bool described);

}  // namespace beredd::mail
