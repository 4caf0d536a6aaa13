#pragma once
// Writing a mail: RFC 5322 with MIME (RFC 2045–2047, 2183, 2231), its text format=flowed (RFC
// 3676).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"
#include "beredd/mail/envelope.h"
#include "beredd/mail/reading.h"

namespace beredd::mail {

// A file that goes with the mail. One of type "message/rfc822" goes as it is where MIME allows it
// (RFC 2046 §5.2.1: no encoding), else as a file "….eml".
struct Enclosure {
  std::string name;          // UTF-8; may be empty
  std::string type;          // "image/jpeg"; empty or no type at all: application/octet-stream
  std::uint32_t chunks = 0;  // the bytes, in pieces of any size
  // Asked for in order from 0 on; of a message, all of it twice.
  std::function<base::Result<std::string>(std::uint32_t index)> chunk;
};

// What is to be said. Texts are UTF-8, and may be anything: what cannot stand in a header (line
// ends, controls) becomes a blank, so that no value can begin another field.
struct Letter {
  Address from;
  std::vector<Address> to, cc, reply_to;
  std::string subject;
  base::Instant date{};
  std::string message_id;               // without brackets, as all of these
  std::string in_reply_to;              // the mail that this one answers; empty: none
  std::vector<std::string> references;  // of that mail, oldest first
  std::string auto_submitted;           // "auto-replied" (RFC 3834 §5); empty: a person wrote it
  std::string mark;                     // X-Beredd-Ticket: by which it is known when it comes back
  std::string text;
  std::vector<Enclosure> enclosures;
  // Stands in no part: to be made of a good random number. Letters and digits, at most 40.
  std::string boundary;
};

struct Composed {
  // What read() would yield of the bytes, without having read them.
  Reading reading;
  BodyType body = BodyType::seven_bit;  // eight_bit_mime: a message that it carries is 8-bit
  bool smtputf8 = false;                // an address needs it
};

// Writes one letter, in pieces. Lines end in CRLF and have at most 998 octets, 78 where there is a
// blank to fold at. Memory is bounded by the text and the largest chunk. One thread; movable.
class Composition {
 public:
  // Errors: permanent/invalid (nobody to send it to, an address that is none), those of an
  // enclosure's chunk.
  static base::Result<Composition> begin(Letter letter);
  ~Composition();
  Composition(Composition&&) noexcept;
  Composition& operator=(Composition&&) noexcept;

  // The next piece; an empty one is the end. Errors: those of an enclosure's chunk.
  base::Result<std::string> next();
  // REQUIRES: next() has told of the end.
  const Composed& composed() const;

 private:
  struct State;
  explicit Composition(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The text as a reader gets it: line feeds, no blanks at the ends of lines (but "-- "), no blank
// lines at either end, quotation marks as ">> " in front of what is quoted, one line feed last.
// Empty: there is nothing but white space.
std::string canonical_text(std::string_view text);

// One address as a person writes it: "Anna <anna@example.org>", or without a name. Errors:
// permanent/invalid, naming it.
base::Result<Address> parse_address(std::string_view text);

// A header's text on one line: controls and runs of blanks are one blank, none at the ends.
std::string header_line(std::string_view text);

}  // namespace beredd::mail
