#include "letter_header.h"

#include "addresses.h"
#include "header_writer.h"

#include <algorithm>
#include <utility>

#include "beredd/base/text.h"

namespace beredd::mail {

using base::Result;
using base::Status;

namespace {

// RFC 5322 has no bound for References, but servers have; the first one and the newest lead home.
constexpr std::size_t kMostReferences = 20;
constexpr std::size_t kLongestId = 500;

// An encoded word (RFC 2047) has no place in an id, and readers that decode it see another.
bool is_id(std::string_view id) {
  return id.size() <= kLongestId && is_visible_ascii(id) &&
         id.find_first_of("<>") == std::string_view::npos &&
         id.find("=?") == std::string_view::npos;
}

std::vector<std::string> references_of(const Letter& letter) {
  std::vector<std::string> out;
  for (const std::string& id : letter.references) {
    if (is_id(id) && id != letter.in_reply_to && std::ranges::find(out, id) == out.end()) {
      out.push_back(id);
    }
  }
  if (is_id(letter.in_reply_to)) out.push_back(letter.in_reply_to);
  if (out.size() > kMostReferences) {
    out.erase(out.begin() + 1, out.end() - static_cast<std::ptrdiff_t>(kMostReferences - 1));
  }
  return out;
}

Tokens bracketed(const std::vector<std::string>& ids) {
  Tokens out;
  out.reserve(ids.size());
  for (const std::string& id : ids) out.push_back("<" + id + ">");
  return out;
}

// A list of addresses as a field, and as a reader of it has them.
Status add_addresses(std::string_view name, const std::vector<Address>& list, std::string& out,
                     std::vector<Address>& read_as, bool& utf8) {
  if (list.empty()) return {};
  auto written = address_list(list, name.size() + 2);
  if (!written) return written.error();
  utf8 = utf8 || written->utf8;
  out += field(name, written->tokens);
  read_as = std::move(written->read_as);
  return {};
}

}  // namespace

Result<std::string> letter_header(const Letter& letter, Composed& composed) {
  std::string head;
  Reading& reading = composed.reading;
  reading.date = std::chrono::floor<std::chrono::seconds>(letter.date);
  head += field("Date", {base::rfc5322(letter.date)});
  const auto add = [&](std::string_view name, const std::vector<Address>& list,
                       std::vector<Address>& read_as) {
    return add_addresses(name, list, head, read_as, composed.smtputf8);
  };
  if (auto added = add("From", {letter.from}, reading.from); !added) return added.error();
  if (auto added = add("To", letter.to, reading.to); !added) return added.error();
  if (auto added = add("Cc", letter.cc, reading.cc); !added) return added.error();
  if (auto added = add("Reply-To", letter.reply_to, reading.reply_to); !added) return added.error();
  reading.subject = header_line(letter.subject);
  head += field("Subject", unstructured(reading.subject, 9));
  if (is_id(letter.message_id)) {
    reading.message_id = letter.message_id;
    head += field("Message-ID", bracketed({letter.message_id}));
  }
  reading.references = references_of(letter);
  if (is_id(letter.in_reply_to)) {
    reading.in_reply_to = {letter.in_reply_to};
    head += field("In-Reply-To", bracketed(reading.in_reply_to));
  }
  if (!reading.references.empty()) head += field("References", bracketed(reading.references));
  if (is_visible_ascii(letter.auto_submitted)) {
    reading.auto_submitted = base::lower(letter.auto_submitted);
    head += field("Auto-Submitted", {letter.auto_submitted});
  }
  if (is_visible_ascii(letter.mark)) {
    reading.loop_marks = {base::lower(letter.mark)};
    head += field("X-Beredd-Ticket", {letter.mark});
  }
  head += "MIME-Version: 1.0\r\n";
  return head;
}

}  // namespace beredd::mail
