#include "beredd/mail/dsn.h"

#include <algorithm>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

struct NotifyWord {
  std::string_view word;
  std::uint8_t bit;
};
constexpr NotifyWord kNotifyWords[] = {{"NEVER", Notify::kNever},
                                       {"SUCCESS", Notify::kSuccess},
                                       {"FAILURE", Notify::kFailure},
                                       {"DELAY", Notify::kDelay}};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

// RFC 3461 §4: visible ASCII but "+" and "=", or "+" and two hexadecimal digits in capitals.
bool is_xtext(std::string_view text, bool wide) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '+') {
      if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
      at += 2;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      if (!wide) return false;
    } else if (c <= ' ' || c == 0x7F || c == '=') {
      return false;
    }
  }
  return true;
}

bool is_address_type(std::string_view type) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !type.empty() && std::all_of(type.begin(), type.end(), good);
}

}  // namespace

std::optional<DsnReturn> parse_dsn_return(std::string_view text) {
  if (base::same_ignoring_case(text, "FULL")) return DsnReturn::full;
  if (base::same_ignoring_case(text, "HDRS")) return DsnReturn::headers;
  return {};
}

std::optional<Notify> parse_notify(std::string_view text) {
  Notify notify;
  for (const std::string_view word : base::split(text, ',')) {
    const auto* found =
        std::find_if(std::begin(kNotifyWords), std::end(kNotifyWords),
                     [&](const auto& known) { return base::same_ignoring_case(known.word, word); });
    if (found == std::end(kNotifyWords) || (notify.bits & found->bit) != 0) return {};
    notify.bits |= found->bit;
  }
  if (notify.bits == 0 || !is_notify(notify)) return {};
  return notify;
}

bool is_notify(Notify notify) {
  if (notify.bits == Notify::kNever) return true;
  return (notify.bits & ~(Notify::kSuccess | Notify::kFailure | Notify::kDelay)) == 0;
}

std::string_view name(DsnReturn ret) {
  switch (ret) {
    case DsnReturn::unspecified: break;
    case DsnReturn::full: return "FULL";
    case DsnReturn::headers: return "HDRS";
  }
  return "";
}

std::string text(Notify notify) {
  std::string out;
  for (const NotifyWord& known : kNotifyWords) {
    if ((notify.bits & known.bit) == 0) continue;
    if (!out.empty()) out += ',';
    out += known.word;
  }
  return out;
}

bool is_envelope_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxEnvelopeId && is_xtext(text, /*wide=*/false);
}

bool is_original_recipient(std::string_view text, bool allow_utf8) {
  if (text.size() > kMaxOriginalRecipient) return false;
  const auto semicolon = text.find(';');
  if (semicolon == std::string_view::npos || semicolon + 1 == text.size()) return false;
  const std::string_view type = text.substr(0, semicolon);
  const bool wide = allow_utf8 && base::same_ignoring_case(type, "utf-8") && base::is_utf8(text);
  return is_address_type(type) && is_xtext(text.substr(semicolon + 1), wide);
}

}  // namespace beredd::mail
