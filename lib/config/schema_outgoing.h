#pragma once
// The schema's part on what we write ourselves: how long it is tried.

#include <array>

#include "beredd/config/schema.h"

namespace beredd::config {

inline constexpr std::array kOutgoing = {
    Key{.path = "outgoing",
        .kind = Kind::table,
        .help = "Mail that we write ourselves, while it has not been taken."},
    Key{.path = "outgoing.retry",
        .kind = Kind::list,
        .standard = R"(["1m", "5m", "15m", "30m", "1h"])",
        .minimum = "1s",
        .maximum = "1d",
        .help = "The waits between attempts; the last one repeats.",
        .of = Kind::duration},
    Key{.path = "outgoing.give_up",
        .kind = Kind::duration,
        .standard = R"("48h")",
        .minimum = "1m",
        .maximum = "30d",
        .help = "How long a mail is tried before it is undelivered, and for a person to see to."},
};

}  // namespace beredd::config
