#pragma once
// What a desk says without a person, as the control API shows it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"

namespace beredd::api {

// What became of the automatic notice for a ticket.
struct TicketNotice {
  bool sent = false;
  base::Instant at{};
  std::optional<std::uint64_t> message;  // that it was for
  std::string reason;                    // null: it was sent; "told-already", "automatic", …
  friend bool operator==(const TicketNotice&, const TicketNotice&) = default;
};

// One desk that sends notices.
struct NoticeStatus {
  std::string desk;
  std::string when;             // fallback, always
  std::uint64_t last_hour = 0;  // senders who were told
  std::uint64_t per_hour = 0;   // at most
  friend bool operator==(const NoticeStatus&, const NoticeStatus&) = default;
};

// A notice as it would leave.
struct NoticePreview {
  std::string desk;
  std::string when;      // fallback, always, never
  std::string language;  // en, sv, no, fi
  std::string from, subject, text;
  friend bool operator==(const NoticePreview&, const NoticePreview&) = default;
};

// A text for answers; with its places filled in where it is for a ticket.
struct TemplateView {
  std::string name;
  std::string language;
  std::vector<std::string> desks;  // empty: every desk
  std::string text;
  friend bool operator==(const TemplateView&, const TemplateView&) = default;
};

}  // namespace beredd::api
