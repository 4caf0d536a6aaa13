#include "header_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

HeaderSlice slice(std::string_view raw, Defects& defects, HeaderOf of = HeaderOf::message) {
  return slice_header(raw, of, defects);
}

TEST(HeaderSlice, YieldsKnownFieldsAndWhereTheBodyBegins) {
  Defects defects;
  const std::string_view raw = "From: a\r\nX-Other: b\r\nTo: c\r\n d\r\n\r\nbody";
  const HeaderSlice header = slice(raw, defects);
  ASSERT_THAT(header.fields, SizeIs(2));
  EXPECT_EQ(header.first(FieldId::to), " c\r\n d");
  EXPECT_EQ(raw.substr(header.end), "body");
  EXPECT_THAT(defects.list(), IsEmpty());
}

TEST(HeaderSlice, NamesHaveNoCase) {
  EXPECT_EQ(field_named("message-ID"), FieldId::message_id);
  EXPECT_EQ(field_named("CONTENT-TYPE"), FieldId::content_type);
  EXPECT_EQ(field_named("X-Content-Type"), FieldId::unknown);
  EXPECT_EQ(name(FieldId::in_reply_to), "in-reply-to");
}

TEST(HeaderSlice, OfAPartEndsAtABoundaryLine) {
  Defects defects;
  const std::string_view raw = "Content-Type: text/plain\r\n--b: x\r\n";
  const HeaderSlice header = slice(raw, defects, HeaderOf::part);
  EXPECT_EQ(raw.substr(header.end), "--b: x\r\n");
}

TEST(HeaderSlice, OfAPartThatIsOnlyTextIsEmpty) {
  Defects defects;
  for (const std::string_view raw :
       {"Dear all,\r\nhello\r\n\r\nx", " indented\r\n\r\nx", "Hi! No: yes\r\n"}) {
    const HeaderSlice header = slice(raw, defects, HeaderOf::part);
    EXPECT_EQ(header.end, 0U) << raw;
    EXPECT_THAT(header.fields, IsEmpty()) << raw;
  }
}

TEST(HeaderSlice, WithoutABodyEndsWithTheBytes) {
  Defects defects;
  EXPECT_EQ(slice("From: a", defects).end, 7U);
  EXPECT_EQ(slice("", defects).end, 0U);
  EXPECT_EQ(slice("\r\n", defects).end, 2U);
}

TEST(HeaderSlice, ALineThatOpensWithASemicolonGoesOnWithItsField) {
  Defects defects;
  const HeaderSlice header = slice("Content-Type: text/plain\r\n; charset=utf-8\r\n\r\n", defects);
  EXPECT_EQ(header.first(FieldId::content_type), " text/plain\r\n; charset=utf-8");
}

TEST(HeaderSlice, AFoldedRestOfSomethingLostIsSkipped) {
  Defects defects;
  const HeaderSlice header = slice(" rest of nothing\r\nFrom: a\r\n\r\n", defects);
  EXPECT_EQ(header.first(FieldId::from), " a");
}

TEST(Unfold, JoinsLinesAndKeepsBytes) {
  Defects defects;
  const HeaderSlice header = slice("Subject: \xE5\r\n\t two\r\nFrom:\r\nTo: x\r\n\r\n", defects);
  const std::vector<Field> fields = unfold(header);
  ASSERT_THAT(fields, SizeIs(3));
  EXPECT_EQ(fields[0].id, FieldId::subject);
  EXPECT_EQ(fields[0].value, "\xE5 two");
  EXPECT_EQ(fields[1].value, "");
  EXPECT_EQ(fields[2].value, "x");
}

TEST(Unfold, BearsManyFields) {
  std::string raw;
  for (int i = 0; i < 20'000; ++i) raw += "To: x\r\n";
  Defects defects;
  EXPECT_THAT(unfold(slice(raw, defects)), SizeIs(20'000));
}

TEST(Defects, AreNotedOnceEach) {
  Defects defects;
  defects.add("one");
  defects.add("two");
  defects.add("one");
  EXPECT_THAT(defects.list(), SizeIs(2));
  EXPECT_THAT(defects.take(), Contains("two"));
}

}  // namespace
}  // namespace beredd::mail
