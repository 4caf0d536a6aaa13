#include "wire.h"

#include "inlet.h"
#include "little_endian.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace beredd::jail {
namespace {

// Gives the bytes of a string piece by piece, as a socket does, and fails where they end.
class Pieces final : public Inlet {
 public:
  Pieces(std::string bytes, std::size_t size) : bytes_(std::move(bytes)), size_(size) {}
  bool used_up() const { return at_ == bytes_.size() && at_hand().empty(); }

 private:
  base::Result<std::string_view> more() override {
    if (at_ == bytes_.size()) return base::transient(base::Code::closed, "no more bytes");
    const std::string_view piece = std::string_view(bytes_).substr(at_, size_);
    at_ += piece.size();
    return piece;
  }

  const std::string bytes_;
  const std::size_t size_;
  std::size_t at_ = 0;
};

mail::Reading full() {
  mail::Reading reading;
  reading.message_id = "1@mail.example";
  reading.in_reply_to = {"0@mail.example"};
  reading.references = {"a@b.example", "0@mail.example"};
  reading.from = {{"Åsa Öman", "asa@mail.example"}};
  reading.to = {{"", "support@help.example"}, {"Billing", "billing@help.example"}};
  reading.cc = {{"C", "c@mail.example"}};
  reading.reply_to = {{"R", "r@mail.example"}};
  reading.subject = "Fråga om min faktura";
  reading.date = base::from_micros(1'795'000'000'000'001);
  reading.text = "Hej!\nTack.\n";
  reading.new_text = "Hej!\n";
  mail::Attachment attachment;
  attachment.index = 2;
  attachment.name = "skärmbild.png";
  attachment.type = "image/png";
  attachment.size = base::Bytes(123456789012);
  attachment.sha256.fill(static_cast<decltype(attachment.sha256)::value_type>(0xAB));
  reading.attachments = {attachment};
  reading.auto_submitted = "auto-replied";
  reading.defects = {"no From", "raw 8-bit header"};
  reading.opaque = true;
  reading.kind = mail::Kind::delivery_report;
  reading.former_ids = {"former@mail.example"};
  reading.thread_index = "01d9c0ffee00112233445566778899aabbccddeeff00";
  reading.loop_marks = {"support@help.example"};
  reading.report = {
      mail::Outcome::delayed, "4.4.1", "envelope-7", {"0@mail.example"}, {"gone@mail.example"}};
  return reading;
}

std::string encoded(const mail::Reading& reading) {
  std::string out;
  encode(reading, out);
  return out;
}

base::Result<mail::Reading> decoded(const std::string& bytes,
                                    base::Bytes budget = base::mebibytes(1)) {
  WholeInlet inlet(bytes);
  return decode_reading(inlet, budget);
}

TEST(JailWire, AReadingComesBackAsItWas) {
  const std::string bytes = encoded(full());
  WholeInlet inlet(bytes);
  const auto reading = decode_reading(inlet, base::mebibytes(1));
  ASSERT_TRUE(reading.ok()) << reading.error().detail;
  EXPECT_EQ(*reading, full());
  EXPECT_TRUE(inlet.at_hand().empty());
}

TEST(JailWire, InHoweverManyPiecesItComesAReadingIsTheSame) {
  const std::string bytes = encoded(full());
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    Pieces pieces(bytes, size);
    const auto reading = decode_reading(pieces, base::mebibytes(1));
    ASSERT_TRUE(reading.ok()) << reading.error().detail;
    EXPECT_EQ(*reading, full()) << size;
    EXPECT_TRUE(pieces.used_up()) << size;
  }
}

TEST(JailWire, AnEmptyReadingComesBackAsItWas) {
  const auto reading = decoded(encoded({}));
  ASSERT_TRUE(reading.ok());
  EXPECT_EQ(*reading, mail::Reading());
}

TEST(JailWire, AReadingThatEndsAnywhereTooSoonFails) {
  const std::string whole = encoded(full());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto reading = decoded(whole.substr(0, size));
    ASSERT_FALSE(reading.ok()) << size;
    EXPECT_EQ(reading.error().code, base::Code::corrupt) << size;
    Pieces pieces(whole.substr(0, size), 7);
    EXPECT_EQ(decode_reading(pieces, base::mebibytes(1)).error().code, base::Code::closed) << size;
  }
}

// Every length of the format gets every value that tends to go wrong.
TEST(JailWire, NoByteThatIsChangedMakesMoreOfIt) {
  const std::string whole = encoded(full());
  constexpr base::Bytes kBudget = base::kibibytes(64);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char value : {'\x00', '\x01', '\x7f', '\x80', '\xff'}) {
      std::string bytes = whole;
      bytes[at] = value;
      const auto reading = decoded(bytes, kBudget);
      if (!reading) continue;
      EXPECT_LE(reading->text.size() + reading->references.size(), kBudget.count()) << at;
    }
  }
}

TEST(JailWire, ALengthOverTheBudgetIsRefusedBeforeAByteIsTaken) {
  for (const std::uint64_t size :
       {std::uint64_t{1025}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
    std::string bytes;
    put(bytes, size);
    const auto reading = decoded(bytes, base::kibibytes(1));
    ASSERT_FALSE(reading.ok());
    EXPECT_EQ(reading.error().code, base::Code::too_large) << size;
  }
}

TEST(JailWire, ManySmallThingsCountAsWhatTheyTakeInMemory) {
  mail::Reading reading;
  reading.references.resize(10'000);
  const auto fits = decoded(encoded(reading), base::mebibytes(1));
  EXPECT_TRUE(fits.ok());
  const auto over = decoded(encoded(reading), base::kibibytes(256));
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, base::Code::too_large);
}

TEST(JailWire, TextThatIsNoTextIsRepaired) {
  mail::Reading reading;
  reading.text = std::string("a\0b\xff\nc", 6);
  reading.subject = "one\r\nBcc: two";
  reading.message_id = std::string("x\0y", 3);
  mail::Attachment attachment;
  attachment.name = "../../etc/passwd";
  reading.attachments = {attachment, attachment};
  reading.attachments[1].name = "..";
  const auto repaired = decoded(encoded(reading));
  ASSERT_TRUE(repaired.ok());
  EXPECT_EQ(repaired->text, "ab\xEF\xBF\xBD\nc");
  EXPECT_EQ(repaired->subject, "one  Bcc: two");
  EXPECT_EQ(repaired->message_id, "xy");
  EXPECT_EQ(repaired->attachments[0].name, "_.._etc_passwd");
  EXPECT_EQ(repaired->attachments[1].name, "");
}

TEST(JailWire, NewTextThatIsNoBeginningOfTheTextComesBackAsItWas) {
  mail::Reading reading = full();
  reading.text = "> Hej!\nTack.\n";
  reading.new_text = "Tack.\n";
  const auto back = decoded(encoded(reading));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, reading);
}

TEST(JailWire, NewTextThatEndsWithinACharacterIsRepaired) {
  mail::Reading reading;
  reading.text = "ab\xC3\xA5";
  reading.new_text = "ab\xC3";
  const auto repaired = decoded(encoded(reading));
  ASSERT_TRUE(repaired.ok());
  EXPECT_EQ(repaired->new_text, "ab\xEF\xBF\xBD");
}

TEST(JailWire, MoreNewTextThanThereIsTextIsRefused) {
  mail::Reading reading;
  reading.text = "abc";
  reading.new_text = "abc";
  std::string bytes = encoded(reading);
  std::string length;
  put(length, std::uint64_t{3});
  const auto at = bytes.rfind(length);
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 4;
  const auto refused = decoded(bytes);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::Code::corrupt);
}

TEST(JailWire, ADateThatNobodyCanWriteIsRefused) {
  for (const std::int64_t micros : {INT64_MIN, INT64_MAX, std::int64_t{-70'000'000'000'000'000}}) {
    mail::Reading reading;
    reading.date = base::from_micros(micros);
    const auto refused = decoded(encoded(reading));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, base::Code::corrupt) << micros;
  }
}

TEST(JailWire, ARequestComesBackAsItWas) {
  const Request request{Ask::part, 7, kSlots, {{0, 10}, {10, 0}, {10, 90}}};
  const auto again = decode_request(encode(request), base::Bytes(100));
  ASSERT_TRUE(again.ok()) << again.error().detail;
  EXPECT_EQ(*again, request);
}

TEST(JailWire, ARequestForWhatLiesOutsideItsMemoryIsRefused) {
  for (const Span span :
       {Span{0, 101}, Span{101, 0}, Span{50, 51}, Span{~0ULL, 2}, Span{2, ~0ULL}}) {
    EXPECT_FALSE(decode_request(encode(Request{Ask::read, 0, 0, {span}}), base::Bytes(100)).ok())
        << span.offset << "+" << span.size;
  }
}

TEST(JailWire, ARequestForASlotThatThereIsNotIsRefused) {
  constexpr std::uint8_t kBehind = kSlots + 1;
  EXPECT_FALSE(decode_head(encode(Request{Ask::read, 0, kBehind, {{0, 1}}})).ok());
}

TEST(JailWire, MoreAnswersThanWereAskedForOrThanThereIsRoomForAreRefused) {
  const auto decoded_told = [](const Told& told) {
    const std::string bytes = encode_told(told);
    WholeInlet inlet(bytes);
    return decode_told(inlet, 3);
  };
  constexpr std::uint32_t kRoom = kAnswerMemory - kAnswersAt;
  EXPECT_EQ(*decoded_told({3, kRoom}), (Told{3, kRoom}));
  EXPECT_EQ(decoded_told({4, 10}).error().code, base::Code::corrupt);
  EXPECT_EQ(decoded_told({3, kRoom + 1}).error().code, base::Code::corrupt);
  EXPECT_EQ(decoded_told({~0U, ~0U}).error().code, base::Code::corrupt);
}

TEST(JailWire, ADaemonOfAnotherVersionIsNone) {
  EXPECT_TRUE(decode_hello(encode_hello()).ok());
  std::string other = encode_hello();
  ++other[0];
  EXPECT_EQ(decode_hello(other).error().code, base::Code::version);
  EXPECT_EQ(decode_hello("").error().code, base::Code::version);
}

TEST(JailWire, ARequestOfAnotherVersionOrForNoMailOrTooManyIsRefused) {
  std::string bytes = encode(Request{Ask::read, 0, 0, {{0, 1}}});
  bytes[0] = 9;
  EXPECT_EQ(decode_head(bytes).error().code, base::Code::version);
  EXPECT_FALSE(decode_head(encode(Request{Ask::read, 0, 0, {}})).ok());
  EXPECT_FALSE(
      decode_head(encode(Request{Ask::read, 0, 0, std::vector<Span>(kMostMails + 1)})).ok());
  EXPECT_FALSE(decode_head("").ok());
}

base::Status ready(const std::string& bytes) {
  WholeInlet inlet(bytes);
  return decode_ready(inlet);
}

TEST(JailWire, AReaderThatIsReadySaysSoOrWhyNot) {
  EXPECT_TRUE(ready(encode_ready("")).ok());
  const auto why = ready(encode_ready("seccomp: Function not implemented"));
  EXPECT_EQ(why.error().code, base::Code::unsupported);
  EXPECT_EQ(why.error().detail, "seccomp: Function not implemented");
}

TEST(JailWire, AReaderOfAnotherVersionIsNone) {
  std::string bytes = encode_ready("");
  ++bytes[0];
  EXPECT_EQ(ready(bytes).error().code, base::Code::version);
}

TEST(JailWire, ReadinessAsLongAsABookIsRefused) {
  EXPECT_EQ(ready(encode_ready(std::string(2000, 'x'))).error().code, base::Code::too_large);
}

TEST(JailWire, APartComesBackOrIsNotThere) {
  Pieces part(encode_part_head(true, 3) + "abc", 5), none(encode_part_head(false, 0), 5);
  EXPECT_EQ(*decode_part(part, base::kibibytes(1)), "abc");
  EXPECT_EQ(decode_part(none, base::kibibytes(1)).error().code, base::Code::not_found);
}

}  // namespace
}  // namespace beredd::jail
