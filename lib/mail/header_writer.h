#pragma once
// Header fields as they are written: folded (RFC 5322 §2.2.3), in ASCII (RFC 2047, RFC 2231).

#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/mail/reading.h"

namespace beredd::mail {

// What must not be cut, in order; between two of them a fold may come.
using Tokens = std::vector<std::string>;

// Is there something, and all of it printable ASCII without blanks?
bool is_visible_ascii(std::string_view text);

// Is there something, and all of it printable ASCII without blanks?
bool is_visible_ascii(std::string_view text);

// "Name: token token …", folded before column 78 where it can be, CRLF at the end.
std::string field(std::string_view name, const Tokens& tokens);

// One line of text (header_line()), as it stands or in encoded words. `column`: where it begins.
// No word cuts a character as people see it, unless that is longer than a word may be.
Tokens unstructured(std::string_view text, std::size_t column);

// "Anna <anna@example.org>", a comma behind all but the last. Errors: permanent/invalid, naming the
// address.
struct AddressTokens {
  Tokens tokens;
  std::vector<Address> read_as;  // what a reader makes of them
  bool utf8 = false;             // a local part is in UTF-8: takes SMTPUTF8
};
base::Result<AddressTokens> address_list(const std::vector<Address>& addresses, std::size_t column);

// `name="value"`, or what RFC 2231 makes of a value that is long or not ASCII; a semicolon behind
// each but the last.
Tokens parameter(std::string_view name, std::string_view value);

}  // namespace beredd::mail
