#pragma once
// The name of a mailbox as IMAP wants it: modified UTF-7 (RFC 3501 §5.1.3).

#include <string>
#include <string_view>

namespace beredd::remote {

// What is no UTF-8 stays as it is.
std::string encoded_mailbox_name(std::string_view utf8);

}  // namespace beredd::remote
