#include "beredd/vault/key.h"

#include "key_file.h"

#include <fstream>
#include <new>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beredd/base/digest.h"

namespace beredd::vault {
namespace {

using base::Code;
using base::Fault;
using std::filesystem::path;

std::string hex(const Key& key) { return base::to_hex(std::as_bytes(std::span(key.bytes()))); }

Key counting_key() {
  std::array<std::byte, Key::kSize> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  return Key(bytes);
}

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string name = testing::TempDir() + "beredd-key-XXXXXX";
    folder_ = mkdtemp(name.data());
    file_ = folder_ / "master.key";
  }
  ~KeyFile() override { std::filesystem::remove_all(folder_); }

  void write(std::size_t size, mode_t mode) {
    std::ofstream(file_) << std::string(size, 'k');
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
  }

  path folder_;
  path file_;
  base::SeededRandom random_{1};
};

TEST_F(KeyFile, IsMadeOnceAndReadBack) {
  const base::Result<Key> made = create_key(file_, random_);
  ASSERT_TRUE(made.ok());
  const base::Result<Key> read = read_key(file_);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->bytes(), made->bytes());
  EXPECT_EQ(read->bytes().size(), Key::kSize);
}

TEST_F(KeyFile, IsForItsOwnerAloneWhateverTheUmask) {
  const mode_t before = umask(0);
  const bool made = create_key(file_, random_).ok();
  umask(before);
  ASSERT_TRUE(made);
  struct stat status {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(status.st_size, 32);
}

TEST_F(KeyFile, IsNeverOverwritten) {
  write(5, 0600);
  const base::Result<Key> made = create_key(file_, random_);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::permanent);
  EXPECT_EQ(made.error().code, Code::exists);
  EXPECT_EQ(std::filesystem::file_size(file_), 5U);
}

TEST_F(KeyFile, IsNotMadeThroughASymbolicLink) {
  std::filesystem::create_symlink(folder_ / "elsewhere", file_);
  EXPECT_EQ(create_key(file_, random_).error().code, Code::exists);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "elsewhere"));
}

TEST_F(KeyFile, CannotBeMadeWhereNoFolderIs) {
  const base::Result<Key> made = create_key(folder_ / "no" / "key", random_);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::transient);
  EXPECT_EQ(made.error().code, Code::io);
}

TEST_F(KeyFile, ThatIsMissingSaysSo) {
  const base::Result<Key> read = read_key(file_);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::permanent);
  EXPECT_EQ(read.error().code, Code::not_found);
  EXPECT_NE(read.error().detail.find(file_.string()), std::string::npos);
}

TEST_F(KeyFile, OfAnotherSizeIsNoKey) {
  for (const std::size_t size : {0U, 31U, 33U, 4096U}) {
    write(size, 0600);
    const base::Result<Key> read = read_key(file_);
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, Code::invalid);
    EXPECT_NE(read.error().detail.find("exactly 32 bytes"), std::string::npos);
  }
}

TEST_F(KeyFile, IsNotAFolderAndNotAPipeToWaitFor) {
  EXPECT_EQ(read_key(folder_).error().code, Code::invalid);
  ASSERT_EQ(mkfifo(file_.c_str(), 0600), 0);
  EXPECT_EQ(read_key(file_).error().code, Code::invalid);
}

TEST_F(KeyFile, ThatOthersMayUseIsRefusedWithTheCure) {
  write(32, 0644);
  const base::Result<Key> read = read_key(file_);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::permanent);
  EXPECT_EQ(read.error().code, Code::refused);
  EXPECT_EQ(read.error().detail,
            fmt::format("{0} holds a key and others than its owner may use it (mode 0644): "
                        "chmod 0600 {0}",
                        file_.string()));
  write(32, 0400);
  EXPECT_TRUE(read_key(file_).ok());
}

TEST(PrivateFile, LetsOnlyRootShareWithAGroupAndOnlyForReading) {
  struct Row {
    uid_t owner;
    mode_t mode;
    bool good;
  };
  for (const Row& row : std::vector<Row>{{1000, 0600, true},
                                         {1000, 0400, true},
                                         {1000, 0700, true},
                                         {1000, 0440, false},
                                         {1000, 0620, false},
                                         {1000, 0604, false},
                                         {1000, 0602, false},
                                         {0, 0400, true},
                                         {0, 0440, true},
                                         {0, 0640, true},
                                         {0, 0660, false},
                                         {0, 0450, false},
                                         {0, 0444, false},
                                         {0, 0602, false}}) {
    EXPECT_EQ(is_private(row.owner, row.mode), row.good) << fmt::format("{:o}", row.mode);
  }
}

TEST(Key, LeavesItsOldPlaceWhenItMoves) {
  Key first = counting_key();
  Key second(std::move(first));
  EXPECT_EQ(hex(first), std::string(64, '0'));  // NOLINT(bugprone-use-after-move): the point
  EXPECT_EQ(hex(second), hex(counting_key()));
  Key third = derive(second, "other");
  third = std::move(second);
  EXPECT_EQ(hex(second), std::string(64, '0'));  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(hex(third), hex(counting_key()));
}

TEST(Key, LeavesMemoryWithItsOwner) {
  alignas(Key) std::array<std::byte, sizeof(Key)> room{};
  Key* key = new (room.data()) Key(counting_key());
  ASSERT_NE(room, (decltype(room){}));
  key->~Key();
  EXPECT_EQ(room, (decltype(room){}));
}

TEST(Derive, MakesOneKeyPerPurposeAndContext) {
  const Key master = counting_key();
  EXPECT_EQ(hex(derive(master, "body")), hex(derive(master, "body")));
  EXPECT_NE(hex(derive(master, "body")), hex(derive(master, "index")));
  EXPECT_NE(hex(derive(master, "body", "1")), hex(derive(master, "body", "2")));
  EXPECT_NE(hex(derive(master, "body", "1")), hex(derive(master, "1", "body")));
  EXPECT_NE(hex(derive(master, "body")), hex(master));
}

TEST(Derive, IsHkdfWithPurposeAsInfoAndContextAsSalt) {
  // openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:00…1f -kdfopt salt:desk/7 -kdfopt
  // info:body HKDF
  EXPECT_EQ(hex(derive(counting_key(), "body", "desk/7")),
            "d045b0368e594588565da2fbe0f0967144d8af2cdc0ce06c992110dd04289002");
}

}  // namespace
}  // namespace beredd::vault
