// What one connection is answered without waiting: who may come in, who may send, to whom, how
// much.

#include "intake_session.h"
#include "networks.h"

#include <utility>

#include "beredd/base/log.h"
#include "beredd/base/text.h"

namespace beredd::service {

using smtp::reply;

std::optional<smtp::Reply> IntakeSession::admit_client() {
  const Admission::Client client = door_.admission->client(client_);
  if (auto refusal = door_.admission->change(counted_as_, client, context_.clock.steady())) {
    return limited(*refusal);
  }
  counted_as_ = client;
  return {};
}

// Who speaks LMTP is a mail server of one's own, and may not lose mail by us.
void IntakeSession::look_up_client() {
  inquiry_.reset();
  const bool stranger = counted_as_.standing == Admission::Standing::stranger;
  if (!door_.block_lists || !stranger || door_.protocol == smtp::Protocol::lmtp) return;
  inquiry_ = door_.block_lists->ask(stream_->executor(), client_);
}

smtp::Reply IntakeSession::limited(const Refusal& refusal) {
  count_limited(context_.metrics, refusal.limit);
  base::log_info("smtp {}: met smtp.limits.{}", client_, refusal.limit);
  return refusal.reply;
}

smtp::Reply IntakeSession::ask_mail(const smtp::AskMail& ask) {
  if (stopping_) return reply(421, "4.3.2", "shutting down; try again later");
  if (auto refusal = limits_.message()) return limited(*refusal);
  if (auto refusal = door_.admission->message(counted_as_, context_.clock.steady())) {
    return limited(*refusal);
  }
  // A shortage that can be foreseen is refused here, not in the middle of the data.
  auto room = context_.pledges.take(context_.store, context_.config->node.low_water, ask.size,
                                    context_.clock.steady());
  if (!room) {
    context_.metrics
        .counter("beredd_mail_refused_total", "Transactions refused, by reason",
                 "reason=\"low_water\"")
        .add();
    return reply(452, "4.3.1", "not enough room; try again later");
  }
  mail::Envelope envelope{ask.from, {}, ask.body, ask.smtputf8, ask.dsn_return, ask.envelope_id};
  acceptance_.emplace(context_, std::move(envelope), *std::move(room));
  return reply(250, "2.1.0", "sender ok");
}

smtp::Reply IntakeSession::ask_recipient(const smtp::AskRecipient& ask) {
  if (auto refusal = limits_.recipient()) return limited(*refusal);
  if (auto refusal = door_.admission->recipient(counted_as_, context_.clock.steady())) {
    return limited(*refusal);
  }
  if (inquiry_ && inquiry_->zone() && !base::same_ignoring_case(ask.to.local, "postmaster")) {
    return limited(
        {reply(554, "5.7.1", client_ + " is on the block list " + *inquiry_->zone()), "dnsbl"});
  }
  if (acceptance_->add_recipient(ask.to, ask.dsn)) return reply(250, "2.1.5", "recipient ok");
  context_.metrics.counter("beredd_recipients_refused_total", "Recipients that no desk serves")
      .add();
  base::log_info("smtp {}: refused: no desk serves {}", client_, ask.to.text());
  if (auto refusal = limits_.unknown_recipient()) return limited(*refusal);
  return reply(550, "5.7.1", "no mail is taken for this address here");
}

// From here on the client is the one that counts; who may say so is the one that is connected.
smtp::Reply IntakeSession::ask_client(const smtp::AskClient& ask) {
  if (ask.address) client_ = *ask.address;
  if (ask.name) client_host_ = *ask.name;
  const auto said = [](std::string_view what, const std::optional<std::string>& value) {
    return value && !value->empty() ? fmt::format(" {}={}", what, *value) : "";
  };
  base::log_info("smtp {}: speaks for {}{}{}{}", peer_, client_, said("name", ask.name),
                 said("port", ask.port), said("login", ask.login));
  session_.grant(privileges());
  if (auto refusal = admit_client()) return *refusal;
  look_up_client();
  return reply(220, "", "as you say");
}

smtp::Privileges IntakeSession::privileges() const {
  const auto& smtp = context_.config->smtp;
  return {lies_in(smtp.xclient_from, peer_), lies_in(smtp.etrn_from, client_)};
}

smtp::Hop IntakeSession::hop() const {
  smtp::Hop hop;
  hop.client_name = session_.helo();
  hop.client_address = client_;
  hop.client_host = client_host_;
  hop.server_name = context_.config->smtp.hostname;
  hop.extended = session_.extended();
  hop.tls = session_.secure();
  hop.lmtp = door_.protocol == smtp::Protocol::lmtp;
  hop.at = context_.clock.now();
  return hop;
}

}  // namespace beredd::service
