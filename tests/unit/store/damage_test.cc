// What is on the disk may be wrong, and what others see of it must tell them nothing.

#include "codec.h"
#include "raw_store.h"

namespace beredd::store {
namespace {

class Damage : public StoreTest {
 protected:
  std::filesystem::path path() const { return directory_.path() / "store"; }
  // A message, sorted, its delivery, and a mode, so that every sealed table has a row.
  void fill() {
    ticket_ = open_ticket();
    message_ = enqueue(ticket_);
    mail::Reading reading;
    reading.message_id = "secret-id@example.com";
    reading.in_reply_to = {"other-secret@example.com"};
    reading.subject = "secret subject";
    reading.text = "secret text";
    must([&](WriteTxn& txn) {
      return txn.put_sorted(message_, {ticket_, "secret reason", reading, kStart});
    });
    must([](WriteTxn& txn) { return txn.put_switches("helpdesk", {true, true}); });
    must([](WriteTxn& txn) { return txn.put_standing("helpdesk", {}); });
    must([](WriteTxn& txn) { return txn.put_abilities("helpdesk", {true, true, {}, kStart}); });
    must([](WriteTxn& txn) { return txn.add_transition({"helpdesk", {}}); });
  }
  // Asks everything there is to ask; returns how many answers were corrupt, and takes no other
  // failure.
  int corrupt_answers() {
    int corrupt = 0;
    auto judge = [&](const auto& result) {
      if (result.ok()) return;
      EXPECT_THAT(result, FailsWith(base::Code::corrupt));
      ++corrupt;
    };
    base::Status status = store_->read([&](const ReadTxn& txn) -> base::Status {
      auto message = txn.message(message_);
      judge(message);
      if (message.ok()) judge(txn.chunk(message->body, 0));
      judge(txn.sorted(message_));
      judge(txn.ticket(ticket_));
      judge(txn.delivery(message_, "helpdesk"));
      judge(txn.standing("helpdesk"));
      judge(txn.abilities("helpdesk"));
      judge(txn.transitions("", 10));
      judge(txn.journal({}, 100));
      txn.switches("helpdesk");
      return {};
    });
    judge(status);
    return corrupt;
  }
  TicketId ticket_;
  MessageId message_;
};

TEST_F(Damage, OneBitOfAnySealedValueIsCorruptNotACrash) {
  fill();
  close();
  std::vector<std::array<std::string, 3>> rows = RawStore(path()).rows();
  const std::set<std::string> sealed = {"bodies",      "messages",   "sorted",    "abilities",
                                        "tickets",     "deliveries", "standings", "switches",
                                        "transitions", "journal"};
  std::set<std::string> seen;
  for (const auto& [table, key, value] : rows) {
    if (!sealed.contains(table)) continue;
    seen.insert(table);
    RawStore(path()).flip(table.c_str(), key);
    reopen();
    EXPECT_GE(corrupt_answers(), 1) << table;
    close();
    RawStore(path()).put(table.c_str(), key, value);
  }
  EXPECT_EQ(seen, sealed);
  reopen();
  EXPECT_EQ(corrupt_answers(), 0);
}

TEST_F(Damage, ARecordMovedToAnotherKeyDoesNotOpen) {
  MessageId first = accept("one"), second = accept("two");
  close();
  {
    RawStore raw(path());
    auto key = [](MessageId id) { return std::string(KeyBytes().id(id).view()); };
    raw.put("messages", key(second), raw.get("messages", key(first)));
  }
  reopen();
  EXPECT_TRUE(ask([&](const ReadTxn& txn) { return txn.message(first); }).ok());
  EXPECT_THAT(ask([&](const ReadTxn& txn) { return txn.message(second); }),
              FailsWith(base::Code::corrupt));
}

TEST_F(Damage, AValueOfAnySizeInAnyTableCrashesNothing) {
  fill();
  close();
  std::vector<std::array<std::string, 3>> rows = RawStore(path()).rows();
  for (const auto& [table, key, value] : rows) {
    if (table == "meta") continue;
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{40}}) {
      RawStore(path()).put(table.c_str(), key, std::string(size, '\x7f'));
      reopen();
      corrupt_answers();
      ask([&](const ReadTxn& txn) {
        EXPECT_LE(txn.messages_of(ticket_).size(), 1u);
        EXPECT_LE(txn.messages_with_id("support", "secret-id@example.com").size(), 1u);
        txn.ticket_of_message_id("support", "secret-id@example.com");
        txn.counts("helpdesk");
        txn.next_due("helpdesk");
        return 0;
      });
      auto lanes = ask([](const ReadTxn& txn) { return txn.lanes("helpdesk", kStart, 9, {}); });
      EXPECT_EQ(lanes.ok(), table != "lane_due") << table;
      close();
    }
    RawStore(path()).put(table.c_str(), key, value);
  }
  reopen();
  EXPECT_EQ(corrupt_answers(), 0);
}

TEST_F(Damage, AKeyOfAnySizeInAnyTableCrashesNothing) {
  fill();
  close();
  std::vector<std::array<std::string, 3>> rows = RawStore(path()).rows();
  for (const auto& [table, key, value] : rows) {
    if (table == "meta") continue;
    for (std::size_t size = 1; size < key.size(); size += 3) {
      RawStore(path()).put(table.c_str(), key.substr(0, size), value);
      reopen();
      corrupt_answers();
      ask([&](const ReadTxn& txn) {
        txn.messages({}, 10);
        txn.latest_messages({}, 10);
        txn.unsorted({}, 10);
        txn.messages_of(ticket_);
        txn.messages_with_id("support", "secret-id@example.com");
        txn.next_due("helpdesk");
        return txn.has_lane("helpdesk", ticket_);
      });
      base::Status listed = store_->read([](const ReadTxn& txn) -> base::Status {
        if (auto found = txn.tickets({}); !found) return found.error();
        if (auto found = txn.lanes("helpdesk", kStart, 9, {}); !found) return found.error();
        auto found = txn.deliveries("helpdesk", DeliveryState::queued, {}, 10);
        return found.ok() ? base::Status() : base::Status(found.error());
      });
      if (!listed) {
        EXPECT_EQ(listed.error().fault, base::Fault::permanent) << table;
      }
      close();
      RawStore(path()).erase(table.c_str(), key.substr(0, size));
    }
  }
  reopen();
  EXPECT_EQ(corrupt_answers(), 0);
}

TEST_F(Damage, NoWordOfACustomerIsOnTheDiskInTheClear) {
  accept("Subject: secret subject\r\n\r\nsecret text");
  fill();
  close();
  for (const auto& [table, key, value] : RawStore(path()).rows()) {
    for (const char* word : {"secret", "anna", "support", "helpdesk", "example", "192.0.2.7"}) {
      EXPECT_EQ(key.find(word), std::string::npos) << table << " key shows " << word;
      EXPECT_EQ(value.find(word), std::string::npos) << table << " value shows " << word;
    }
  }
}

TEST(Records, OfNoVersionAreCorrupt) {
  Message message = message_of(BodyRef{});
  std::string good = encode(message);
  ASSERT_TRUE(decode_message(MessageId(1), good).ok());
  base::SeededRandom dice(3);
  for (std::size_t size = 0; size < good.size(); ++size) {
    auto cut = decode_message(MessageId(1), good.substr(0, size));
    if (!cut) {
      EXPECT_THAT(cut, FailsWith(base::Code::corrupt));
    }
  }
  for (int i = 0; i < 20'000; ++i) {
    std::string bad = good;
    bad[dice.below(bad.size())] = static_cast<char>(dice.next());
    auto read = decode_message(MessageId(1), bad);
    if (!read) {
      EXPECT_THAT(read, FailsWith(base::Code::corrupt));
    }
  }
  EXPECT_THAT(decode_message(MessageId(1), ""), FailsWith(base::Code::corrupt));
}

TEST(Records, WithAnEnumerationOutOfRangeAreCorrupt) {
  StoredDelivery stored;
  stored.delivery.state = static_cast<DeliveryState>(8);
  EXPECT_THAT(decode_delivery(MessageId(1), encode(stored)), FailsWith(base::Code::corrupt));
  stored.delivery.state = DeliveryState::expired;
  EXPECT_TRUE(decode_delivery(MessageId(1), encode(stored)).ok());
}

TEST(Records, KeepEveryFieldOfAReading) {
  Sorted sorted;
  sorted.ticket = TicketId(42);
  sorted.reason = "in-reply-to <a@x>";
  sorted.at = kStart;
  mail::Reading& reading = sorted.reading;
  reading.message_id = "m@x";
  reading.in_reply_to = {"a@x"};
  reading.references = {"b@x", "a@x"};
  reading.from = {{"Åsa", "asa@x"}};
  reading.to = {{"", "to@x"}, {"T", "t@x"}};
  reading.cc = {{"C", ""}};
  reading.reply_to = {{"R", "r@x"}};
  reading.subject = "s";
  reading.date = kStart - 1s;
  reading.text = "text";
  reading.new_text = "new";
  reading.attachments = {{3, "a.jpg", "image/jpeg", base::Bytes(9), base::sha256("a")}};
  reading.auto_submitted = "auto-replied";
  reading.defects = {"odd", "odder"};
  reading.opaque = true;
  auto back = decode_sorted(encode(sorted));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, sorted);
  reading.date.reset();
  back = decode_sorted(encode(sorted));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, sorted);
}

TEST(Records, KeepTheNullReversePathApartFromAnEmptyOne) {
  Message message = message_of(BodyRef{});
  message.envelope.reverse_path.reset();
  message.direction = Direction::out;
  message.source = Source::staff;
  message.envelope.body = mail::BodyType::eight_bit_mime;
  auto back = decode_message({}, encode(message));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, message);
}

TEST(Records, KeepWhatTheEnvelopeSaysOfUtf8AndReports) {
  Message message = message_of(BodyRef{});
  mail::Envelope& envelope = message.envelope;
  envelope.smtputf8 = true;
  envelope.dsn_return = mail::DsnReturn::headers;
  envelope.envelope_id = "QQ+2B314159";
  envelope.forward_paths = {{"j\xC3\xB6rg", "b\xC3\xBC.example"}, {"b", "example.org"}};
  envelope.recipient_dsn = {
      {{mail::Notify::kSuccess | mail::Notify::kDelay}, "utf-8;j\xC3\xB6rg@x"},
      {{mail::Notify::kNever}, ""}};
  auto back = decode_message({}, encode(message));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, message);
}

TEST(Records, RefuseReportsThatNoVersionWrites) {
  Message message = message_of(BodyRef{});
  message.envelope.recipient_dsn = {{{mail::Notify::kNever | mail::Notify::kDelay}, ""}};
  EXPECT_FALSE(decode_message({}, encode(message)).ok());
  message.envelope.recipient_dsn = {{}, {}};  // one recipient, two of these
  EXPECT_FALSE(decode_message({}, encode(message)).ok());
}

// A record made with the schema of before the envelope had more than its paths and its body type.
TEST(Records, ReadAnEnvelopeOfBeforeUtf8AndReports) {
  constexpr std::string_view kHex =
      "1c00000000001600260000000000040008000c00100014001c00180016000000ec000000a8000000"
      "94000000880000007c0000001c000000050000000000000000000e00240010000400080018000c00"
      "0e000000440000000100000018000000070000000000000003000000000000000000000020000000"
      "00000000000000000000000000000000000000000000000000000000000000001000000000000000"
      "000000000000000000000000010000007000000001000000690000000100000074000a000c000000"
      "080007000a0000000000000104000000010000000c00000008000c00040008000800000018000000"
      "040000000b0000006578616d706c652e6f726700010000006200000007000000737570706f727400";
  std::string old;
  for (std::size_t at = 0; at < kHex.size(); at += 2) {
    old += static_cast<char>(std::stoi(std::string(kHex.substr(at, 2)), nullptr, 16));
  }
  const auto back = decode_message({}, old);
  ASSERT_TRUE(back.ok());
  mail::Envelope expected;
  expected.forward_paths = {{"b", "example.org"}};
  expected.body = mail::BodyType::eight_bit_mime;
  EXPECT_EQ(back->envelope, expected);
  EXPECT_EQ(back->body.id, base::BodyId(7));
}

TEST(Names, OfDeliveryStatesReadBack) {
  for (int i = 0; i < 8; ++i) {
    auto state = static_cast<DeliveryState>(i);
    EXPECT_EQ(delivery_state_named(name(state)), state);
  }
  EXPECT_EQ(delivery_state_named("lost"), std::nullopt);
  EXPECT_EQ(name(Direction::note), "note");
  EXPECT_EQ(name(Source::imap), "imap");
}

}  // namespace
}  // namespace beredd::store
