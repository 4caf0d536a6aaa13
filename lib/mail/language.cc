#include "beredd/mail/language.h"

#include <algorithm>
#include <array>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

namespace beredd::mail {
namespace {

constexpr std::size_t kEnough = std::size_t{16} * 1024;

// CLD2 wants whole sequences: one that is cut at the end goes.
std::string_view whole_sequences(std::string_view text) {
  if (text.size() <= kEnough) return text;
  text = text.substr(0, kEnough);
  const auto continues = [&] { return (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U; };
  while (!text.empty() && continues()) text.remove_suffix(1);
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Language> guess_language(std::string_view text) {
  text = whole_sequences(text);
  if (text.empty()) return std::nullopt;
  const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  int bytes = 0;
  bool reliable = false;
  // Best effort: without it, a text of one sentence is never answered.
  const CLD2::Language found = CLD2::ExtDetectLanguageSummary(
      text.data(), static_cast<int>(text.size()), /*is_plain_text=*/true, &hints,
      CLD2::kCLDFlagBestEffort, languages.data(), percents.data(), scores.data(), nullptr, &bytes,
      &reliable);
  switch (found) {
    case CLD2::ENGLISH: return reliable ? std::optional(Language::english) : std::nullopt;
    case CLD2::SWEDISH: return Language::swedish;
    case CLD2::FINNISH: return Language::finnish;
    case CLD2::NORWEGIAN:
    case CLD2::NORWEGIAN_N:
    case CLD2::DANISH: return Language::norwegian;
    default: return std::nullopt;
  }
}

}  // namespace beredd::mail
