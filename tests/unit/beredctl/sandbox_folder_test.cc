#include "sandbox_folder.h"

#include "live.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::beredctl {
namespace {

using testing::UnorderedElementsAre;

class FolderTest : public testing::Test {
 protected:
  std::unique_ptr<MailFolder> open() {
    auto opened = MailFolder::open(folder.path() / "keep");
    EXPECT_TRUE(opened.ok());
    return *std::move(opened);
  }
  static KeptMail keep(MailFolder& into, std::string_view bytes,
                       const std::string& transaction = {}) {
    auto draft = into.begin();
    EXPECT_TRUE(draft->append(bytes).ok());
    KeptMail mail;
    mail.from = "ann@example.net";
    mail.to = {"support@example.org"};
    mail.helo = "mx2";
    mail.transaction_id = transaction;
    mail.received = *base::parse_rfc3339("2026-11-23T02:00:00Z");
    auto kept = into.keep(*std::move(draft), mail);
    EXPECT_TRUE(kept.ok());
    return *kept;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "keep")) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  std::string bytes_of(const std::string& name) const {
    std::ifstream in(folder.path() / "keep" / name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder.path() / "keep" / name) << bytes;
  }
  live::Folder folder;
};

TEST_F(FolderTest, KeepsTheBytesBesideTheEnvelope) {
  const auto box = open();
  const std::string bytes("Subject: x\r\n\r\n\0\xff\r\n", 18);
  const KeptMail kept = keep(*box, bytes, "1@mx2");
  EXPECT_EQ(kept.number, 1u);
  EXPECT_THAT(names(), UnorderedElementsAre("0001.eml", "0001.json"));
  EXPECT_EQ(bytes_of("0001.eml"), bytes);
  EXPECT_EQ(bytes_of("0001.json"),
            "{\"from\":\"ann@example.net\",\"to\":[\"support@example.org\"],\"helo\":\"mx2\","
            "\"transaction_id\":\"1@mx2\",\"received\":\"2026-11-23T02:00:00Z\",\"size\":18,"
            "\"sha256\":\"" +
                base::to_hex(base::sha256(bytes)) + "\"}\n");
}

TEST_F(FolderTest, RemembersAcrossARestart) {
  std::vector<KeptMail> before;
  {
    const auto box = open();
    keep(*box, "one", "1@mx2");
    keep(*box, "second");
    before = box->mails();
  }
  const auto box = open();
  EXPECT_EQ(box->mails(), before);
  EXPECT_EQ(box->size_of("1@mx2"), 3u);
  EXPECT_FALSE(box->size_of("2@mx2").has_value());
  EXPECT_FALSE(box->size_of("").has_value());
  EXPECT_EQ(keep(*box, "third").number, 3u);
}

TEST_F(FolderTest, ADraftThatIsNotKeptLeavesNothing) {
  const auto box = open();
  {
    auto draft = box->begin();
    EXPECT_TRUE(draft->append("half").ok());
    EXPECT_EQ(names().size(), 1u);
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(FolderTest, SweepsWhatACrashLeft) {
  {
    const auto box = open();
    keep(*box, "one");
  }
  put("draft-7.part", "half");
  put("0002.json", "{}");
  put("0002.json.part", "{");
  put("notes.txt", "mine");
  const auto box = open();
  EXPECT_THAT(names(), UnorderedElementsAre("0001.eml", "0001.json", "notes.txt"));
  EXPECT_EQ(keep(*box, "two").number, 2u);
}

TEST_F(FolderTest, NamesTheFileThatItCannotRead) {
  { const auto box = open(); }
  put("0001.eml", "x");
  put("0001.json", "{\"from\":3}");
  const auto opened = MailFolder::open(folder.path() / "keep");
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("0001.json"));
}

TEST_F(FolderTest, CountsBeyondFourDigits) {
  {
    const auto box = open();
    keep(*box, "x");
  }
  std::filesystem::rename(folder.path() / "keep/0001.eml", folder.path() / "keep/9999.eml");
  std::filesystem::rename(folder.path() / "keep/0001.json", folder.path() / "keep/9999.json");
  const auto box = open();
  EXPECT_EQ(keep(*box, "y").number, 10'000u);
  EXPECT_EQ(bytes_of("10000.eml"), "y");
}

TEST_F(FolderTest, RefusesAPlaceThatIsNoFolder) {
  std::ofstream(folder.path() / "file") << "x";
  EXPECT_FALSE(MailFolder::open(folder.path() / "file").ok());
}

}  // namespace
}  // namespace beredd::beredctl
