#pragma once
// A customer's mail server on the simulated network: sends one mail and says what was answered.

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include "house.h"

#include <string>

namespace beredd::scenario {

// The subject doubles as the mail's name; `reply_to` is the subject of the mail it answers, if any.
inline std::string mail_text(const std::string& subject, const std::string& reply_to = {}) {
  std::string text = fmt::format(
      "From: Anna <anna@customer.example>\r\nTo: support@help.example\r\nSubject: {}\r\n"
      "Message-ID: <{}@customer.example>\r\n",
      subject, subject);
  if (!reply_to.empty()) text += fmt::format("In-Reply-To: <{}@customer.example>\r\n", reply_to);
  return text + "\r\n.a line that begins with a dot\r\nHej!\r\n";
}

inline io::Task<std::string> deliver(io::Connector& connector, const io::Executor executor,
                                     std::string text, mail::Envelope envelope) {
  const io::Address server = House::address();
  auto stream = co_await connector.connect(executor, server, 30s);
  if (!stream) co_return "no connection";
  smtp::ClientSession session({"client.customer.example", smtp::TlsPolicy::off});
  smtp::Transaction transaction;
  transaction.envelope = std::move(envelope);
  session.begin(std::move(transaction));
  std::vector<char> buffer(4096);
  std::string outcome = "lost";
  for (;;) {
    smtp::ClientEvent event = session.next();
    std::string out;
    if (auto* send = std::get_if<smtp::Send>(&event)) {
      out = std::move(send->bytes);
    } else if (std::holds_alternative<smtp::SendBody>(event)) {
      out = session.body(text);
      out += session.end_body();
    } else if (auto* finished = std::get_if<smtp::Finished>(&event)) {
      outcome = finished->outcome.words;
      session.quit();
    } else if (std::holds_alternative<smtp::Over>(event)) {
      co_return outcome;
    } else if (std::holds_alternative<smtp::AwaitInput>(event)) {
      auto got = co_await (*stream)->read(buffer, 6min);
      if (got) {
        session.receive({buffer.data(), *got});
      } else {
        session.lost(got.error().detail);
      }
    }
    if (out.empty()) continue;
    auto written = co_await (*stream)->write(out, 6min);
    if (!written) session.lost(written.error().detail);
  }
}

// Sends and waits for the answer: "250 2.0.0 taken as …".
inline std::string send(House& house, const std::string& text, const mail::Envelope& envelope) {
  auto connector = house.world.network().connector("203.0.113.5");
  auto answer = house.world.run(deliver(*connector, house.world.executor(), text, envelope), 30min);
  return answer.value_or("nothing");
}

inline mail::Envelope from_anna(const std::string& to = "support@help.example") {
  return {mail::Mailbox{"anna", "customer.example"}, {*mail::parse_mailbox(to)}, {}};
}

inline std::string send(House& house, const std::string& text,
                        const std::string& to = "support@help.example") {
  return send(house, text, from_anna(to));
}

// The message of a kept mail, below our trace header.
inline std::string below_trace(const std::string& kept) {
  std::size_t at = 0;
  do {
    at = kept.find("\r\n", at) + 2;
  } while (at < kept.size() && (kept[at] == ' ' || kept[at] == '\t'));
  return kept.substr(at);
}

}  // namespace beredd::scenario
