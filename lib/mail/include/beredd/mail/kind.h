#pragma once
// Who or what wrote a mail: a person, or one of the machines that must not be answered.

#include <cstdint>
#include <optional>
#include <string_view>

namespace beredd::mail {

// auto_reply: an answer by a machine (RFC 3834 auto-replied), or any other mail that one made by
// itself; vacation: the answer of somebody who is away; delivery_report: what became of a mail
// (RFC 3464, and the many that never heard of it); list: through a mailing list (RFC 2919, 2369);
// bulk: to many, and nobody is to answer.
enum class Kind : std::uint8_t { person, auto_reply, vacation, delivery_report, list, bulk };

std::string_view name(Kind kind);  // "person", "auto-reply", "vacation", "delivery-report", …
std::optional<Kind> kind_named(std::string_view text);

// Whether nobody sat at the other end: it gets no automatic answer and opens nothing again.
constexpr bool is_automatic(Kind kind) { return kind != Kind::person && kind != Kind::list; }

}  // namespace beredd::mail
