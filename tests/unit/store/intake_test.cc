#include "store_fixture.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Intake : public StoreTest {
 protected:
  std::string raw_of(const BodyRef& body) {
    std::string raw;
    for (std::uint32_t index = 0; index < body.chunks; ++index) {
      auto chunk = ask([&](const ReadTxn& txn) { return txn.chunk(body, index); });
      EXPECT_TRUE(chunk.ok()) << base::to_string(chunk.error());
      raw += chunk.value_or("");
    }
    return raw;
  }
};

TEST_F(Intake, KeepsTheMessageAndItsBytesAsTheyCame) {
  std::string raw = bytes_of_size(3 * kChunkSize + 17);
  MessageId id = accept(raw);
  auto message = ask([&](const ReadTxn& txn) { return txn.message(id); });
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->body.size, base::Bytes(raw.size()));
  EXPECT_EQ(message->body.sha256, base::sha256(raw));
  EXPECT_EQ(message->body.chunks, 4u);
  EXPECT_EQ(raw_of(message->body), raw);
  Message expected = message_of(message->body);
  expected.id = id;
  EXPECT_EQ(*message, expected);
}

TEST_F(Intake, CutsABodyAtItsChunksHoweverItArrives) {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, kChunkSize - 1, kChunkSize,
                           kChunkSize + 1, 2 * kChunkSize}) {
    std::string raw = bytes_of_size(size);
    BodyWriter writer = store_->new_body();
    std::vector<SealedChunk> chunks;
    for (std::size_t at = 0; at < size; at += 1009) {
      for (SealedChunk& chunk : writer.append(std::string_view(raw).substr(at, 1009))) {
        chunks.push_back(std::move(chunk));
      }
    }
    BodyWriter::Finished finished = writer.finish();
    if (finished.last) chunks.push_back(*std::move(finished.last));
    EXPECT_EQ(finished.ref.chunks, (size + kChunkSize - 1) / kChunkSize);
    EXPECT_EQ(finished.ref.sha256, base::sha256(raw));
    must([&](WriteTxn& txn) -> base::Status {
      if (base::Status status = put_all(txn, chunks); !status) return status;
      auto accepted = txn.accept(message_of(finished.ref));
      return accepted.ok() ? base::Status() : base::Status(accepted.error());
    });
    EXPECT_EQ(raw_of(finished.ref), raw) << size;
  }
}

TEST_F(Intake, NumbersMessagesInTheOrderOfAcceptance) {
  MessageId first = accept(), second = accept(), third = accept();
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  ask([&](const ReadTxn& txn) {
    EXPECT_THAT(txn.messages({}, 10), ElementsAre(first, second, third));
    EXPECT_THAT(txn.messages(first, 1), ElementsAre(second));
    EXPECT_THAT(txn.messages(third, 10), IsEmpty());
    EXPECT_THAT(txn.latest_messages({}, 2), ElementsAre(third, second));
    EXPECT_THAT(txn.latest_messages(third, 10), ElementsAre(second, first));
    EXPECT_THAT(txn.latest_messages(first, 10), IsEmpty());
    EXPECT_THAT(txn.unsorted(first, 10), ElementsAre(second, third));
    EXPECT_EQ(txn.message_count(), 3u);
    return 0;
  });
}

TEST_F(Intake, SaysWhatIsNotThere) {
  ask([](const ReadTxn& txn) {
    EXPECT_THAT(txn.message(MessageId(9)), FailsWith(base::Code::not_found));
    EXPECT_THAT(txn.sorted(MessageId(9)), FailsWith(base::Code::not_found));
    EXPECT_THAT(txn.ticket(TicketId(9)), FailsWith(base::Code::not_found));
    EXPECT_THAT(txn.chunk(BodyRef{}, 0), FailsWith(base::Code::not_found));
    EXPECT_EQ(txn.sort_attempts(MessageId(9)), 0);
    return 0;
  });
}

TEST_F(Intake, RefusesAMessageWhoseBytesAreNotAllThere) {
  WrittenBody body = write_body(*store_, bytes_of_size(2 * kChunkSize));
  EXPECT_THAT(write([&](WriteTxn& txn) -> base::Status {
                if (base::Status status = txn.put_chunk(body.chunks[0]); !status) return status;
                auto accepted = txn.accept(message_of(body.ref));
                return accepted.ok() ? base::Status() : base::Status(accepted.error());
              }),
              FailsWith(base::Code::not_found));
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.message_count(); }), 0u);
}

TEST_F(Intake, NeverWritesOverAChunk) {
  WrittenBody body = write_body(*store_, "once");
  must([&](WriteTxn& txn) { return txn.put_chunk(body.chunks[0]); });
  EXPECT_THAT(write([&](WriteTxn& txn) { return txn.put_chunk(body.chunks[0]); }),
              FailsWith(base::Code::exists));
}

TEST_F(Intake, AddsNoChunkToTheBodyOfAMessage) {
  WrittenBody body = write_body(*store_, "taken");
  must([&](WriteTxn& txn) -> base::Status {
    if (base::Status status = put_all(txn, body.chunks); !status) return status;
    auto accepted = txn.accept(message_of(body.ref));
    return accepted.ok() ? base::Status() : base::Status(accepted.error());
  });
  SealedChunk late{body.ref.id, 1, "late"};
  EXPECT_THAT(write([&](WriteTxn& txn) { return txn.put_chunk(late); }),
              FailsWith(base::Code::conflict));
  EXPECT_THAT(write([&](WriteTxn& txn) { return txn.drop_body(body.ref.id); }),
              FailsWith(base::Code::conflict));
  reopen();
  EXPECT_EQ(raw_of(body.ref), "taken");
}

TEST_F(Intake, SweepsChunksWithoutAMessageAtTheNextStart) {
  WrittenBody orphan = write_body(*store_, bytes_of_size(kChunkSize + 1));
  must([&](WriteTxn& txn) { return put_all(txn, orphan.chunks); });
  MessageId kept = accept("kept");
  EXPECT_EQ(raw_of(orphan.ref).size(), kChunkSize + 1);
  reopen();
  EXPECT_THAT(ask([&](const ReadTxn& txn) { return txn.chunk(orphan.ref, 0); }),
              FailsWith(base::Code::not_found));
  EXPECT_THAT(ask([&](const ReadTxn& txn) { return txn.chunk(orphan.ref, 1); }),
              FailsWith(base::Code::not_found));
  auto message = ask([&](const ReadTxn& txn) { return txn.message(kept); });
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(raw_of(message->body), "kept");
}

TEST_F(Intake, TakesAMessageWhoseChunksCameInEarlierTransactions) {
  WrittenBody body = write_body(*store_, bytes_of_size(2 * kChunkSize + 5));
  for (const SealedChunk& chunk : body.chunks) {
    must([&](WriteTxn& txn) { return txn.put_chunk(chunk); });
  }
  must([&](WriteTxn& txn) -> base::Status {
    auto accepted = txn.accept(message_of(body.ref));
    return accepted.ok() ? base::Status() : base::Status(accepted.error());
  });
  reopen();
  EXPECT_EQ(raw_of(body.ref), bytes_of_size(2 * kChunkSize + 5));
}

TEST_F(Intake, DropsABodyWhoseMailWasBrokenOff) {
  WrittenBody body = write_body(*store_, bytes_of_size(kChunkSize + 1));
  must([&](WriteTxn& txn) { return txn.put_chunk(body.chunks[0]); });
  must([&](WriteTxn& txn) { return txn.drop_body(body.ref.id); });
  EXPECT_THAT(ask([&](const ReadTxn& txn) { return txn.chunk(body.ref, 0); }),
              FailsWith(base::Code::not_found));
  EXPECT_THAT(write([&](WriteTxn& txn) { return txn.put_chunk(body.chunks[1]); }),
              FailsWith(base::Code::conflict));
  // Once more, for a caller that does not know whether it did.
  must([&](WriteTxn& txn) { return txn.drop_body(body.ref.id); });
}

TEST_F(Intake, LetsTwoDesksShareOneBody) {
  WrittenBody body = write_body(*store_, "to both");
  must([&](WriteTxn& txn) -> base::Status {
    if (base::Status status = put_all(txn, body.chunks); !status) return status;
    for (const char* desk : {"support", "sales"}) {
      Message message = message_of(body.ref);
      message.desk = desk;
      if (auto accepted = txn.accept(message); !accepted) return accepted.error();
    }
    return {};
  });
  reopen();
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.message_count(); }), 2u);
  EXPECT_EQ(raw_of(body.ref), "to both");
}

TEST_F(Intake, AMessageWithoutABodyIsAMessage) {
  MessageId id = accept("");
  auto message = ask([&](const ReadTxn& txn) { return txn.message(id); });
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->body.chunks, 0u);
}

TEST_F(Intake, CountsSortingAttempts) {
  MessageId id = accept();
  must([&](WriteTxn& txn) { return txn.mark_sort_attempt(id); });
  must([&](WriteTxn& txn) { return txn.mark_sort_attempt(id); });
  reopen();
  EXPECT_EQ(ask([&](const ReadTxn& txn) { return txn.sort_attempts(id); }), 2);
  EXPECT_THAT(write([](WriteTxn& txn) { return txn.mark_sort_attempt(MessageId(77)); }),
              FailsWith(base::Code::not_found));
}

TEST_F(Intake, NumbersNeverComeTwice) {
  std::set<std::uint64_t> serials;
  std::set<base::BodyId> bodies;
  for (int opening = 0; opening < 3; ++opening) {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(serials.insert(store_->next_serial()).second);
      EXPECT_TRUE(bodies.insert(store_->new_body().id()).second);
    }
    reopen();
  }
}

TEST_F(Intake, TellsHowMuchRoomThereIs) {
  base::Bytes before = store_->room();
  EXPECT_GT(before, base::mebibytes(1));
  EXPECT_LE(before, base::mebibytes(256));
  accept(bytes_of_size(1 << 20));
  EXPECT_LT(store_->room(), before);
}

}  // namespace
}  // namespace beredd::store
