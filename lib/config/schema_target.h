#pragma once
// The schema's part on where a primary takes mail, and where that is looked up.

#include <array>

#include "beredd/config/schema.h"

namespace beredd::config {

inline constexpr std::array kTarget = {
    Key{.path = "primary.target",
        .kind = Kind::table,
        .required = true,
        .help = "Where the primary takes mail."},
    Key{.path = "primary.target.kind",
        .kind = Kind::choice,
        .standard = R"("smtp")",
        .choices = "smtp | lmtp | imap",
        .help =
            "The protocol that it is spoken to in; by imap, mail is put into a mailbox of its."},
    Key{.path = "primary.target.host",
        .kind = Kind::host,
        .required = true,
        .help = "Its host name or address."},
    Key{.path = "primary.target.port",
        .kind = Kind::integer,
        .minimum = "1",
        .maximum = "65535",
        .help = "Its port; without it, 25 for smtp, 24 for lmtp, 993 for imap."},
    Key{.path = "primary.target.tls",
        .kind = Kind::choice,
        .choices = "off | opportunistic | required | implicit",
        .help =
            "STARTTLS: never, when offered, or with a certificate that holds; implicit: TLS from "
            "the first byte. Without it, opportunistic; for imap implicit, or required at port "
            "143."},
    Key{.path = "primary.target.ca_file",
        .kind = Kind::file,
        .help = "Authorities to believe, PEM, instead of the system's."},
    Key{.path = "primary.target.user",
        .kind = Kind::text,
        .standard = R"("")",
        .help = "smtp, imap: whom to log in as; empty: no login."},
    Key{.path = "primary.target.password_file",
        .kind = Kind::secret,
        .help =
            "smtp, imap: a file with the password on its first line; read anew for each login."},
    Key{.path = "primary.target.mailbox",
        .kind = Kind::text,
        .standard = R"("INBOX")",
        .help = "imap: the mailbox to put mail into; {desk} in it stands for the desk's name. Made "
                "where it is not there."},
    Key{.path = "primary.target.when_unknown",
        .kind = Kind::choice,
        .standard = R"("quarantine")",
        .choices = "quarantine | resend",
        .help = "What to do with a mail that was sent whole and never answered, and that cannot "
                "be looked up."},
    Key{.path = "primary.target.connections",
        .kind = Kind::integer,
        .standard = "4",
        .minimum = "1",
        .maximum = "100",
        .help = "Connections at once, at most."},
    Key{.path = "primary.target.timeout",
        .kind = Kind::duration,
        .standard = R"("5m")",
        .minimum = "1s",
        .maximum = "1h",
        .help = "How long to wait for each answer."},
};

inline constexpr std::array kLookUp = {
    Key{.path = "primary.look_up",
        .kind = Kind::table,
        .help = "A mailbox of the primary that shows what it took, looked into by IMAP."},
    Key{.path = "primary.look_up.host",
        .kind = Kind::host,
        .required = true,
        .help = "Its host name or address."},
    Key{.path = "primary.look_up.port",
        .kind = Kind::integer,
        .minimum = "1",
        .maximum = "65535",
        .help = "Its port; without it, 993."},
    Key{.path = "primary.look_up.tls",
        .kind = Kind::choice,
        .choices = "required | implicit",
        .help = "STARTTLS, or TLS from the first byte. Without it, implicit, or required at port "
                "143."},
    Key{.path = "primary.look_up.ca_file",
        .kind = Kind::file,
        .help = "Authorities to believe, PEM, instead of the system's."},
    Key{.path = "primary.look_up.user",
        .kind = Kind::text,
        .required = true,
        .help = "Whom to log in as."},
    Key{.path = "primary.look_up.password_file",
        .kind = Kind::secret,
        .required = true,
        .help = "A file with the password on its first line; read anew for each login."},
    Key{.path = "primary.look_up.mailbox",
        .kind = Kind::text,
        .standard = R"("INBOX")",
        .help = "The mailbox to look into; {desk} in it stands for the desk's name."},
    Key{.path = "primary.look_up.patience",
        .kind = Kind::duration,
        .standard = R"("2m")",
        .minimum = "0s",
        .maximum = "1d",
        .help = "What was offered and is not there may still turn up for so long; only then is it "
                "offered again, or called missing."},
    Key{.path = "primary.look_up.timeout",
        .kind = Kind::duration,
        .standard = R"("1m")",
        .minimum = "1s",
        .maximum = "1h",
        .help = "How long to wait for each answer."},
};

}  // namespace beredd::config
