#include "beredd/smtp/trace.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace beredd::smtp {
namespace {

constexpr std::size_t kColumns = 78;
constexpr std::size_t kMaxWord = 255;

bool is_visible(char c) { return c > ' ' && c < 0x7F; }

template <typename Predicate>
std::string keep(std::string_view text, Predicate good) {
  std::string out(text.substr(0, kMaxWord));
  std::replace_if(
      out.begin(), out.end(), [&](char c) { return !good(c); }, '?');
  return out;
}

// A name as a domain or an address literal may be written; anything else could open a comment, a
// quoted string or the next clause.
std::string name(std::string_view text) {
  const std::string out = keep(text, [](char c) {
    return is_visible(c) && std::string_view("()<>@,;\\\"").find(c) == std::string_view::npos;
  });
  return out.empty() ? "unknown" : out;
}

// A path of our own grammar: quoted local parts may hold blanks and brackets, but no controls.
std::string path(std::string_view mailbox, bool utf8) {
  const auto good = [utf8](char c) {
    return c == ' ' || is_visible(c) || (utf8 && static_cast<unsigned char>(c) >= 0x80);
  };
  return "<" + keep(mailbox, good) + ">";
}

std::string address_literal(std::string_view address) {
  const bool v6 = address.find(':') != std::string_view::npos;
  return (v6 ? "[IPv6:" : "[") + name(address) + "]";
}

// RFC 3848 has no keyword for HELO over TLS: STARTTLS itself is an extension.
std::string_view protocol(const Hop& hop) {
  if (hop.smtputf8 && hop.lmtp) return hop.tls ? "UTF8LMTPS" : "UTF8LMTP";
  if (hop.smtputf8) return hop.tls ? "UTF8SMTPS" : "UTF8SMTP";
  if (hop.lmtp) return hop.tls ? "LMTPS" : "LMTP";
  if (hop.tls) return "ESMTPS";
  return hop.extended ? "ESMTP" : "SMTP";
}

// Writes a field word by word and begins a new line where the next word does not fit.
class Folding {
 public:
  explicit Folding(std::string_view field) : out_(field), column_(out_.size()) {
    out_.reserve(256);
  }

  void add(std::string_view word) {
    const bool fits = column_ + 1 + word.size() <= kColumns;
    out_ += fits ? " " : "\r\n\t";
    out_ += word;
    column_ = (fits ? column_ : 0) + 1 + word.size();
  }
  std::string end() && { return std::move(out_) + "\r\n"; }

 private:
  std::string out_;
  std::size_t column_;
};

}  // namespace

std::string received_header(const Hop& hop) {
  Folding words("Received:");
  words.add("from");
  words.add(name(hop.client_name));
  const std::string host = hop.client_host.empty() ? "" : name(hop.client_host) + " ";
  words.add("(" + host + address_literal(hop.client_address) + ")");
  words.add("by");
  words.add(name(hop.server_name));
  words.add("with");
  words.add(protocol(hop));
  words.add("id");
  if (hop.for_mailbox.empty()) {
    words.add(name(hop.id) + ";");
  } else {
    words.add(name(hop.id));
    words.add("for");
    words.add(path(hop.for_mailbox, hop.smtputf8) + ";");
  }
  words.add(base::rfc5322(hop.at));
  return std::move(words).end();
}

}  // namespace beredd::smtp
