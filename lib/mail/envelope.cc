#include "beredd/mail/envelope.h"

#include <algorithm>
#include <memory>

#include <arpa/inet.h>
#include <unicode/uidna.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

// A path is 256 octets with its brackets (RFC 5321 §4.5.3.1.3).
constexpr std::size_t kMaxMailbox = 254;
constexpr std::size_t kMaxDomain = 255;
constexpr std::size_t kMaxLabel = 63;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_wide(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_visible(char c) { return c > ' ' && c < 0x7F; }

bool is_atom_text(char c) {
  return is_letter_or_digit(c) || is_wide(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_string(std::string_view local) {
  const auto atoms = base::split(local, '.');
  return std::all_of(atoms.begin(), atoms.end(), [](std::string_view atom) {
    return !atom.empty() && std::all_of(atom.begin(), atom.end(), is_atom_text);
  });
}

// The length of the quoted string at the front of `text`, with its quotes; 0 when there is none.
std::size_t quoted_length(std::string_view text) {
  if (text.empty() || text.front() != '"') return 0;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\' && ++at == text.size()) return 0;
    if (text[at] != ' ' && !is_visible(text[at]) && !is_wide(text[at])) return 0;
  }
  return 0;
}

// Underscores are no letters of RFC 1035, but hosts that have them do send mail.
bool is_label(std::string_view label) {
  const auto good = [](char c) {
    return is_letter_or_digit(c) || is_wide(c) || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), good);
}

bool is_domain(std::string_view domain) {
  if (domain.size() > kMaxDomain) return false;
  const auto labels = base::split(domain, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

bool is_address(int family, std::string_view text) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(family, std::string(text).c_str(), address) == 1;
}

// RFC 5321 §4.1.3: the text between the brackets is an IPv4 address, or a tag, a colon and content.
bool is_address_literal(std::string_view domain) {
  if (domain.size() < 3 || domain.size() > kMaxDomain || domain.back() != ']') return false;
  const std::string_view inner = domain.substr(1, domain.size() - 2);
  const auto good = [](char c) { return is_visible(c) && c != '[' && c != ']' && c != '\\'; };
  if (!std::all_of(inner.begin(), inner.end(), good)) return false;
  const auto colon = inner.find(':');
  if (colon == std::string_view::npos) return is_address(AF_INET, inner);
  const std::string_view tag = inner.substr(0, colon), content = inner.substr(colon + 1);
  if (base::same_ignoring_case(tag, "IPv6")) return is_address(AF_INET6, content);
  return is_label(tag) && !content.empty();
}

// U+0080 to U+009F, in UTF-8 that has been found valid.
bool has_wide_control(std::string_view text) {
  for (auto at = text.find('\xC2'); at != text.npos; at = text.find('\xC2', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
  }
  return false;
}

struct CloseIdna {
  void operator()(UIDNA* idna) const { uidna_close(idna); }
};

base::Error invalid(std::string_view what) {
  return base::permanent(base::Code::invalid, std::string(what));
}

}  // namespace

base::Result<Mailbox> parse_mailbox(std::string_view text, bool allow_utf8) {
  if (text.size() > kMaxMailbox) return invalid("the address is too long");
  if (std::any_of(text.begin(), text.end(), is_wide) && !(allow_utf8 && base::is_utf8(text))) {
    return invalid("the address has characters outside ASCII");
  }
  if (has_wide_control(text)) return invalid("the address has control characters");
  const std::size_t quoted = quoted_length(text);
  const auto at = quoted > 0 ? quoted : text.find('@');
  if (at >= text.size() || text[at] != '@') return invalid("the address has no @");
  const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
  if (quoted == 0 && !is_dot_string(local)) return invalid("malformed local part");
  const bool literal = !domain.empty() && domain.front() == '[';
  if (literal ? !is_address_literal(domain) : !is_domain(domain))
    return invalid("malformed domain");
  return Mailbox{std::string(local), base::lower(domain)};
}

bool is_ascii(const Mailbox& mailbox) {
  return std::none_of(mailbox.local.begin(), mailbox.local.end(), is_wide) &&
         std::none_of(mailbox.domain.begin(), mailbox.domain.end(), is_wide);
}

std::string comparable_domain(std::string_view domain) {
  if (std::none_of(domain.begin(), domain.end(), is_wide)) return base::lower(domain);
  UErrorCode code = U_ZERO_ERROR;
  const std::unique_ptr<UIDNA, CloseIdna> idna(uidna_openUTS46(
      UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &code));
  if (U_FAILURE(code)) return std::string(domain);
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  std::string out(kMaxDomain, '\0');
  const int32_t length =
      uidna_nameToASCII_UTF8(idna.get(), domain.data(), static_cast<int32_t>(domain.size()),
                             out.data(), static_cast<int32_t>(out.size()), &info, &code);
  if (U_FAILURE(code) || info.errors != 0 || length > static_cast<int32_t>(out.size())) {
    return std::string(domain);
  }
  out.resize(static_cast<std::size_t>(length));
  return base::lower(out);
}

}  // namespace beredd::mail
