#pragma once
// Two thousand customers in an outage: what they write, and what they and their machines do with
// what they get. It outlives the daemon's lives, as the world outside does.

#include "customer.h"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "beredd/mail/reading.h"

namespace beredd::scenario {

// By what follows when an answer reaches them.
enum class Customer {
  content,     // nothing
  asks_again,  // one more question, in the thread
  away,        // an autoresponder that minds no standard: whatever it gets, it answers three times
  gone,        // the host took the mail, and a bounce comes later
};

class Crowd {
 public:
  Crowd(std::size_t size, std::uint64_t seed) : dice_(seed) {
    for (std::size_t n = 0; n < size; ++n) {
      const std::uint64_t kind = dice_.below(100);
      customers_.push_back(kind < 78   ? Customer::content
                           : kind < 88 ? Customer::asks_again
                           : kind < 95 ? Customer::away
                                       : Customer::gone);
      ask(n, 1);
    }
    posting_ = true;
  }

  // Their mails go out in this order, until each had its 250; a lost answer means once more.
  static io::Task<void> write(Crowd* self, simulation::World* world, base::Duration every) {
    const io::Executor executor = world->executor();
    const auto timer = world->timers().make(executor);
    for (;;) {
      co_await timer->wait(every);
      if (self->to_send_.empty()) continue;
      const Mail mail = self->to_send_.front();
      // From many networks, as customers are.
      auto connector = world->network().connector(
          fmt::format("203.{}.{}.5", self->sent_ / 250 % 250, self->sent_ % 250));
      std::string text = mail.text;
      mail::Envelope envelope = mail.envelope;
      const std::string said =
          co_await deliver(*connector, executor, std::move(text), std::move(envelope));
      if (!said.starts_with("250")) continue;
      self->to_send_.pop_front();
      ++self->sent_;
    }
  }

  // Something of the desk's has reached `to`.
  void read(const mail::Reading& mail, const std::string& to) {
    const std::size_t n = number_of(to);
    const bool by_machine = !mail.auto_submitted.empty();
    if (by_machine) {
      ++notices_[n];
    } else {
      ++answers_[{n, mail.in_reply_to.empty() ? "" : mail.in_reply_to.front()}];
    }
    switch (customers_.at(n)) {
      case Customer::content: return;
      case Customer::asks_again:
        if (!by_machine && !asked_.contains(question(n, 2))) ask(n, 2, mail.message_id);
        return;
      case Customer::away:
        for (int again = 0; again < 3; ++again) answer_by_machine(n, mail);
        return;
      case Customer::gone: bounce(n, mail); return;
    }
  }

  bool all_is_sent() const { return to_send_.empty(); }
  std::size_t sent() const { return sent_; }
  const std::set<std::string>& questions() const { return asked_; }
  // How often an answer to this question reached who asked it.
  int answers_to(const std::string& question) const {
    const auto found = answers_.find({number_of(question), question});
    return found == answers_.end() ? 0 : found->second;
  }
  // Everything that a person of the desk wrote: (customer, what it answers), and how often.
  const std::map<std::pair<std::size_t, std::string>, int>& answers() const { return answers_; }
  const std::map<std::size_t, int>& notices() const { return notices_; }
  std::size_t bounces() const { return bounces_; }
  std::size_t machine_answers() const { return machine_answers_; }

 private:
  struct Mail {
    std::string text;
    mail::Envelope envelope;
  };

  static std::string address(std::size_t n) { return fmt::format("c{}@customer.example", n); }
  static std::string question(std::size_t n, int number) {
    return fmt::format("q{}-{}@customer.example", n, number);
  }
  static std::size_t number_of(const std::string& text) { return std::stoul(text.substr(1)); }

  mail::Envelope envelope(std::optional<std::string> from) const {
    mail::Envelope out;
    if (from) out.reverse_path = *mail::parse_mailbox(*from);
    out.forward_paths = {*mail::parse_mailbox("support@help.example")};
    return out;
  }

  void ask(std::size_t n, int number, const std::string& reply_to = {}) {
    asked_.insert(question(n, number));
    std::string text = fmt::format(
        "From: Customer {} <{}>\r\nTo: support@help.example\r\nSubject: {}fault {}\r\n"
        "Message-ID: <{}>\r\n",
        n, address(n), number > 1 ? "Re: " : "", n, question(n, number));
    if (!reply_to.empty()) text += fmt::format("In-Reply-To: <{}>\r\n", reply_to);
    text += fmt::format("\r\nQuestion {} of customer {}: it does not work.\r\n", number, n);
    post({std::move(text), envelope(address(n))});
  }

  // Among those who write their first mail; the foremost is on its way already.
  void post(Mail mail) {
    const auto place = std::min<std::ptrdiff_t>(10, std::ssize(to_send_));
    to_send_.insert(posting_ ? to_send_.begin() + place : to_send_.end(), std::move(mail));
  }

  void answer_by_machine(std::size_t n, const mail::Reading& mail) {
    ++machine_answers_;
    post({fmt::format("From: <{}>\r\nSubject: Out of office: {}\r\nAuto-Submitted: auto-replied\r\n"
                      "Message-ID: <auto{}@customer.example>\r\nIn-Reply-To: <{}>\r\n\r\n"
                      "I am away.\r\n",
                      address(n), mail.subject, machine_answers_, mail.message_id),
          envelope(address(n))});
  }

  void bounce(std::size_t n, const mail::Reading& mail) {
    ++bounces_;
    post({fmt::format(
              "From: MAILER-DAEMON@customer.example\r\nSubject: Undelivered Mail\r\n"
              "Message-ID: <bounce{}@customer.example>\r\n"
              "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
              "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
              "Reporting-MTA: dns; customer.example\r\n\r\nFinal-Recipient: rfc822; {}\r\n"
              "Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
              "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\n\r\n--b--\r\n",
              bounces_, address(n), mail.message_id),
          envelope(std::nullopt)});
  }

  base::SeededRandom dice_;
  std::vector<Customer> customers_;
  std::deque<Mail> to_send_;
  bool posting_ = false;
  std::set<std::string> asked_;
  std::map<std::pair<std::size_t, std::string>, int> answers_;
  std::map<std::size_t, int> notices_;
  std::size_t sent_ = 0, bounces_ = 0, machine_answers_ = 0;
};

}  // namespace beredd::scenario
