#pragma once
// A primary that speaks SMTP in the simulated world: keeps what it takes, and says no when told to.

#include "simulation.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "beredd/base/text.h"
#include "beredd/smtp/server_session.h"

namespace beredd::remote {

class Primary {
 public:
  struct Mail {
    std::string transaction_id;
    std::string from;
    std::vector<std::string> to;
    std::string bytes;
  };

  Primary(simulation::World& world, io::Address at) : world_(world), at_(std::move(at)) {
    options.hostname = "in.primary.test";
    on_mail = on_recipient = on_accept = [](const Mail&) { return smtp::reply(250, "", "ok"); };
  }

  void start() {
    listener_ = world_.network().listen(at_);
    io::spawn(world_.executor(), accept_all(), "primary");
  }

  smtp::ServerOptions options;
  std::function<smtp::Reply(const Mail&)> on_mail, on_recipient, on_accept;
  std::vector<Mail> kept;
  std::vector<std::string> commands;  // every line of a client outside the data
  int connections = 0;
  int secured = 0;

 private:
  static constexpr base::Duration kPatience = std::chrono::minutes(30);

  io::Task<void> accept_all() {
    for (;;) {
      auto accepted = co_await listener_->accept();
      if (!accepted) co_return;
      ++connections;
      io::spawn(world_.executor(), serve(std::move(*accepted)), "primary's connection");
    }
  }

  io::Task<void> serve(std::unique_ptr<io::Stream> stream) {
    smtp::ServerSession session(options);
    Mail mail;
    for (;;) {
      smtp::ServerEvent event = session.next();
      if (std::holds_alternative<smtp::Close>(event)) co_return;
      if (const auto* write = std::get_if<smtp::Write>(&event)) {
        std::ignore = co_await stream->write(write->bytes, kPatience);
      } else if (std::holds_alternative<smtp::NeedInput>(event)) {
        std::string input(4096, '\0');
        const std::span<char> into(input);
        auto count = co_await stream->read(into, kPatience);
        if (!count) co_return;
        input.resize(*count);
        if (!session.in_data()) note_commands(input);
        session.receive(input);
      } else if (std::holds_alternative<smtp::StartTls>(event)) {
        const auto shaken = co_await stream->start_tls_server(tls_, kPatience);
        if (!shaken) co_return;
        ++secured;
        session.tls_started();
      } else {
        decide(session, event, mail);
      }
    }
  }

  void note_commands(std::string_view input) {
    for (std::string_view line : base::split(input, '\n')) {
      if (line.ends_with('\r')) commands.emplace_back(line.substr(0, line.size() - 1));
    }
  }

  void decide(smtp::ServerSession& session, const smtp::ServerEvent& event, Mail& mail) {
    if (const auto* ask = std::get_if<smtp::AskMail>(&event)) {
      mail = Mail{ask->transaction_id, ask->from ? ask->from->text() : "", {}, ""};
      session.answer(holds(mail).value_or(on_mail(mail)));
    } else if (const auto* recipient = std::get_if<smtp::AskRecipient>(&event)) {
      mail.to.push_back(recipient->to.text());
      session.answer(on_recipient(mail));
    } else if (std::holds_alternative<smtp::AskData>(event)) {
      session.answer(smtp::reply(354, "", "go on"));
    } else if (const auto* data = std::get_if<smtp::Data>(&event)) {
      mail.bytes += data->bytes;
    } else if (std::holds_alternative<smtp::AskAccept>(event)) {
      const smtp::Reply verdict = on_accept(mail);
      if (verdict.positive()) kept.push_back(mail);
      session.answer(verdict);
    }
  }

  std::optional<smtp::Reply> holds(const Mail& asked) const {
    for (const Mail& mail : kept) {
      if (asked.transaction_id.empty() || mail.transaction_id != asked.transaction_id) continue;
      return smtp::reply(355, "", std::to_string(mail.bytes.size()) + " is the transaction offset");
    }
    return std::nullopt;
  }

  simulation::World& world_;
  io::Address at_;
  std::unique_ptr<io::Listener> listener_;
  simulation::TlsContext tls_;
};

}  // namespace beredd::remote
