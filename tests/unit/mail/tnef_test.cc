#include "tnef.h"

#include "letters.h"
#include "tnef_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint32_t kOemCodepage = 0x69007;
constexpr std::uint32_t kBody = 0x2800C;

TEST(Tnef, YieldsBodyAndFiles) {
  const std::string stream = TnefBuilder()
                                 .attribute(1, kOemCodepage, le(1252, 8))
                                 .attribute(1, kBody, std::string("Gr\xFC\xDF\x65") + '\0')
                                 .file("a.txt", "one")
                                 .file("b.txt", "two")
                                 .build();
  const Tnef tnef = read_tnef(stream);
  EXPECT_TRUE(tnef.readable);
  EXPECT_FALSE(tnef.damaged);
  EXPECT_EQ(tnef.text, "Grüße");
  ASSERT_THAT(tnef.files, SizeIs(2));
  EXPECT_EQ(tnef.files[0].name, "a.txt");
  EXPECT_EQ(tnef.files[0].bytes, "one");
  EXPECT_EQ(tnef.files[1].bytes, "two");
}

TEST(Tnef, LongNamesAndTypesAreThoseOfTheProperties) {
  const std::string stream = TnefBuilder()
                                 .file("LONGNA~1.PDF", "x")
                                 .file_properties(MapiBuilder()
                                                      .bytes(0x1E, 0x3704, "LONGNA~1.PDF")
                                                      .bytes(0x1F, 0x3707, wide("long name.pdf"))
                                                      .bytes(0x1E, 0x370E, "application/pdf"))
                                 .build();
  const Tnef tnef = read_tnef(stream);
  ASSERT_THAT(tnef.files, SizeIs(1));
  EXPECT_EQ(tnef.files[0].name, "long name.pdf");
  EXPECT_EQ(tnef.files[0].type, "application/pdf");
}

TEST(Tnef, AnEmptyFileIsAFile) {
  const std::string stream = TnefBuilder().file("empty", "").file("full", "x").build();
  EXPECT_THAT(read_tnef(stream).files, SizeIs(2));
}

// These three end libytnef's reading, with all files behind them lost.
TEST(Tnef, LongAndEmptySubjectsAndWrongSumsLoseNothing) {
  for (const std::string& subject : {std::string(), repeated("long ", 100)}) {
    const std::string stream =
        TnefBuilder()
            .message(MapiBuilder().bytes(0x1E, 0x0037, subject).bytes(0x1E, 0x1000, "said"))
            .file(repeated("n", 150), "x")
            .build();
    const Tnef tnef = read_tnef(stream);
    EXPECT_EQ(tnef.text, "said");
    EXPECT_THAT(tnef.files, SizeIs(1));
    EXPECT_FALSE(tnef.damaged);
  }
}

TEST(Tnef, HtmlKeepsItsBytesAndNamesItsCharset) {
  const std::string stream =
      TnefBuilder()
          .message(MapiBuilder().number(0x3FDE, 28591).bytes(0x102, 0x1013, "<p>\xE5</p>"))
          .build();
  const Tnef tnef = read_tnef(stream);
  EXPECT_EQ(tnef.html, "<p>\xE5</p>");
  EXPECT_EQ(tnef.html_charset, "iso-8859-1");
}

TEST(Tnef, EveryTypeOfPropertyIsStepped) {
  MapiBuilder mapi;
  for (const unsigned type : {0x02U, 0x03U, 0x04U, 0x0AU, 0x0BU})
    mapi.add(le(type, 2) + le(0x0E00, 2) + le(1, 4));
  for (const unsigned type : {0x05U, 0x06U, 0x07U, 0x14U, 0x40U})
    mapi.add(le(type, 2) + le(0x0E00, 2) + le(1, 8));
  mapi.add(le(0x48, 2) + le(0x0E00, 2) + std::string(16, 'g'));
  mapi.add(le(0x01, 2) + le(0x0E00, 2));
  // Several values; a named property by number and by name.
  mapi.add(le(0x1003, 2) + le(0x0E00, 2) + le(2, 4) + le(1, 4) + le(2, 4));
  mapi.add(le(0x101E, 2) + le(0x0E00, 2) + le(2, 4) + le(1, 4) + padded("a") + le(5, 4) +
           padded("abcde"));
  mapi.add(le(0x03, 2) + le(0x8000, 2) + std::string(16, 'g') + le(0, 4) + le(9, 4) + le(1, 4));
  mapi.add(le(0x03, 2) + le(0x8001, 2) + std::string(16, 'g') + le(1, 4) + le(6, 4) +
           padded(wide("ab")) + le(1, 4));
  mapi.bytes(0x1E, 0x1000, "at the end");
  const std::string stream = TnefBuilder().message(mapi).build();
  const Tnef tnef = read_tnef(stream);
  EXPECT_EQ(tnef.text, "at the end");
  EXPECT_FALSE(tnef.damaged);
}

TEST(Tnef, AnUnknownTypeIsADamageThatKeepsTheRest) {
  const std::string stream =
      TnefBuilder()
          .message(MapiBuilder().bytes(0x1E, 0x1000, "said").add(le(0x77, 2) + le(1, 2)))
          .file("a", "x")
          .build();
  const Tnef tnef = read_tnef(stream);
  EXPECT_TRUE(tnef.damaged);
  EXPECT_EQ(tnef.text, "said");
  EXPECT_THAT(tnef.files, SizeIs(1));
}

TEST(Tnef, SizesThatLieReadNothingOutside) {
  std::string stream = TnefBuilder().file("a", "x").build();
  stream += le(2, 1) + le(0x6800F, 4) + le(0xFFFFFFFF, 4) + "few";
  const Tnef tnef = read_tnef(stream);
  EXPECT_TRUE(tnef.damaged);
  ASSERT_THAT(tnef.files, SizeIs(1));
  EXPECT_EQ(tnef.files[0].bytes, "x");
  const std::string counts = TnefBuilder().attribute(1, 0x69003, le(0xFFFFFFFF, 4)).build();
  EXPECT_TRUE(read_tnef(counts).damaged);
}

TEST(Tnef, EveryPrefixIsRead) {
  const std::string stream =
      TnefBuilder()
          .attribute(1, kOemCodepage, le(1252, 8))
          .message(MapiBuilder().bytes(0x1F, 0x1000, wide("said")).number(0x3FDE, 65001))
          .file("a.txt", "one")
          .file_properties(MapiBuilder().bytes(0x1F, 0x3707, wide("a long name.txt")))
          .build();
  for (std::size_t size = 0; size < stream.size(); ++size) {
    const Tnef tnef = read_tnef(stream.substr(0, size));
    EXPECT_EQ(tnef.readable, size >= 4) << size;
  }
}

TEST(Tnef, OtherBytesAreNone) {
  EXPECT_FALSE(read_tnef("").readable);
  EXPECT_FALSE(read_tnef("%PDF-1.4").readable);
}

TEST(Tnef, FilesStopAtTheirCap) {
  TnefBuilder builder;
  for (std::size_t i = 0; i < kMostTnefFiles + 10; ++i) builder.file("f", "x");
  const std::string stream = builder.build();
  const Tnef tnef = read_tnef(stream);
  EXPECT_THAT(tnef.files, SizeIs(kMostTnefFiles));
  EXPECT_TRUE(tnef.damaged);
}

std::string packed_rtf(std::string_view bytes, std::size_t raw_size) {
  return le(bytes.size() + 12, 4) + le(raw_size, 4) + "LZFu" + le(0, 4) + std::string(bytes);
}

TEST(Rtf, LiteralsAndRepetitionsAreUnpacked) {
  // Control 0b00000010: a literal, then 4 octets from place 207, which is where the literal stands.
  const std::string one = packed_rtf(std::string("\x02\x61\x0C\xF2", 4), 5);
  EXPECT_EQ(unpack_rtf(one), "aaaaa");
  // "{\rtf1" stands at the beginning of the ring.
  EXPECT_EQ(unpack_rtf(packed_rtf(std::string("\x01\x00\x04", 3), 6)), "{\\rtf1");
}

TEST(Rtf, PlainIsCopiedAndJunkIsNothing) {
  EXPECT_EQ(unpack_rtf(le(15, 4) + le(3, 4) + "MELA" + le(0, 4) + "abcdef"), "abc");
  EXPECT_EQ(unpack_rtf("short"), "");
  EXPECT_EQ(unpack_rtf(le(15, 4) + le(3, 4) + "????" + le(0, 4) + "abc"), "");
}

TEST(Rtf, IsUnpackedToNoMoreThanItSays) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i)
    bytes += std::string("\xFF", 1) + repeated(std::string("\0\x0F", 2), 8);
  EXPECT_EQ(unpack_rtf(packed_rtf(bytes, 100)).size(), 100U);
  EXPECT_LE(unpack_rtf(packed_rtf(bytes, 0xFFFFFFFF)).size(), 1000U * 8 * 17);
}

}  // namespace
}  // namespace beredd::mail
