#pragma once
// Every key of beredd.toml, once: the parser, `config check`, the sample and the man page live by
// it.

#include <span>
#include <string_view>

namespace beredd::config {

enum class Kind {
  text,
  name,     // letters, digits, . _ -
  host,     // a host name or an IP address
  sender,   // a header address: "Example Support <support@example.org>"
  served,   // "local@domain", or "@domain" for all of it
  network,  // an address, or a network in CIDR form
  url,      // http:// or https://, without a password
  integer,
  boolean,
  duration,
  bytes,
  endpoint,       // "host:port" or "[v6]:port"
  server,         // an IP address, "address:port" or "[v6]:port"; without a port, 53
  selector,       // tickets of a kind: a priority, tag:NAME or desk:NAME
  zone,           // a domain of which names below are asked, such as a DNS block list
  time_zone,      // "Europe/Stockholm"
  weekly_hours,   // "mon-fri 08:00-17:00"
  days,           // "2026-07-06", "2026-07-06..2026-07-10" or "12-27"
  special_hours,  // "2026-12-24 09:00-12:00"
  path,           // need not exist
  file,           // must be there to be opened
  secret,         // a file that nobody else should read
  list,           // of `of`
  table,          // [name]
  tables,         // [[name]]
  choice,
};

// REQUIRES of the whole: a table stands before its keys.
struct Key {
  std::string_view path;  // "smtp.idle_timeout"; array tables by their name: "desk.addresses"
  Kind kind = Kind::text;
  bool required = false;        // a list that is required, or has a default, may not be empty
  std::string_view standard{};  // the default as written in TOML; empty: none
  std::string_view minimum{};   // in the key's own unit, a list's in its items'; empty: none
  std::string_view maximum{};
  std::string_view choices{};  // "off | opportunistic | required"
  std::string_view help{};     // one sentence
  Kind of = Kind::text;        // what a list holds
};

std::span<const Key> schema();
// Null when there is no such key.
const Key* key_at(std::string_view path);

// Words of the design that this version does not build: a table, or a choice of a key.
struct Later {
  std::string_view path;
  std::string_view choice;  // empty: the table itself
  std::string_view says;    // what to do about it
};
std::span<const Later> later();

}  // namespace beredd::config
