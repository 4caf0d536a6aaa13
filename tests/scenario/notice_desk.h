#pragma once
// A desk that tells who writes that their mail has arrived.

#include "desk.h"

#include <map>

#include <gmock/gmock.h>

#include "beredd/service/notices.h"

namespace beredd::scenario {

class NoticeDesk : public AnsweringDesk {
 protected:
  explicit NoticeDesk(std::uint64_t dice) : AnsweringDesk(dice) {
    config::Notice notice;
    notice.within = 48h;
    config.desks.front().notice = notice;
    config.desks.front().phones = {"+46 8 123 45 67"};
  }
  void SetUp() override {
    begin();
    primary.set(Fail::refuse);
    ASSERT_TRUE(world->run_until([&] { return house->mode() == failover::Mode::fallback; }, 10min));
  }
  void TearDown() override { end(); }

  void begin() {
    live();
    house->committer->when_changed([this] {
      if (notices) notices->wake();
    });
    notices = std::make_unique<service::Notices>(*house->context, world->executor(),
                                                 [this] { postman->wake(); });
    notices->start();
  }
  void end() {
    notices.reset();
    crash();
  }

  // A person's mail, of a name that no other has.
  std::string letter(const std::string& name, const std::string& from = "anna@customer.example",
                     const std::string& fields = {}) const {
    return fmt::format(
        "From: Anna <{}>\r\nTo: support@help.example\r\nSubject: {}\r\n"
        "Message-ID: <{}@customer.example>\r\n{}\r\n"
        "Hej! Jag kan inte logga in på mitt konto sedan i morse, och behöver hjälp med det.\r\n",
        from, name, name, fields);
  }
  // Its way in, and what is said of it.
  base::TicketId take(const std::string& text, const std::string& from = "anna@customer.example") {
    const auto id = write_in(text, from);
    world->run_for(1min);
    return id;
  }

  // "notice message 2, sv" and "no notice told-already", of all tickets, in the journal's order.
  std::vector<std::string> said() const {
    std::vector<std::string> out;
    const auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      const auto entries = txn.journal({}, 1'000'000);
      if (!entries) return entries.error();
      for (const store::JournalEntry& entry : *entries) {
        if (entry.what != service::kNoticeSent && entry.what != service::kNoticeNotSent) continue;
        out.push_back(entry.what + " " + entry.detail);
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
    return out;
  }
  // How many mails went to each address.
  std::map<std::string, int> recipients() const {
    std::map<std::string, int> out;
    for (const auto& kept : smarthost.kept) {
      for (const mail::Mailbox& to : kept.envelope.forward_paths) ++out[to.text()];
    }
    return out;
  }

  std::unique_ptr<service::Notices> notices;
};

}  // namespace beredd::scenario
