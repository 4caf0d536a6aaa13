#include "client_state.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace beredd::smtp {
namespace {

std::string path(const mail::Mailbox& mailbox) {
  return "<" + (mailbox.domain.empty() ? mailbox.local : mailbox.text()) + ">";
}

// Whatever came out of a store or a configuration: only a mailbox goes into a command line.
bool is_writable(const mail::Mailbox& mailbox, bool utf8) {
  if (mailbox.domain.empty()) return mail::parse_mailbox(mailbox.local + "@x", utf8).ok();
  return mail::parse_mailbox(mailbox.text(), utf8).ok();
}

// The DSN parameters of RCPT; what came out of a store and is none is left out.
std::string dsn_parameters(const mail::RecipientDsn& dsn, bool utf8) {
  std::string out;
  if (dsn.notify.bits != 0) out += " NOTIFY=" + mail::text(dsn.notify);
  if (mail::is_original_recipient(dsn.original_recipient, utf8)) {
    out += " ORCPT=" + dsn.original_recipient;
  }
  return out;
}

std::string unwritable(std::string_view who, bool utf8) {
  if (utf8) return fmt::format("5.6.7 {} cannot be written in SMTP", who);
  return fmt::format("5.6.7 {} cannot be written in SMTP without SMTPUTF8", who);
}

bool is_writable_id(std::string_view id) {
  return std::all_of(id.begin(), id.end(),
                     [](char c) { return c > ' ' && c < 0x7F && c != '<' && c != '>'; });
}

// RFC 1845: "355 6135 is the transaction offset".
std::optional<std::uint64_t> leading_number(const Reply& reply) {
  const std::string_view text = reply.lines.front();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || (end != text.data() + text.size() && *end != ' ')) return {};
  return number;
}

}  // namespace

// --- what we say
// ------------------------------------------------------------------------------------

void ClientSession::State::proceed() {
  if (phase != Phase::ready || in_body) return;
  if (current) continue_current();
  if (!current) start_next();
  const bool idle = !current && next_to_start == transactions.size() && expected.empty();
  if (quitting && idle && !quit_sent) {
    quit_sent = true;
    say(Verb::quit, {}, {Awaited::quit});
  }
}

void ClientSession::State::start_next() {
  while (!current && next_to_start < transactions.size()) {
    const std::size_t index = next_to_start++;
    if (auto why = unsendable(transactions[index])) {
      finish(index, {Outcome::Kind::refused, *std::move(why)});
    } else {
      current = index;
      continue_current();
    }
  }
}

bool ClientSession::State::may_say() const {
  return expected.empty() || (capabilities.pipelining && group_open);
}

void ClientSession::State::continue_current() {
  const std::size_t index = *current;
  Progress& progress = transactions[index];
  if (progress.verdict || progress.again) return clean_up_current();
  const auto& recipients = progress.transaction.envelope.forward_paths;
  if (reset_owed && !progress.mail_sent && may_say()) {
    reset_owed = false;
    say(Verb::rset, {}, {Awaited::reset, index});
  }
  if (!progress.mail_sent && may_say()) {
    progress.mail_sent = true;
    progress.announces_id = capabilities.checkpoint && !progress.without_id &&
                            !progress.transaction.transaction_id.empty();
    say(Verb::mail, mail_argument(progress), {Awaited::mail, index});
  }
  if (progress.asks) return;
  while (progress.mail_sent && progress.recipients_sent < recipients.size() && may_say()) {
    const std::size_t at = progress.recipients_sent++;
    std::string argument = "TO:" + path(recipients[at]);
    if (capabilities.dsn) {
      const auto dsn = progress.transaction.envelope.dsn_of(at);
      argument += dsn_parameters(dsn, says_utf8(progress.transaction.envelope));
    }
    say(Verb::rcpt, argument, {Awaited::recipient, index});
  }
  if (!data_may_go(progress)) return;
  if (capabilities.chunking) {
    progress.data_sent = true;
    begin_body(index);
  } else if (may_say()) {
    progress.data_sent = true;
    say(Verb::data, {}, {Awaited::data, index});
  }
}

void ClientSession::State::clean_up_current() {
  if (!expected.empty()) return;
  const std::size_t index = *current;
  Progress& progress = transactions[index];
  if (std::exchange(progress.unwanted_354, false)) {
    progress.reset_due = false;
    outgoing += ".\r\n";
    expected.push_back({Awaited::lone_dot, index});
    return;
  }
  if (progress.reset_due) say(Verb::rset, {}, {Awaited::reset, index});
  if (progress.again) {
    Transaction transaction = std::move(progress.transaction);
    progress = {};
    progress.transaction = std::move(transaction);
    progress.without_id = true;
    return continue_current();
  }
  finish(index, *std::exchange(progress.verdict, std::nullopt));
  current.reset();
}

std::string ClientSession::State::mail_argument(const Progress& progress) const {
  const auto& envelope = progress.transaction.envelope;
  std::string argument = "FROM:" + (envelope.reverse_path ? path(*envelope.reverse_path) : "<>");
  if (capabilities.size && progress.transaction.size.count() > 0) {
    argument += fmt::format(" SIZE={}", progress.transaction.size.count());
  }
  if (capabilities.eight_bit_mime && envelope.body == mail::BodyType::eight_bit_mime) {
    argument += " BODY=8BITMIME";
  }
  if (says_utf8(envelope)) argument += " SMTPUTF8";
  if (capabilities.dsn && envelope.dsn_return != mail::DsnReturn::unspecified) {
    argument.append(" RET=").append(mail::name(envelope.dsn_return));
  }
  if (capabilities.dsn && mail::is_envelope_id(envelope.envelope_id)) {
    argument += " ENVID=" + envelope.envelope_id;
  }
  if (progress.announces_id) argument += " TRANSID=<" + progress.transaction.transaction_id + ">";
  return argument;
}

// RFC 6531 §3.4 wants the server's 8BITMIME beside its SMTPUTF8.
bool ClientSession::State::says_utf8(const mail::Envelope& envelope) const {
  return envelope.smtputf8 && capabilities.smtputf8 && capabilities.eight_bit_mime;
}

std::optional<std::string> ClientSession::State::unsendable(const Progress& progress) const {
  const Transaction& transaction = progress.transaction;
  if (progress.asks && (!capabilities.checkpoint || transaction.transaction_id.empty())) {
    return "the server does not offer CHECKPOINT, so it cannot be asked";
  }
  const auto& from = transaction.envelope.reverse_path;
  const auto& recipients = transaction.envelope.forward_paths;
  const bool utf8 = says_utf8(transaction.envelope);
  if (capabilities.max_size && transaction.size > *capabilities.max_size) {
    return fmt::format("too large for the primary: {} octets, it takes {}",
                       transaction.size.count(), capabilities.max_size->count());
  }
  if (recipients.empty()) return "no recipient";
  const auto writable = [&](const mail::Mailbox& mailbox) { return is_writable(mailbox, utf8); };
  if (from && !writable(*from)) return unwritable("the sender", utf8);
  if (!std::all_of(recipients.begin(), recipients.end(), writable)) {
    return unwritable("a recipient", utf8);
  }
  if (!is_writable_id(transaction.transaction_id)) return "malformed transaction id";
  return {};
}

// --- what we hear
// -----------------------------------------------------------------------------------

void ClientSession::State::on_transaction_reply(Expected about, const Reply& reply) {
  Progress& progress = transactions[about.index];
  switch (about.what) {
    case Awaited::mail: return on_mail(progress, reply);
    case Awaited::recipient: return on_recipient(progress, reply);
    case Awaited::data: return on_data(about.index, reply);
    case Awaited::chunk: return on_chunk(about.index, reply);
    case Awaited::final_dot: return on_final_dot(about.index, reply);
    case Awaited::reset:
      if (!reply.positive()) end("RSET was refused: " + one_line(reply));
      return;
    default: return;  // the reply to a lone dot says nothing about any mail
  }
}

void ClientSession::State::on_mail(Progress& progress, const Reply& reply) {
  if (reply.code == 355 && progress.announces_id) {
    on_transaction_known(progress, reply);
  } else if (reply.intermediate()) {
    end("no reply to MAIL: " + one_line(reply));
  } else if (reply.positive()) {
    progress.mail_accepted = progress.reset_due = true;
    if (progress.asks) progress.verdict = Outcome{Outcome::Kind::absent, one_line(reply)};
  } else {
    progress.verdict = outcome_of(reply);
  }
}

void ClientSession::State::on_transaction_known(Progress& progress, const Reply& reply) {
  progress.reset_due = true;
  const auto offset = leading_number(reply);
  if (offset && *offset >= progress.transaction.size.count()) {
    progress.verdict = Outcome{Outcome::Kind::already, one_line(reply)};
  } else if (progress.asks) {
    progress.verdict = Outcome{Outcome::Kind::absent, one_line(reply)};
  } else {
    progress.again = true;
  }
}

// One refusal for good settles it for all, whatever the others were told.
void ClientSession::State::on_recipient(Progress& progress, const Reply& reply) {
  ++progress.recipients_answered;
  if (!progress.mail_accepted || reply.positive()) return;
  if (reply.intermediate()) return end("no reply to RCPT: " + one_line(reply));
  const bool graver =
      progress.verdict && progress.verdict->kind == Outcome::Kind::deferred && reply.permanent();
  if (!progress.verdict || graver) progress.verdict = outcome_of(reply);
}

void ClientSession::State::finish(std::size_t index, Outcome outcome) {
  Progress& progress = transactions[index];
  progress.finished = true;
  progress.transaction = {};
  events.push_back(Finished{index, std::move(outcome)});
}

}  // namespace beredd::smtp
