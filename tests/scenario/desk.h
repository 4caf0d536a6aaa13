#pragma once
// A desk that answers: the house, and beside it a smarthost that takes what is written.

#include "customer.h"
#include "lives.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beredd/mail/reading.h"
#include "beredd/service/answers.h"
#include "beredd/service/outgoing.h"
#include "beredd/service/postman.h"
#include "beredd/service/uploads.h"

namespace beredd::scenario {

class AnsweringDesk : public Lives {
 protected:
  explicit AnsweringDesk(std::uint64_t dice) : Lives(dice) {
    config.desks.front().addresses = {"support@help.example"};
    config.desks.front().plus_addresses = true;
    smarthost.checkpoint = false;
  }
  void SetUp() override {
    live();
    primary.set(Fail::refuse);
    ASSERT_TRUE(world->run_until([&] { return house->mode() == failover::Mode::fallback; }, 10min));
  }
  void TearDown() override { crash(); }

  void live() {
    born();
    way_out = find_way_out();
    postman = std::make_unique<service::Postman>(*house->context, *way_out, world->executor());
    uploads = std::make_unique<service::Uploads>(*house->context);
    answers =
        std::make_unique<service::Answers>(*house->context, *uploads, [this] { postman->wake(); });
    postman->start();
    uploads->start(world->executor());
  }
  void crash() {
    leave_way_out();
    answers.reset();
    uploads.reset();
    postman.reset();
    die();
    way_out.reset();
  }

  virtual std::unique_ptr<io::Target> find_way_out() {
    smarthost.move_into(*world);
    remote::SmtpTargetOptions options;
    options.at = smarthost_address();
    options.helo = config.smtp.hostname;
    options.tls = smtp::TlsPolicy::off;
    return remote::smtp_target(options, *house->connector, nullptr);
  }
  virtual void leave_way_out() { smarthost.leave(); }

  static io::Address smarthost_address() { return {"smarthost.test", 587}; }

  // A customer writes; returns the ticket.
  base::TicketId write_in(std::string text, std::string from = "anna@customer.example") {
    auto connector = world->network().connector("203.0.113.5");
    mail::Envelope envelope;
    if (!from.empty()) envelope.reverse_path = *mail::parse_mailbox(from);
    envelope.forward_paths = {*mail::parse_mailbox("support@help.example")};
    auto said = world->run(
        deliver(*connector, world->executor(), std::move(text), std::move(envelope)), 10min);
    EXPECT_TRUE(said.has_value());
    EXPECT_TRUE(world->run_until([&] { return all_sorted(); }, 10min));
    const auto tickets = house->tickets();
    return tickets.empty() ? base::TicketId() : tickets.front().id;
  }

  service::Writing answer(base::TicketId ticket, std::string text) {
    service::Writing writing;
    writing.who = "bo";
    writing.ticket = ticket;
    writing.text = std::move(text);
    return writing;
  }
  base::Result<service::Written> send(service::Writing writing) {
    auto sent = world->run(answers->send(std::move(writing)), 10min);
    if (!sent) return base::bug("send() did not return");
    return *std::move(sent);
  }

  store::Delivery delivery(base::MessageId message) {
    std::optional<store::Delivery> found;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      auto delivery = txn.delivery(message, service::kOutgoing);
      if (!delivery) return delivery.error();
      found = *std::move(delivery);
      return {};
    });
    EXPECT_TRUE(read.ok() && found);
    return found.value_or(store::Delivery{});
  }
  ticket::Ticket ticket(base::TicketId id) {
    base::Result<ticket::Ticket> found = base::bug("not read");
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      found = txn.ticket(id);
      return {};
    });
    EXPECT_TRUE(read.ok() && found.ok());
    return found.value_or(ticket::Ticket{});
  }
  bool all_sorted() {
    bool none = false;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      none = txn.unsorted({}, 1).empty() && txn.message_count() > 0;
      return {};
    });
    return read.ok() && none;
  }
  bool reached(base::MessageId message, store::DeliveryState state, base::Duration within) {
    return world->run_until([&] { return delivery(message).state == state; }, within);
  }
  mail::Reading arrived(std::size_t n) { return mail::read(smarthost.kept.at(n).bytes); }

  SimulatedPrimary smarthost{smarthost_address()};
  std::unique_ptr<io::Target> way_out;
  std::unique_ptr<service::Postman> postman;
  std::unique_ptr<service::Uploads> uploads;
  std::unique_ptr<service::Answers> answers;
};

}  // namespace beredd::scenario
