#include "beredd/config/schema.h"

#include "schema_door.h"
#include "schema_notice.h"
#include "schema_outgoing.h"
#include "schema_people.h"
#include "schema_primary.h"
#include "schema_rules.h"
#include "schema_staffing.h"
#include "schema_time.h"

#include <array>

namespace beredd::config {
namespace {

constexpr std::array kNode = {
    Key{.path = "node", .kind = Kind::table, .help = "This machine and what it keeps on disk."},
    Key{.path = "node.name",
        .kind = Kind::name,
        .standard = R"("beredd")",
        .help = "What this node calls itself in logs and trace headers."},
    Key{.path = "node.state",
        .kind = Kind::path,
        .standard = R"("/var/lib/beredd")",
        .help = "The directory of the store."},
    Key{.path = "node.key_file",
        .kind = Kind::secret,
        .help =
            "32 bytes that everything at rest is encrypted under; without it, state/master.key is "
            "made once."},
    Key{.path = "node.map_size",
        .kind = Kind::bytes,
        .standard = R"("1TiB")",
        .minimum = "16MiB",
        .maximum = "64TiB",
        .help = "Address space of the store, the most that it can ever hold."},
    Key{.path = "node.low_water",
        .kind = Kind::bytes,
        .standard = R"("256MiB")",
        .maximum = "64TiB",
        .help = "With less free disk than this, mail is refused with 452 before it is sent."},
};

constexpr std::array kDns = {
    Key{.path = "dns", .kind = Kind::table, .help = "Who is asked about names."},
    Key{.path = "dns.servers",
        .kind = Kind::list,
        .standard = "[]",
        .help = "Addresses of name servers that resolve; empty: those of the system's resolv.conf.",
        .of = Kind::server},
};

constexpr std::array kControl = {
    Key{.path = "control", .kind = Kind::table, .help = "Where beredctl comes in."},
    Key{.path = "control.socket",
        .kind = Kind::path,
        .standard = R"("/run/beredd/control.sock")",
        .help = "The Unix socket of the control API."},
};

constexpr std::array kSearch = {
    Key{.path = "search", .kind = Kind::table, .help = "Finding tickets by their words."},
    Key{.path = "search.enabled",
        .kind = Kind::boolean,
        .standard = "true",
        .help = "Whether an index of all words is kept; without, subject and requester are read."},
    Key{.path = "search.directory",
        .kind = Kind::path,
        .help = "Where the index lies; without it, in node.state/search."},
};

constexpr std::array kDesk = {
    Key{.path = "desk",
        .kind = Kind::tables,
        .required = true,
        .help = "Public addresses that are served together."},
    Key{.path = "desk.name",
        .kind = Kind::name,
        .required = true,
        .help = "What staff call the desk."},
    Key{.path = "desk.addresses",
        .kind = Kind::list,
        .required = true,
        .help = "Whole addresses, or @domain for every address in it.",
        .of = Kind::served},
    Key{.path = "desk.from",
        .kind = Kind::sender,
        .help = "Whom answers come from; without it, the desk's first whole address."},
    Key{.path = "desk.primary",
        .kind = Kind::name,
        .required = true,
        .help = "The name of the primary that normally takes this mail."},
    Key{.path = "desk.plus_addresses",
        .kind = Kind::boolean,
        .standard = "false",
        .help = "Whether local+anything is served with each whole address, for signed replies."},
    Key{.path = "desk.new_participant",
        .kind = Kind::choice,
        .standard = R"("join")",
        .choices = "join | open",
        .help = "A mail that refers to a ticket of others: it joins, marked, or opens a ticket."},
    Key{.path = "desk.changed_subject",
        .kind = Kind::choice,
        .standard = R"("join")",
        .choices = "join | open",
        .help = "A mail with a new subject under an old reference: it joins, or opens a ticket."},
    Key{.path = "desk.phones",
        .kind = Kind::list,
        .standard = "[]",
        .help = "Telephone numbers and other ways in, as notices and templates name them.",
        .of = Kind::text},
};

constexpr std::array kSmarthost = {
    Key{.path = "smarthost",
        .kind = Kind::table,
        .help = "The relay for mail that we write ourselves."},
    Key{.path = "smarthost.host",
        .kind = Kind::host,
        .required = true,
        .help = "Its host name or address."},
    Key{.path = "smarthost.port",
        .kind = Kind::integer,
        .standard = "587",
        .minimum = "1",
        .maximum = "65535",
        .help = "Its port."},
    Key{.path = "smarthost.tls",
        .kind = Kind::choice,
        .standard = R"("required")",
        .choices = "off | opportunistic | required | implicit",
        .help =
            "STARTTLS: never, when offered, or with a certificate that holds; implicit: TLS from "
            "the first byte."},
    Key{.path = "smarthost.ca_file",
        .kind = Kind::file,
        .help = "Authorities to believe, PEM, instead of the system's."},
    Key{.path = "smarthost.user",
        .kind = Kind::text,
        .standard = R"("")",
        .help = "Whom to log in as; empty: no login."},
    Key{.path = "smarthost.password_file",
        .kind = Kind::secret,
        .help = "A file with the password on its first line; read anew for each login."},
    Key{.path = "smarthost.timeout",
        .kind = Kind::duration,
        .standard = R"("5m")",
        .minimum = "1s",
        .maximum = "1h",
        .help = "How long to wait for each answer."},
};

constexpr std::array kLater = {
    Later{"imap", "", "pulling from a mailbox is not built in yet; remove the table"},
    Later{"primary.target.kind", "lmtp", "use smtp"},
    Later{"primary.target.kind", "imap", "use smtp"},
    Later{"primary.target.kind", "http", "use smtp"},
    Later{"primary.check.kind", "canary", "use http, smtp, imap or tcp"},
};

template <std::size_t... N>
constexpr auto joined(const std::array<Key, N>&... parts) {
  std::array<Key, (N + ...)> whole;
  std::size_t at = 0;
  const auto append = [&](const auto& part) {
    for (const Key& key : part) whole[at++] = key;
  };
  (append(parts), ...);
  return whole;
}

constexpr auto kSchema = joined(
    kNode, kSmtp, kLimits, kPeers, kDns, kControl, kSearch, kDesk, kNotice, kPrimary, kTarget,
    kCheck, kFailover, kSmarthost, kOutgoing, kPeople, kRules, kStaffing, kNormalStaffing,
    kReducedStaffing, kCriticalStaffing, kTemplate, kCalendar, kServiceLevel);

}  // namespace

std::span<const Key> schema() { return kSchema; }

const Key* key_at(std::string_view path) {
  for (const Key& key : kSchema) {
    if (key.path == path) return &key;
  }
  return nullptr;
}

std::span<const Later> later() { return kLater; }

}  // namespace beredd::config
