#pragma once
// What a delivery report reports (RFC 3464), as far as it leads back to the mail it is about.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

// other: relayed, expanded, or a report that does not say.
enum class Outcome : std::uint8_t { failed, delayed, delivered, other };
std::string_view name(Outcome outcome);

struct Report {
  Outcome outcome = Outcome::failed;     // the worst, where it speaks of several recipients
  std::string status;                    // "5.1.1" (RFC 3463); empty: it names none
  std::string envelope_id;               // Original-Envelope-Id, decoded from xtext
  std::vector<std::string> message_ids;  // of the mail it is about, the likeliest first
  std::vector<std::string> recipients;   // whom that was for, lower case
  friend bool operator==(const Report&, const Report&) = default;
};

}  // namespace beredd::mail
