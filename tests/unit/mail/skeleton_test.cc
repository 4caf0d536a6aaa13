#include "skeleton.h"

#include "body.h"
#include "letters.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const std::string kNested = crlf(
    "Content-Type: multipart/mixed; boundary=outer\n\npreamble\n"
    "--outer\nContent-Type: multipart/alternative; boundary=inner\n\n"
    "--inner\n\nplain\n"
    "--inner\nContent-Type: text/html\n\n<p>rich</p>\n"
    "--inner--\nepilogue of the inner one\n"
    "--outer\nContent-Type: image/png\nContent-ID: <pic@x>\nContent-Location: pic.png\n\nPNG\n"
    "--outer--\nepilogue\n");

// The three invariants at the top of skeleton.h.
void expect_sound(const Skeleton& skeleton, std::string_view raw) {
  ASSERT_FALSE(skeleton.parts.empty());
  std::vector<std::size_t> children(skeleton.parts.size());
  for (std::size_t i = 1; i < skeleton.parts.size(); ++i) {
    const Part& part = skeleton.parts[i];
    ASSERT_LT(part.parent, i);
    EXPECT_TRUE(skeleton.parts[part.parent].multipart);
    EXPECT_EQ(part.depth, skeleton.parts[part.parent].depth + 1);
    ++children[part.parent];
  }
  for (std::size_t i = 0; i < skeleton.parts.size(); ++i) {
    const Part& part = skeleton.parts[i];
    EXPECT_EQ(part.multipart, children[i] > 0);
    if (part.body.empty()) continue;
    EXPECT_GE(part.body.data(), raw.data());
    EXPECT_LE(part.body.data() + part.body.size(), raw.data() + raw.size());
  }
}

TEST(Skeleton, NamesThePartsInTheOrderOfTheirBytes) {
  Defects defects;
  const Skeleton skeleton = scan(kNested, defects);
  ASSERT_THAT(skeleton.parts, SizeIs(5));
  EXPECT_EQ(skeleton.parts[1].content.type.value, "multipart/alternative");
  EXPECT_EQ(skeleton.parts[2].body, "plain");
  EXPECT_EQ(skeleton.parts[3].body, "<p>rich</p>");
  EXPECT_EQ(skeleton.parts[4].body, "PNG");
  EXPECT_EQ(skeleton.parts[4].content.id, " <pic@x>");
  EXPECT_EQ(skeleton.parts[4].content.location, " pic.png");
  expect_sound(skeleton, kNested);
  EXPECT_THAT(defects.list(), testing::IsEmpty());
}

TEST(Skeleton, CopiesNothing) {
  Defects defects;
  for (const Part& part : scan(kNested, defects).parts) {
    if (part.multipart) continue;
    EXPECT_NE(kNested.find(part.body), std::string::npos);
    EXPECT_EQ(kNested.data() + kNested.find(part.body), part.body.data());
  }
}

TEST(Skeleton, IsSoundWhateverLinesAreLostDoubledOrSwapped) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < kNested.size();) {
    const std::size_t end = kNested.find('\n', at) + 1;
    lines.push_back(kNested.substr(at, end - at));
    at = end;
  }
  std::mt19937 dice(20261123);
  const auto any = [&dice, &lines] { return dice() % lines.size(); };
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> changed = lines;
    for (int change = 0; change < 4; ++change) std::swap(changed[any()], changed[any()]);
    changed[any()].clear();
    changed[any()] += changed[any()];
    std::string raw;
    for (const std::string& line : changed) raw += line;
    Defects defects;
    expect_sound(scan(raw, defects), raw);
    if (testing::Test::HasFailure()) FAIL() << "round " << round << "\n" << raw;
  }
}

TEST(Skeleton, OfLineFeedsAloneIsTheSame) {
  std::string unix_lines = kNested;
  std::erase(unix_lines, '\r');
  Defects defects;
  const Skeleton a = scan(kNested, defects);
  const Skeleton b = scan(unix_lines, defects);
  ASSERT_EQ(a.parts.size(), b.parts.size());
  for (std::size_t i = 0; i < a.parts.size(); ++i) EXPECT_EQ(a.parts[i].body, b.parts[i].body);
}

TEST(Skeleton, AMessageThatIsNoMultipartIsOneLeaf) {
  Defects defects;
  const Skeleton skeleton = scan("Subject: x\r\n\r\n--b\r\nnot a part\r\n", defects);
  ASSERT_THAT(skeleton.parts, SizeIs(1));
  EXPECT_EQ(skeleton.parts[0].body, "--b\r\nnot a part\r\n");
}

TEST(Skeleton, ALongBoundaryIsBorneAndSaid) {
  const std::string boundary(200, 'b');
  Defects defects;
  const std::string raw = crlf("Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" +
                               boundary + "\n\nwords\n--" + boundary + "--\n");
  const Skeleton skeleton = scan(raw, defects);
  ASSERT_THAT(skeleton.parts, SizeIs(2));
  EXPECT_EQ(skeleton.parts[1].body, "words");
  EXPECT_THAT(defects.list(), ElementsAre("boundary over 70 characters"));
}

TEST(Body, GivesEveryPartItsRole) {
  Defects defects;
  const Skeleton skeleton = scan(kNested, defects);
  const Body body = read_body(skeleton, defects);
  EXPECT_EQ(body.text, "plain");
  EXPECT_THAT(body.roles, ElementsAre(Role::container, Role::container, Role::shown, Role::hidden,
                                      Role::attached));
}

TEST(Body, OfAllBlankAlternativesShowsNone) {
  Defects defects;
  const std::string raw = crlf(
      "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: "
      "text/html\n\n<br>\n--b--\n");
  const Body body = read_body(scan(raw, defects), defects);
  EXPECT_EQ(body.text, "");
  EXPECT_THAT(body.roles, ElementsAre(Role::container, Role::hidden, Role::hidden));
}

TEST(Body, OfSeveralRichAlternativesShowsTheLast) {
  Defects defects;
  const std::string raw = crlf(
      "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: "
      "text/html\n\n<p>poor</p>\n"
      "--b\nContent-Type: text/html\n\n<p>rich</p>\n--b--\n");
  EXPECT_EQ(read_body(scan(raw, defects), defects).text, "rich\n");
}

}  // namespace
}  // namespace beredd::mail
