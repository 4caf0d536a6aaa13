#pragma once
// The schema's part on what a desk says without a person.

#include <array>

#include "beredd/config/schema.h"

namespace beredd::config {

inline constexpr std::array kNotice = {
    Key{.path = "desk.notice",
        .kind = Kind::table,
        .help = "The automatic notice that a mail has arrived; without the table, none is sent."},
    Key{.path = "desk.notice.when",
        .kind = Kind::choice,
        .standard = R"("fallback")",
        .choices = "fallback | always | never",
        .help = "Of mail that waits here for the primary, of all mail, or of none."},
    Key{.path = "desk.notice.language",
        .kind = Kind::choice,
        .standard = R"("en")",
        .choices = "en | sv | no | nb | fi",
        .help = "The language for who writes in none of these, or too little to tell."},
    Key{.path = "desk.notice.within",
        .kind = Kind::duration,
        .standard = R"("0s")",
        .minimum = "0s",
        .maximum = "90d",
        .help = "How long an answer may take, as the notice says it; zero: it does not say."},
    Key{.path = "desk.notice.per_hour",
        .kind = Kind::integer,
        .standard = "500",
        .minimum = "1",
        .maximum = "100000",
        .help = "Notices in an hour, at most; more senders than that are not told."},
    Key{.path = "desk.notice.text",
        .kind = Kind::tables,
        .help = "A text of one's own, in place of the one that is built in."},
    Key{.path = "desk.notice.text.language",
        .kind = Kind::choice,
        .required = true,
        .choices = "en | sv | no | nb | fi",
        .help = "Its language."},
    Key{.path = "desk.notice.text.text",
        .kind = Kind::text,
        .required = true,
        .help = "The text, with places for {ticket}, {customer}, {phone} and their like."},
};

inline constexpr std::array kTemplate = {
    Key{.path = "template", .kind = Kind::tables, .help = "A text that staff begin answers with."},
    Key{.path = "template.name",
        .kind = Kind::name,
        .required = true,
        .help = "What staff call it; the same in each language."},
    Key{.path = "template.desks",
        .kind = Kind::list,
        .standard = "[]",
        .help = "The desks it is for; empty: all of them.",
        .of = Kind::name},
    Key{.path = "template.language",
        .kind = Kind::choice,
        .standard = R"("en")",
        .choices = "en | sv | no | nb | fi",
        .help = "Its language."},
    Key{.path = "template.text",
        .kind = Kind::text,
        .required = true,
        .help = "The text, with places for {ticket}, {customer}, {agent} and their like."},
};

}  // namespace beredd::config
