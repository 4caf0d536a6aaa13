#pragma once
// Address lists of header fields (RFC 5322 §3.4). libetpan reads what is written by the rules; what
// it does not take, or takes in part, is read by a forgiving splitter.

#include <string_view>
#include <vector>

#include "beredd/mail/reading.h"

namespace beredd::mail {

// Members of groups are listed like any other. Entries without any address are kept when they have
// a name, so that a From of "Undisclosed sender" still shows. Linear in the value.
std::vector<Address> parse_addresses(std::string_view value, std::string_view hint = {});

}  // namespace beredd::mail
