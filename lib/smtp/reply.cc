#include "beredd/smtp/reply.h"

#include <algorithm>
#include <iterator>
#include <span>

#include <fmt/format.h>

namespace beredd::smtp {
namespace {

constexpr std::size_t kMaxWireLine = 512;  // with CRLF, RFC 5321 §4.5.3.1.5
constexpr std::size_t kUsualLine = 80;
constexpr std::size_t kMaxLine = 2048;
constexpr std::size_t kMaxLines = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void make_printable(std::span<char> text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
}

// The length of the one to three digits at the front of `text`, or 0.
std::size_t number_length(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto length = static_cast<std::size_t>(end - text.begin());
  return length <= 3 ? length : 0;
}

// Takes "2.1.0 " off the front of a reply's text (RFC 2034 §4: its class is the code's first
// digit).
std::string take_enhanced(std::string_view& text, int code) {
  if (text.size() < 5 || text[0] != static_cast<char>('0' + code / 100) || text[1] != '.')
    return {};
  const auto subject = number_length(text.substr(2));
  if (subject == 0 || text.size() <= 2 + subject || text[2 + subject] != '.') return {};
  const auto detail = number_length(text.substr(3 + subject));
  const std::size_t end = 3 + subject + detail;
  if (detail == 0 || (end < text.size() && text[end] != ' ')) return {};
  std::string enhanced(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return enhanced;
}

struct PublicText {
  base::Code code;
  int reply;
  std::string_view enhanced, text;
};

// What a mail client may know of a failure. Codes without a line of their own end in the defaults.
constexpr PublicText kTransient[] = {
    {base::Code::store_full, 452, "4.3.1", "insufficient system storage, try again later"},
    {base::Code::too_large, 452, "4.3.1", "insufficient system storage, try again later"},
    {base::Code::cancelled, 421, "4.3.2", "shutting down, try again later"},
    {base::Code::refused, 450, "4.7.1", "not now, try again later"},
    {base::Code::not_found, 450, "4.2.0", "mailbox unavailable, try again later"},
};
constexpr PublicText kPermanent[] = {
    {base::Code::store_full, 552, "5.3.1", "the system is full"},
    {base::Code::too_large, 552, "5.3.4", "message too big"},
    {base::Code::refused, 550, "5.7.1", "refused by policy"},
    {base::Code::not_found, 550, "5.1.1", "no such address here"},
    {base::Code::invalid, 554, "5.6.0", "malformed message"},
    {base::Code::unsupported, 554, "5.3.3", "not supported"},
};
constexpr PublicText kLaterDefault = {base::Code::internal, 451, "4.3.0",
                                      "local error, try again later"};
constexpr PublicText kNeverDefault = {base::Code::internal, 554, "5.3.0",
                                      "the message cannot be taken"};

template <std::size_t N>
PublicText find(const PublicText (&table)[N], base::Code code, const PublicText& otherwise) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const auto& row) { return row.code == code; });
  return found == std::end(table) ? otherwise : *found;
}

PublicText public_text(const base::Error& error) {
  switch (error.fault) {
    case base::Fault::transient: return find(kTransient, error.code, kLaterDefault);
    case base::Fault::permanent: return find(kPermanent, error.code, kNeverDefault);
    case base::Fault::bug: break;
  }
  return kLaterDefault;  // a bug of ours is no reason to send a customer's mail back
}

base::Error no_reply(std::string_view why) {
  return base::permanent(base::Code::invalid, std::string(why));
}

}  // namespace

Reply reply(int code, std::string enhanced, std::string text) {
  Reply out{code, std::move(enhanced), {}};
  out.lines.push_back(std::move(text));
  return out;
}

std::string wire(const Reply& reply) {
  std::string out;
  const std::size_t count = std::max<std::size_t>(reply.lines.size(), 1);
  out.reserve(count * kUsualLine);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t start = out.size();
    fmt::format_to(std::back_inserter(out), "{:03}{}", reply.code, i + 1 < count ? '-' : ' ');
    if (!reply.enhanced.empty()) out.append(reply.enhanced) += ' ';
    if (i < reply.lines.size()) out += reply.lines[i];
    if (out.size() - start > kMaxWireLine - 2) out.resize(start + kMaxWireLine - 2);
    make_printable(std::span(out).subspan(start));
    out += "\r\n";
  }
  return out;
}

std::string one_line(const Reply& reply) {
  std::string out = std::to_string(reply.code);
  if (!reply.enhanced.empty()) out += ' ' + reply.enhanced;
  for (const std::string& line : reply.lines) {
    if (!line.empty()) out += ' ' + line;
  }
  make_printable(out);
  return out;
}

Reply reply_for(const base::Error& error) {
  const PublicText row = public_text(error);
  return reply(row.reply, std::string(row.enhanced), std::string(row.text));
}

base::Result<std::optional<Reply>> ReplyReader::line(std::string_view line) {
  if (unusable_) return no_reply("an earlier line was no reply");
  unusable_ = true;  // until this line has proved good
  if (line.size() > kMaxLine) return no_reply("a reply line is too long");
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) {
    return no_reply("a reply line does not begin with three digits");
  }
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (code < 200 || code > 599) return no_reply("a reply code is not in 200..599");
  const char separator = line.size() > 3 ? line[3] : ' ';
  if (separator != ' ' && separator != '-')
    return no_reply("no blank or hyphen follows a reply code");
  if (!gathering_.lines.empty() && code != gathering_.code) {
    return no_reply("the lines of a reply differ in their code");
  }
  if (gathering_.lines.size() == kMaxLines) return no_reply("a reply has too many lines");
  unusable_ = false;

  gathering_.code = code;
  std::string_view text = line.substr(std::min<std::size_t>(line.size(), 4));
  std::string enhanced = take_enhanced(text, code);
  if (gathering_.enhanced.empty()) gathering_.enhanced = std::move(enhanced);
  gathering_.lines.emplace_back(text);
  if (separator == '-') return std::optional<Reply>{};
  return std::optional<Reply>{std::exchange(gathering_, {})};
}

}  // namespace beredd::smtp
