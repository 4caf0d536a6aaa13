#include "raw_store.h"
#include "upgrade.h"

#include <fstream>

namespace beredd::store {
namespace {

using testing::HasSubstr;

class Opening : public StoreTest {
 protected:
  std::filesystem::path path() const { return directory_.path() / "store"; }
};

TEST_F(Opening, KeepsItsInstanceForEver) {
  std::string first(store_->instance());
  EXPECT_EQ(first.size(), 8u);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  reopen();
  EXPECT_EQ(store_->instance(), first);
}

TEST_F(Opening, MakesFilesThatOthersCannotRead) {
  using std::filesystem::perms;
  for (const char* file : {"data.mdb", "lock.mdb", "owner"}) {
    perms mode = std::filesystem::status(path() / file).permissions();
    EXPECT_EQ(mode & (perms::group_all | perms::others_all), perms::none) << file;
  }
  EXPECT_EQ(std::filesystem::status(path()).permissions(), perms::owner_all);
}

TEST_F(Opening, RefusesASecondOpenerAndNamesTheFirst) {
  auto second = open();
  ASSERT_THAT(second, FailsWith(base::Code::refused));
  EXPECT_EQ(second.error().fault, base::Fault::permanent);
  EXPECT_THAT(second.error().detail, HasSubstr(std::to_string(::getpid())));
  close();
  EXPECT_TRUE(open().ok());
}

TEST_F(Opening, WithAnotherMasterKeyIsRefusedAndHarmsNothing) {
  MessageId id = accept();
  close();
  auto opened = open('x');
  ASSERT_THAT(opened, FailsWith(base::Code::corrupt));
  EXPECT_EQ(opened.error().fault, base::Fault::permanent);
  EXPECT_THAT(opened.error().detail, HasSubstr("not the master key of this store"));
  reopen();
  EXPECT_TRUE(ask([&](const ReadTxn& txn) { return txn.message(id); }).ok());
}

TEST_F(Opening, ANewerVersionIsRefusedWithAWayOut) {
  close();
  RawStore(path()).put("meta", "version", KeyBytes().u64(7));
  auto opened = open();
  ASSERT_THAT(opened, FailsWith(base::Code::version));
  EXPECT_THAT(opened.error().detail, HasSubstr("version 7"));
  EXPECT_THAT(opened.error().detail, HasSubstr("start the newer beredd again"));
}

TEST_F(Opening, AVersionWithoutAStepIsRefused) {
  close();
  RawStore(path()).put("meta", "version", KeyBytes().u64(0));
  auto opened = open();
  ASSERT_THAT(opened, FailsWith(base::Code::version));
  EXPECT_THAT(opened.error().detail, HasSubstr("too old"));
}

TEST_F(Opening, ADamagedMetaRowIsCorruptNotACrash) {
  close();
  std::map<std::string, std::string> saved;
  for (const char* key : {"version", "instance", "opens", "counters", "check"}) {
    saved[key] = RawStore(path()).get("meta", key);
  }
  for (const auto& [key, value] : saved) {
    RawStore(path()).put("meta", key, "?");
    EXPECT_THAT(open(), FailsWith(base::Code::corrupt)) << key;
    RawStore(path()).erase("meta", key);
    EXPECT_THAT(open(), FailsWith(base::Code::corrupt)) << key << " is gone";
    RawStore(path()).put("meta", key, value);
  }
  EXPECT_TRUE(open().ok());
}

TEST_F(Opening, AFileThatIsNoDatabaseIsCorrupt) {
  close();
  std::ofstream(path() / "data.mdb", std::ios::trunc) << std::string(8192, 'j');
  EXPECT_THAT(open(), FailsWith(base::Code::corrupt));
}

TEST_F(Opening, ADirectoryThatCannotBeMadeIsAnError) {
  std::ofstream(directory_.path() / "file") << "";
  LmdbOptions options;
  options.directory = directory_.path() / "file" / "store";
  auto opened = open_lmdb(options, key_of('k'), random_);
  EXPECT_THAT(opened, FailsWith(base::Code::io));
}

// The seam that later versions use: steps over the tables, in one transaction.
class Upgrade : public Opening {
 protected:
  void SetUp() override {
    Opening::SetUp();
    close();
    auto env = lmdb::Env::open({path(), base::mebibytes(16), true, kTables});
    ASSERT_TRUE(env.ok());
    env_.emplace(*std::move(env));
  }
  base::Status run(std::uint32_t from, std::uint32_t to, std::span<const UpgradeStep> steps) {
    auto txn = lmdb::Txn::begin_write(*env_);
    if (!txn) return txn.error();
    auto handles = open_handles(*txn);
    if (!handles) return handles.error();
    base::Status status;
    {
      Tables tables(*txn, *handles, keys_, random_);
      status = upgrade(tables, from, to, steps);
      trail_ = tables.get(Table::meta, "trail").value_or("");
    }
    return status;
  }
  static base::Status leave(Tables& tables, std::string_view mark) {
    std::string trail(tables.get(Table::meta, "trail").value_or(""));
    trail += mark;
    tables.put(Table::meta, "trail", trail);
    return tables.status();
  }

  static constexpr std::array kSteps = {
      UpgradeStep{2, [](Tables& tables) { return leave(tables, "b"); }},
      UpgradeStep{1, [](Tables& tables) { return leave(tables, "a"); }},
  };
  std::optional<lmdb::Env> env_;
  Keyring keys_{key_of('k')};
  std::string trail_;
};

TEST_F(Upgrade, RunsEveryStepInOrder) {
  ASSERT_TRUE(run(1, 3, kSteps).ok());
  EXPECT_EQ(trail_, "ab");
  ASSERT_TRUE(run(2, 3, kSteps).ok());
  EXPECT_EQ(trail_, "b");
  ASSERT_TRUE(run(3, 3, kSteps).ok());
  EXPECT_EQ(trail_, "");
}

TEST_F(Upgrade, StopsAtTheFirstStepThatFails) {
  static constexpr std::array kBroken = {
      UpgradeStep{
          1,
          [](Tables&) { return base::Status(base::permanent(base::Code::corrupt, "a bad row")); }},
      kSteps[0],
  };
  EXPECT_THAT(run(1, 3, kBroken), FailsWith(base::Code::corrupt));
  EXPECT_EQ(trail_, "");
}

TEST_F(Upgrade, DoesNotLeapOverAMissingStep) {
  EXPECT_THAT(run(1, 4, kSteps), FailsWith(base::Code::version));
  EXPECT_THAT(run(4, 3, kSteps), FailsWith(base::Code::version));
}

}  // namespace
}  // namespace beredd::store
