#pragma once
// The configuration as immutable structs. Parsed once from TOML, checked whole, then only read.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/config/notice.h"
#include "beredd/config/people.h"
#include "beredd/config/service_level.h"
#include "beredd/config/target.h"
#include "beredd/failover/machine.h"
#include "beredd/mail/envelope.h"

namespace beredd::config {

struct Node {
  std::string name;
  std::filesystem::path state;                    // the directory of the store
  std::optional<std::filesystem::path> key_file;  // nothing: state/master.key, made once
  base::Bytes map_size{std::uint64_t{1} << 40};   // address space of the store
  base::Bytes low_water = base::mebibytes(256);   // less free disk than this: 452 before MAIL
};

// Whether an extension is offered where every primary takes it on, or never.
enum class Offer { automatic, off };

// Shown to a client that asks for a name in the certificate (SNI, RFC 6066 §3).
struct Sni {
  std::filesystem::path certificate, private_key;
};

// Against abuse. Zero is no limit. A network is a /24 of IPv4 or a /56 of IPv6.
struct Limits {
  int sessions_per_network = 200;
  int connections_per_minute = 600;  // of one network, as are the next two
  int messages_per_minute = 3000;
  int recipients_per_minute = 10'000;
  int messages_per_session = 10'000;
  int recipients_per_session = 50'000;
  int errors = 20;  // never zero
  int unknown_recipients = 50;
  base::Duration session_time = std::chrono::hours(6);
  base::Duration command_time = std::chrono::minutes(10);  // one line in all; never zero
  base::Bytes min_rate{64};                                // a second, within a mail
  base::Duration banner_delay{};
  int reserved_sessions = 20;      // beyond max_sessions, for trusted networks
  std::vector<std::string> dnsbl;  // zones of DNS block lists; empty: none is asked
};

struct Smtp {
  std::string hostname;
  std::vector<Endpoint> listen;
  std::vector<std::string> trusted;       // networks in CIDR form
  std::vector<std::string> xclient_from;  // likewise: who may say whom it speaks for
  // Likewise: whose connections begin with a header of the PROXY protocol.
  std::vector<std::string> proxy_protocol_from;
  std::vector<std::string> etrn_from;  // likewise: who may ask for a hand-back
  std::optional<std::filesystem::path> certificate, private_key;
  std::vector<Sni> sni;
  base::Bytes max_message_size = base::mebibytes(40);
  Offer smtputf8 = Offer::automatic;  // RFC 6531
  Offer dsn = Offer::automatic;       // RFC 3461
  int max_sessions = 1000;
  int max_recipients = 1000;
  base::Duration idle_timeout = std::chrono::minutes(5);  // RFC 5321 §4.5.3.2.7
  base::Duration data_timeout = std::chrono::minutes(3);  // between two blocks of data
  Limits limits;
};

// RFC 2033; everything else is as for SMTP.
struct Lmtp {
  std::vector<Endpoint> listen;
};

// What becomes of a mail that belongs to a ticket, but oddly: it joins, marked, or opens one of its
// own that is linked to it.
enum class Oddity { join, open };

struct Desk {
  std::string name;
  std::vector<std::string> addresses;  // "local@domain", or "@domain" for all of it; lower case
  std::string from;                    // a header address: "Example Support <support@example.org>"
  std::string primary;                 // the name of one
  bool plus_addresses = false;         // local+anything is served with each whole address
  Oddity new_participant = Oddity::join;  // it names a ticket that its sender is no party of
  Oddity changed_subject = Oddity::join;  // it refers to a ticket under another subject
  std::vector<std::string> phones = {};   // other ways in, as customers are told of them
  std::optional<Notice> notice = {};      // nothing: no sender is told anything
};

enum class CheckKind { http, smtp, imap, tcp };
std::string_view name(CheckKind kind);

struct Check {
  std::string name;  // unique within its primary; when not given, the kind, numbered where needed
  CheckKind kind = CheckKind::tcp;
  std::string url;   // http
  int expect = 0;    // http: this status exactly; 0: any 2xx
  std::string body;  // http: must be contained in the answer; empty: anything
  Endpoint at;       // the other kinds
  bool tls = false;  // smtps, imaps
  base::Duration every = std::chrono::seconds(10);
  base::Duration timeout = std::chrono::seconds(3);
};

// Mail goes back by itself, or waits for `handback run`.
enum class HandbackStart { automatic, manual };

struct Primary {
  std::string name;
  Target target;
  std::optional<LookUp> look_up;  // nothing: as the target itself can
  std::vector<Check> checks;      // at least one: without any, a tcp check of the target
  failover::Settings failover;
  HandbackStart start = HandbackStart::automatic;
  base::Duration ring = std::chrono::hours(48);  // kept after the primary took it
  std::vector<base::Duration> retry;             // waits between attempts (RFC 5321 §4.5.4.1)
  base::Duration give_up = std::chrono::hours(24 * 5);  // then to the quarantine
};

// Who answers questions to the domain name system.
struct Dns {
  std::vector<Endpoint> servers;  // addresses; empty: those of the system's resolv.conf
};

struct Control {
  std::filesystem::path socket = "/run/beredd/control.sock";
};

// The index that `ticket list --search` looks in.
struct Search {
  bool enabled = true;
  std::optional<std::filesystem::path> directory;  // nothing: node.state/search
};

struct Smarthost {
  Endpoint at;
  Tls tls = Tls::required;
  std::optional<std::filesystem::path> ca_file;  // nothing: the system's
  std::string user;
  std::optional<std::filesystem::path> password_file;
  base::Duration timeout = std::chrono::minutes(5);
};

// Mail that we write ourselves, while it has not been taken.
struct Outgoing {
  // Waits between attempts; the last one repeats (RFC 5321 §4.5.4.1).
  std::vector<base::Duration> retry = {std::chrono::minutes(1), std::chrono::minutes(5),
                                       std::chrono::minutes(15), std::chrono::minutes(30),
                                       std::chrono::hours(1)};
  base::Duration give_up = std::chrono::hours(48);  // then to the quarantine
};

struct Config {
  Node node;
  Smtp smtp;
  Lmtp lmtp;
  Dns dns;
  Control control;
  Search search;
  std::vector<Desk> desks;
  std::vector<Primary> primaries;
  std::optional<Smarthost> smarthost;
  Outgoing outgoing;
  std::vector<Person> people;
  std::vector<Team> teams;
  Rota rota;
  std::vector<CustomField> custom_fields;
  std::vector<Rule> rules;
  Staffing staffing;
  std::vector<Template> templates;
  std::vector<Calendar> calendars;
  std::vector<ServiceLevel> service_levels;  // "sla" in the file
  std::filesystem::path file;                // where it came from

  // The desk that serves `recipient`: an exact address before local+anything of one whose desk
  // takes that, before a whole domain. An empty domain
  // (<postmaster>) is the first desk's. postmaster@ of any desk's domain is served too.
  const Desk* desk_of(const mail::Mailbox& recipient) const;
  const Primary* primary_named(std::string_view name) const;
  const Person* person_named(std::string_view name) const;
  // Who logs in by this name.
  const Person* person_of_login(std::string_view login) const;
};

// One thing wrong with a file, ready to print: "smtp.idle_timeout: 5s is below the minimum 10s
// (beredd.toml:14)".
struct Problem {
  std::string text;
  bool fatal = true;  // false: a warning
};

struct Loaded {
  std::shared_ptr<const Config> config;  // null when a problem is fatal
  std::vector<Problem> problems;         // in the order of the file
};

// Reads and checks a file; every problem is found in one go. No secret is read here, but that each
// named file can be opened is checked.
Loaded load(const std::filesystem::path& file);
// The same from text; `name` stands for the file in messages. Files named in it are not touched.
Loaded parse(std::string_view toml, const std::filesystem::path& name);

// The configuration in force as TOML with every key, defaults included; no secrets are in it.
std::string show(const Config& config);

}  // namespace beredd::config
