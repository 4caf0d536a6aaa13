#pragma once
// How the enums of the configuration are spelled, once for reading and for writing.

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "beredd/config/config.h"

namespace beredd::config {

template <typename Enum>
using Word = std::pair<std::string_view, Enum>;

template <typename Enum>
struct Words;

template <>
struct Words<Tls> {
  static constexpr std::array all = {
      Word<Tls>{"off", Tls::off}, Word<Tls>{"opportunistic", Tls::opportunistic},
      Word<Tls>{"required", Tls::required}, Word<Tls>{"implicit", Tls::implicit}};
};

template <>
struct Words<TargetKind> {
  static constexpr std::array all = {Word<TargetKind>{"smtp", TargetKind::smtp},
                                     Word<TargetKind>{"lmtp", TargetKind::lmtp},
                                     Word<TargetKind>{"imap", TargetKind::imap}};
};

template <>
struct Words<Offer> {
  static constexpr std::array all = {Word<Offer>{"auto", Offer::automatic},
                                     Word<Offer>{"off", Offer::off}};
};

template <>
struct Words<WhenUnknown> {
  static constexpr std::array all = {Word<WhenUnknown>{"quarantine", WhenUnknown::quarantine},
                                     Word<WhenUnknown>{"resend", WhenUnknown::resend}};
};

template <>
struct Words<Oddity> {
  static constexpr std::array all = {Word<Oddity>{"join", Oddity::join},
                                     Word<Oddity>{"open", Oddity::open}};
};

template <>
struct Words<NoticeWhen> {
  static constexpr std::array all = {Word<NoticeWhen>{"fallback", NoticeWhen::fallback},
                                     Word<NoticeWhen>{"always", NoticeWhen::always},
                                     Word<NoticeWhen>{"never", NoticeWhen::never}};
};

template <>
struct Words<mail::Language> {
  static constexpr std::array all = {Word<mail::Language>{"en", mail::Language::english},
                                     Word<mail::Language>{"sv", mail::Language::swedish},
                                     Word<mail::Language>{"no", mail::Language::norwegian},
                                     Word<mail::Language>{"nb", mail::Language::norwegian},
                                     Word<mail::Language>{"fi", mail::Language::finnish}};
};

template <>
struct Words<CheckKind> {
  static constexpr std::array all = {
      Word<CheckKind>{"http", CheckKind::http}, Word<CheckKind>{"smtp", CheckKind::smtp},
      Word<CheckKind>{"imap", CheckKind::imap}, Word<CheckKind>{"tcp", CheckKind::tcp}};
};

template <>
struct Words<Eves> {
  static constexpr std::array all = {Word<Eves>{"closed", Eves::closed},
                                     Word<Eves>{"open", Eves::open}};
};

template <>
struct Words<HandbackStart> {
  static constexpr std::array all = {Word<HandbackStart>{"automatic", HandbackStart::automatic},
                                     Word<HandbackStart>{"manual", HandbackStart::manual}};
};

template <>
struct Words<PersonRole> {
  static constexpr std::array all = {Word<PersonRole>{"staff", PersonRole::staff},
                                     Word<PersonRole>{"lead", PersonRole::lead},
                                     Word<PersonRole>{"admin", PersonRole::admin}};
};

template <>
struct Words<Assignment> {
  static constexpr std::array all = {Word<Assignment>{"manual", Assignment::manual},
                                     Word<Assignment>{"automatic", Assignment::automatic}};
};

template <typename Enum>
constexpr std::string_view word_of(Enum value) {
  for (const auto& [word, meaning] : Words<Enum>::all) {
    if (meaning == value) return word;
  }
  return {};
}

template <typename Enum>
constexpr std::optional<Enum> meaning_of(std::string_view text) {
  for (const auto& [word, meaning] : Words<Enum>::all) {
    if (word == text) return meaning;
  }
  return std::nullopt;
}

}  // namespace beredd::config
