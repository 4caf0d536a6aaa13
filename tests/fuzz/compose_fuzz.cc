// Any bytes can be written in a mail: what is composed of them keeps to the rules of RFC 5322, and
// our own reader finds in it what was said.

#include "require.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/text.h"
#include "beredd/mail/compose.h"
#include "beredd/mail/quote.h"

namespace {

using namespace beredd;
using fuzz::require;

class Bytes {
 public:
  explicit Bytes(std::string_view all) : rest_(all) {}
  std::string next() {
    const std::size_t end = std::min(rest_.find('\x1e'), rest_.size());
    std::string out(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return out;
  }

 private:
  std::string_view rest_;
};

mail::Letter letter_of(std::string_view bytes) {
  Bytes all(bytes);
  mail::Letter letter;
  letter.from = {all.next(), "support@example.org"};
  letter.to = {{all.next(), "anna@example.net"}, {all.next(), "b@example.net"}};
  letter.subject = all.next();
  letter.message_id = all.next();
  letter.in_reply_to = all.next();
  letter.references = {all.next(), all.next()};
  letter.boundary = "0123456789abcdef";
  const std::string name = all.next(), type = all.next(), content = all.next();
  if (!name.empty() || !content.empty()) {
    letter.enclosures.push_back(
        {name, type, 1, [content](std::uint32_t) { return base::Result<std::string>(content); }});
  }
  letter.text = all.next();
  return letter;
}

void require_lines(std::string_view raw) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    require(raw[i] != '\0', "no NUL");
    if (raw[i] == '\r') {
      require(i + 1 < raw.size() && raw[i + 1] == '\n', "no bare CR");
      column = 0;
      ++i;
      continue;
    }
    require(raw[i] != '\n', "no bare LF");
    require(++column <= 998, "no line over 998");
  }
}

// What people type: valid UTF-8 without controls. Of the rest it is enough that the mail is well
// formed.
bool typed(std::string_view text) {
  return base::is_utf8(text) && base::for_terminal(text) == text;
}

// Of names a reader makes what it thinks they should have been: it takes quotes off, for one.
std::vector<std::string> addresses(const std::vector<mail::Address>& people) {
  std::vector<std::string> out;
  for (const mail::Address& one : people) out.push_back(one.address);
  return out;
}

bool blank(std::string_view text) { return mail::canonical_text(text).empty(); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const mail::Letter letter =
      letter_of(std::string_view(reinterpret_cast<const char*>(data), size));
  std::string raw;
  auto composition = mail::Composition::begin(letter);
  require(composition.ok(), "it can be composed");
  for (auto piece = composition->next(); piece && !piece->empty(); piece = composition->next()) {
    raw += *piece;
  }
  require_lines(raw);
  const mail::Reading& said = composition->composed().reading;
  require(mail::canonical_text(said.text) == said.text, "a canonical text stays as it is");
  const mail::Reading read = mail::read(raw);
  require(!typed(letter.subject) || read.subject == said.subject, "the subject");
  require(addresses(read.from) == addresses(said.from), "whom it comes from");
  require(addresses(read.to) == addresses(said.to), "whom it goes to");
  require(read.message_id == said.message_id, "the Message-ID");
  require(read.in_reply_to == said.in_reply_to && read.references == said.references,
          "the references");
  // A text with a uuencoded file or the marks of PGP in it is read as what it then is.
  const bool opened =
      said.text.find("begin") != std::string::npos || said.text.find("PGP") != std::string::npos;
  if (!opened && !blank(said.text)) require(read.text == said.text, "the text");
  for (const mail::Attachment& one : said.attachments) {
    if (opened || one.type == "message/rfc822" || read.attachments.size() != 1) continue;
    if (!typed(letter.enclosures.front().name)) continue;
    require(read.attachments == said.attachments, "the attachments");
  }
  static_cast<void>(mail::quote(letter.text));
  return 0;
}
