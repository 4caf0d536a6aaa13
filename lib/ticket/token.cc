#include "beredd/ticket/token.h"

#include <algorithm>
#include <charconv>

#include "beredd/base/text.h"

namespace beredd::ticket {
namespace {

constexpr std::string_view kTokenOpens = "[beredd-";
constexpr std::size_t kMostNumbers = 20;

bool is_proof_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }
bool is_word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// A number, and the proof behind its dot, at the front of `text`.
struct Parsed {
  Named named;
  std::size_t size = 0;
};

std::optional<Parsed> number_at(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number == 0) return std::nullopt;
  Parsed out{{base::TicketId(number), {}}, static_cast<std::size_t>(end - text.data())};
  const std::string_view rest = text.substr(out.size);
  if (rest.size() < kProofSize + 1 || rest.front() != '.') return out;
  const std::string_view proof = rest.substr(1, kProofSize);
  const bool ends = rest.size() == kProofSize + 1 || !is_word_char(rest[kProofSize + 1]);
  if (!ends || !std::all_of(proof.begin(), proof.end(), is_proof_char)) return out;
  out.named.proof = proof;
  out.size += 1 + kProofSize;
  return out;
}

struct Token {
  Named named;
  std::size_t begin = 0, end = 0;
};

std::vector<Token> tokens_in(std::string_view lower) {
  std::vector<Token> out;
  for (std::size_t at = 0; (at = lower.find(kTokenOpens, at)) != std::string_view::npos;) {
    const std::size_t begin = at;
    at += kTokenOpens.size();
    const std::optional<Parsed> found = number_at(lower.substr(at));
    if (!found || !lower.substr(at + found->size).starts_with(']')) continue;
    at += found->size + 1;
    out.push_back({found->named, begin, at});
  }
  return out;
}

std::string stamp(const Named& ticket) {
  return "t" + base::to_string(ticket.ticket) + "." + ticket.proof;
}

}  // namespace

std::optional<mail::Mailbox> reply_address(const mail::Mailbox& desk, const Named& ticket) {
  if (desk.local.empty() || desk.local.find_first_of("\"+") != std::string::npos) return {};
  return mail::Mailbox{desk.local + "+" + stamp(ticket), desk.domain};
}

std::string own_envelope_id(const Named& ticket) { return "beredd." + stamp(ticket); }

std::string own_message_id(const Named& ticket, std::string_view serial, std::string_view host) {
  std::string out = own_envelope_id(ticket) + ".";
  out.append(serial).append("@").append(host);
  return out;
}

std::vector<Named> signed_numbers(std::string_view text) {
  std::vector<Named> out;
  const std::string lower = base::lower(text);
  for (std::size_t at = 0; out.size() < kMostNumbers; ++at) {
    at = lower.find('t', at);
    if (at == std::string::npos) break;
    if (at > 0 && is_word_char(lower[at - 1])) continue;
    const std::optional<Parsed> found = number_at(std::string_view(lower).substr(at + 1));
    if (found && !found->named.proof.empty()) out.push_back(found->named);
  }
  return out;
}

std::string subject_token(const Named& ticket) {
  std::string out = std::string(kTokenOpens) + base::to_string(ticket.ticket);
  if (!ticket.proof.empty()) out += "." + ticket.proof;
  return out + "]";
}

std::optional<Named> parse_subject_token(std::string_view subject) {
  const std::string lower = base::lower(subject);
  const std::vector<Token> tokens = tokens_in(lower);
  if (tokens.empty()) return std::nullopt;
  return tokens.back().named;
}

std::string without_token(std::string_view subject) {
  std::string out;
  std::size_t at = 0;
  for (const Token& token : tokens_in(base::lower(subject))) {
    out += subject.substr(at, token.begin - at);
    at = token.end;
    if (at < subject.size() && subject[at] == ' ') ++at;
  }
  return out.append(subject.substr(at));
}

}  // namespace beredd::ticket
