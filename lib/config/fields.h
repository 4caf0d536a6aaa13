#pragma once
// Which key of the file is which member, once for reading and for showing. A visitor takes
// visit(key, member) for plain keys, and table() and tables() for what is nested.

#include "fields_notice.h"
#include "fields_people.h"

#include <concepts>
#include <type_traits>

#include "beredd/config/config.h"

namespace beredd::config {

void fields(auto& visit, MaybeConst<Node> auto& node) {
  visit("name", node.name);
  visit("state", node.state);
  visit("key_file", node.key_file);
  visit("map_size", node.map_size);
  visit("low_water", node.low_water);
}

void fields(auto& visit, MaybeConst<Sni> auto& sni) {
  visit("certificate", sni.certificate);
  visit("private_key", sni.private_key);
}

void fields(auto& visit, MaybeConst<Limits> auto& limits) {
  visit("sessions_per_network", limits.sessions_per_network);
  visit("connections_per_minute", limits.connections_per_minute);
  visit("messages_per_minute", limits.messages_per_minute);
  visit("recipients_per_minute", limits.recipients_per_minute);
  visit("messages_per_session", limits.messages_per_session);
  visit("recipients_per_session", limits.recipients_per_session);
  visit("errors", limits.errors);
  visit("unknown_recipients", limits.unknown_recipients);
  visit("session_time", limits.session_time);
  visit("command_time", limits.command_time);
  visit("min_rate", limits.min_rate);
  visit("banner_delay", limits.banner_delay);
  visit("reserved_sessions", limits.reserved_sessions);
  visit("dnsbl", limits.dnsbl);
}

void fields(auto& visit, MaybeConst<Smtp> auto& smtp) {
  visit("hostname", smtp.hostname);
  visit("listen", smtp.listen);
  visit("trusted", smtp.trusted);
  visit("xclient_from", smtp.xclient_from);
  visit("proxy_protocol_from", smtp.proxy_protocol_from);
  visit("etrn_from", smtp.etrn_from);
  visit("certificate", smtp.certificate);
  visit("private_key", smtp.private_key);
  visit("max_message_size", smtp.max_message_size);
  visit("smtputf8", smtp.smtputf8);
  visit("dsn", smtp.dsn);
  visit("max_sessions", smtp.max_sessions);
  visit("max_recipients", smtp.max_recipients);
  visit("idle_timeout", smtp.idle_timeout);
  visit("data_timeout", smtp.data_timeout);
  visit.tables("sni", smtp.sni);
  visit.table("limits", smtp.limits);
}

void fields(auto& visit, MaybeConst<Lmtp> auto& lmtp) { visit("listen", lmtp.listen); }

void fields(auto& visit, MaybeConst<Dns> auto& dns) { visit("servers", dns.servers); }

void fields(auto& visit, MaybeConst<Control> auto& control) { visit("socket", control.socket); }

void fields(auto& visit, MaybeConst<Search> auto& search) {
  visit("enabled", search.enabled);
  visit("directory", search.directory);
}

void fields(auto& visit, MaybeConst<Desk> auto& desk) {
  visit("name", desk.name);
  visit("addresses", desk.addresses);
  visit("from", desk.from);
  visit("primary", desk.primary);
  visit("plus_addresses", desk.plus_addresses);
  visit("new_participant", desk.new_participant);
  visit("changed_subject", desk.changed_subject);
  visit("phones", desk.phones);
  visit.table("notice", desk.notice);
}

void fields(auto& visit, MaybeConst<Target> auto& target) {
  visit("kind", target.kind);
  visit("host", target.at.host);
  visit("port", target.at.port);
  visit("tls", target.tls);
  visit("ca_file", target.ca_file);
  visit("when_unknown", target.when_unknown);
  visit("connections", target.connections);
  visit("timeout", target.timeout);
}

// The kind comes first: it decides which other keys there are.
void fields(auto& visit, MaybeConst<Check> auto& check) {
  visit("name", check.name);
  visit("kind", check.kind);
  if (check.kind == CheckKind::http) {
    visit("url", check.url);
    visit("expect", check.expect);
    visit("body", check.body);
  } else {
    visit("host", check.at.host);
    visit("port", check.at.port);
  }
  if (check.kind == CheckKind::smtp || check.kind == CheckKind::imap) visit("tls", check.tls);
  visit("every", check.every);
  visit("timeout", check.timeout);
}

void fields(auto& visit, MaybeConst<failover::Settings> auto& settings) {
  visit("fall", settings.fall);
  visit("rise", settings.rise);
  visit("quorum", settings.quorum);
  visit("min_dwell", settings.min_dwell);
  visit("daily_budget", settings.daily_budget);
}

void fields(auto& visit, MaybeConst<Primary> auto& primary) {
  visit("name", primary.name);
  visit("handback", primary.start);
  visit("ring", primary.ring);
  visit("retry", primary.retry);
  visit("give_up", primary.give_up);
  visit.table("target", primary.target);
  visit.tables("check", primary.checks);
  visit.table("failover", primary.failover);
}

void fields(auto& visit, MaybeConst<Smarthost> auto& smarthost) {
  visit("host", smarthost.at.host);
  visit("port", smarthost.at.port);
  visit("tls", smarthost.tls);
  visit("ca_file", smarthost.ca_file);
  visit("user", smarthost.user);
  visit("password_file", smarthost.password_file);
  visit("timeout", smarthost.timeout);
}

void fields(auto& visit, MaybeConst<Outgoing> auto& outgoing) {
  visit("retry", outgoing.retry);
  visit("give_up", outgoing.give_up);
}

void fields(auto& visit, MaybeConst<Calendar> auto& calendar) {
  visit("name", calendar.name);
  visit("zone", calendar.zone);
  visit("hours", calendar.hours);
  visit("holidays", calendar.holidays);
  visit("eves", calendar.eves);
  visit("closed", calendar.closed);
  visit("special", calendar.special);
}

void fields(auto& visit, MaybeConst<ServiceLevel> auto& level) {
  visit("desks", level.desks);
  visit("priorities", level.priorities);
  visit("calendar", level.calendar);
  visit("first_answer", level.first_answer);
  visit("next_answer", level.next_answer);
  visit("solution", level.solution);
  visit("warning", level.warning);
}

void fields(auto& visit, MaybeConst<Config> auto& config) {
  visit.table("node", config.node);
  visit.table("smtp", config.smtp);
  visit.table("lmtp", config.lmtp);
  visit.table("dns", config.dns);
  visit.table("control", config.control);
  visit.table("search", config.search);
  visit.tables("desk", config.desks);
  visit.tables("primary", config.primaries);
  visit.table("smarthost", config.smarthost);
  visit.table("outgoing", config.outgoing);
  visit.tables("person", config.people);
  visit.tables("team", config.teams);
  visit.table("rota", config.rota);
  visit.tables("field", config.custom_fields);
  visit.tables("rule", config.rules);
  visit.table("staffing", config.staffing);
  visit.tables("template", config.templates);
  visit.tables("calendar", config.calendars);
  visit.tables("sla", config.service_levels);
}

}  // namespace beredd::config
