#include "beredd/mail/quote.h"

#include <array>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/mail/compose.h"
#include "beredd/mail/subject.h"

namespace beredd::mail {
namespace {

constexpr std::array<std::string_view, 4> kCodes = {"en", "sv", "no", "fi"};

std::string written_by(const Address& writer) {
  const std::string name = header_line(writer.name);
  std::string address = header_line(writer.address);
  if (name.empty()) return address;
  return address.empty() ? name : fmt::format("{} <{}>", name, address);
}

}  // namespace

std::string_view code(Language language) { return kCodes[static_cast<std::size_t>(language)]; }

std::optional<Language> language_coded(std::string_view code) {
  const std::string lower = base::lower(code);
  if (lower == "nb" || lower == "nn") return Language::norwegian;
  for (std::size_t i = 0; i < kCodes.size(); ++i) {
    if (kCodes[i] == lower) return static_cast<Language>(i);
  }
  return std::nullopt;
}

std::string attribution(Language language, base::Instant written, const Address& writer) {
  const std::string local = base::local_time(written);  // "2026-11-23 10:00:00"
  const std::string date = local.substr(0, 10), time = local.substr(11, 5);
  const std::string dotted =
      fmt::format("{}.{}.{}", local.substr(8, 2), local.substr(5, 2), local.substr(0, 4));
  const std::string who = written_by(writer);
  switch (language) {
    case Language::english: return fmt::format("On {} {}, {} wrote:", date, time, who);
    case Language::swedish: return fmt::format("Den {} kl. {} skrev {}:", date, time, who);
    case Language::norwegian: return fmt::format("Den {} kl. {} skrev {}:", dotted, time, who);
    case Language::finnish:
      return fmt::format("{} klo {}.{} {} kirjoitti:", dotted, time.substr(0, 2), time.substr(3),
                         who);
  }
  return {};
}

std::string quote(std::string_view text) {
  const std::string canonical = canonical_text(text);
  std::string out;
  for (std::string_view rest = canonical; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    out.append(line.starts_with('>') || line.empty() ? ">" : "> ").append(line).push_back('\n');
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string reply_subject(std::string_view subject) {
  const std::string line = header_line(subject);
  return normalise_subject(line).is_reply ? line : "Re: " + line;
}

std::string forward_subject(std::string_view subject) {
  const std::string line = header_line(subject);
  return normalise_subject(line).is_forward ? line : "Fwd: " + line;
}

}  // namespace beredd::mail
