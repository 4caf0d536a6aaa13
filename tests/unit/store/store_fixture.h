#pragma once
// A store in a directory of its own, and the shortest way to fill it.

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "beredd/base/random.h"
#include "beredd/store/lmdb_store.h"

namespace beredd::store {

using namespace std::chrono_literals;
using base::MessageId;
using base::TicketId;

inline constexpr base::Instant kStart = base::from_micros(1'795'000'000'000'000);

class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = testing::TempDir() + "store-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline vault::Key key_of(char fill) {
  std::array<std::byte, vault::Key::kSize> bytes{};
  bytes.fill(static_cast<std::byte>(fill));
  return vault::Key(bytes);
}

inline std::string bytes_of_size(std::size_t size) {
  std::string out(size, 'x');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + i % 23);
  return out;
}

// Every chunk of `raw`, and what refers to them.
struct WrittenBody {
  BodyRef ref;
  std::vector<SealedChunk> chunks;
};
inline WrittenBody write_body(Store& store, std::string_view raw) {
  BodyWriter writer = store.new_body();
  WrittenBody out;
  out.chunks = writer.append(raw);
  BodyWriter::Finished finished = writer.finish();
  if (finished.last) out.chunks.push_back(*std::move(finished.last));
  out.ref = finished.ref;
  return out;
}

inline base::Status put_all(WriteTxn& txn, const std::vector<SealedChunk>& chunks) {
  for (const SealedChunk& chunk : chunks) {
    if (base::Status status = txn.put_chunk(chunk); !status) return status;
  }
  return {};
}

inline Message message_of(const BodyRef& body, base::Instant received = kStart) {
  Message message;
  message.desk = "support";
  message.envelope.reverse_path = mail::Mailbox{"anna", "example.com"};
  message.envelope.forward_paths = {{"support", "example.org"}};
  message.trace = "Received: from mail.example.com\r\n";
  message.trace_id = "0badcafe1";
  message.peer = "192.0.2.7 (mail.example.com)";
  message.received = received;
  message.body = body;
  return message;
}

inline Arrival arrival_of(WrittenBody body, base::Instant received = kStart) {
  Arrival arrival;
  if (!body.chunks.empty()) arrival.last = std::move(body.chunks.back());
  arrival.messages.push_back(message_of(body.ref, received));
  return arrival;
}

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { reopen(); }

  void close() { store_.reset(); }
  void reopen() {
    close();
    auto opened = open();
    ASSERT_TRUE(opened.ok()) << base::to_string(opened.error());
    store_ = *std::move(opened);
  }
  base::Result<std::unique_ptr<Store>> open(char key = 'k') {
    LmdbOptions options;
    options.directory = directory_.path() / "store";
    options.map_size = map_size_;
    options.intake_log = base::kibibytes(256);
    options.sync = sync_;
    options.reserve = reserve_;
    return open_lmdb(options, key_of(key), random_);
  }

  base::Status write(const Operation& operation) {
    std::vector<base::Status> statuses = store_->apply({&operation, 1});
    return statuses.at(0);
  }
  void must(const Operation& operation) {
    base::Status status = write(operation);
    ASSERT_TRUE(status.ok()) << base::to_string(status.error());
  }
  // The query's answer, out of its snapshot.
  template <typename Query>
  auto ask(const Query& query) {
    std::optional<decltype(query(std::declval<const ReadTxn&>()))> answer;
    base::Status status = store_->read([&](const ReadTxn& txn) -> base::Status {
      answer.emplace(query(txn));
      return {};
    });
    EXPECT_TRUE(status.ok()) << base::to_string(status.error());
    return *std::move(answer);
  }

  MessageId accept(std::string_view raw = "Subject: help\r\n\r\nhelp\r\n",
                   base::Instant received = kStart) {
    WrittenBody body = write_body(*store_, raw);
    MessageId id;
    must([&](WriteTxn& txn) -> base::Status {
      if (base::Status status = put_all(txn, body.chunks); !status) return status;
      base::Result<MessageId> accepted = txn.accept(message_of(body.ref, received));
      if (!accepted) return accepted.error();
      id = *accepted;
      return {};
    });
    return id;
  }
  TicketId open_ticket(const ticket::Ticket& ticket) {
    TicketId id;
    must([&](WriteTxn& txn) -> base::Status {
      base::Result<TicketId> opened = txn.open_ticket(ticket);
      if (!opened) return opened.error();
      id = *opened;
      return {};
    });
    return id;
  }
  TicketId open_ticket(std::string_view desk = "support", base::Instant updated = kStart) {
    ticket::Ticket ticket;
    ticket.desk = desk;
    ticket.subject = "help";
    ticket.created = ticket.updated = updated;
    return open_ticket(ticket);
  }
  // A message of `ticket` on its way to "helpdesk".
  MessageId enqueue(TicketId ticket, base::Instant received = kStart,
                    DeliveryState state = DeliveryState::queued) {
    MessageId id = accept("raw", received);
    must([&](WriteTxn& txn) { return txn.enqueue(delivery_of(id, ticket, received, state)); });
    return id;
  }
  static Delivery delivery_of(MessageId id, TicketId ticket, base::Instant created,
                              DeliveryState state = DeliveryState::queued) {
    Delivery delivery;
    delivery.message = id;
    delivery.ticket = ticket;
    delivery.target = "helpdesk";
    delivery.state = state;
    delivery.created = delivery.due = delivery.changed = created;
    return delivery;
  }
  Delivery delivery(MessageId id) {
    auto found = ask([&](const ReadTxn& txn) { return txn.delivery(id, "helpdesk"); });
    EXPECT_TRUE(found.ok() && found->has_value());
    return found.ok() && *found ? **found : Delivery{};
  }
  std::vector<Lane> lanes(base::Instant until, std::size_t limit = 100) {
    auto found = ask([&](const ReadTxn& txn) { return txn.lanes("helpdesk", until, limit, {}); });
    EXPECT_TRUE(found.ok());
    return found.value_or({});
  }
  DeliveryCounts counts() {
    return ask([](const ReadTxn& txn) { return txn.counts("helpdesk"); });
  }
  std::vector<JournalEntry> journal() {
    auto entries = ask([](const ReadTxn& txn) { return txn.journal({}, 10'000); });
    EXPECT_TRUE(entries.ok());
    return entries.value_or({});
  }
  std::vector<std::string> journal_words() {
    std::vector<std::string> words;
    for (const JournalEntry& entry : journal()) words.push_back(entry.what);
    return words;
  }

  TempDirectory directory_;
  base::SeededRandom random_{7};
  bool sync_ = false;
  base::Bytes reserve_{0};
  base::Bytes map_size_ = base::mebibytes(256);
  std::unique_ptr<Store> store_;
};

// Matches a Status or Result that failed with this code.
MATCHER_P(FailsWith, code, std::string("fails with ") + std::string(base::name(code))) {
  if (arg.ok()) {
    *result_listener << "it succeeded";
    return false;
  }
  *result_listener << base::to_string(arg.error());
  return arg.error().code == code;
}

}  // namespace beredd::store
