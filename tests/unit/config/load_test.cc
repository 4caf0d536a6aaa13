// load(): the file itself, and the files that it names.

#include "sample.h"

#include <stdlib.h>
#include <sys/stat.h>

namespace beredd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

namespace fs = std::filesystem;

class Load : public testing::Test {
 protected:
  Load() {
    std::string pattern = (fs::temp_directory_path() / "beredd-config-XXXXXX").native();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~Load() override { fs::remove_all(directory_); }

  fs::path put(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const fs::path file = directory_ / name;
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
    return file;
  }

  std::vector<std::string> problems(const Edit& edit) {
    return texts_of(load(put("beredd.toml", edited(edit))).problems);
  }
  std::string place(int line) {
    return " (" + (directory_ / "beredd.toml").native() + ":" + std::to_string(line) + ")";
  }

  fs::path directory_;
};

TEST_F(Load, ReadsAFileAndRemembersItsName) {
  const fs::path file = put("beredd.toml", std::string(kSmallest));
  const Loaded loaded = load(file);
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_EQ(loaded.config->file, file);
}

TEST_F(Load, SaysWhyAFileCannotBeRead) {
  const Loaded missing = load(directory_ / "none.toml");
  EXPECT_EQ(missing.config, nullptr);
  EXPECT_THAT(texts_of(missing.problems),
              ElementsAre("cannot read the configuration: No such file or directory (" +
                          (directory_ / "none.toml").native() + ")"));
  EXPECT_THAT(
      texts_of(load(directory_).problems),
      ElementsAre("cannot read the configuration: Is a directory (" + directory_.native() + ")"));
}

TEST_F(Load, RefusesAFileThatIsNoConfigurationBySize) {
  const fs::path file = put("beredd.toml", std::string((1 << 20) + 1, '#'));
  EXPECT_THAT(
      texts_of(load(file).problems),
      ElementsAre("cannot read the configuration: it is larger than 1MiB (" + file.native() + ")"));
}

TEST_F(Load, FindsRelativeFilesBesideTheConfiguration) {
  put("a.pem", "certificate");
  put("a.key", "key");
  const Edit edit = below(2, "certificate = \"a.pem\"\nprivate_key = \"a.key\"");
  const Loaded loaded = load(put("beredd.toml", edited(edit)));
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_EQ(loaded.config->smtp.certificate, directory_ / "a.pem");
}

TEST_F(Load, FindsTheCertificatesOfFurtherNames) {
  for (const char* name : {"a.pem", "a.key", "b.pem", "b.key"}) put(name, "PEM");
  const std::string smtp = "certificate = \"a.pem\"\nprivate_key = \"a.key\"\n[[smtp.sni]]\n";
  const std::string sni = "certificate = \"b.pem\"\nprivate_key = ";
  const Loaded loaded = load(put("beredd.toml", edited(below(2, smtp + sni + "\"b.key\""))));
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  ASSERT_NE(loaded.config, nullptr);
  ASSERT_EQ(loaded.config->smtp.sni.size(), 1u);
  EXPECT_EQ(loaded.config->smtp.sni[0].certificate, directory_ / "b.pem");
  EXPECT_EQ(loaded.config->smtp.sni[0].private_key, directory_ / "b.key");
  EXPECT_THAT(problems(below(2, smtp + sni + "\"c.key\"")),
              ElementsAre("smtp.sni.private_key: cannot open " + directory_.native() +
                          "/c.key: No such file or directory" + place(7)));
}

TEST_F(Load, NamesEveryFileThatCannotBeOpened) {
  const std::string here = directory_.native();
  EXPECT_THAT(
      problems(below(11,
                     "[node]\nkey_file = \"master.key\"\n[smarthost]\nhost = \"a\"\nuser = \"me\"\n"
                     "password_file = \"password\"")),
      ElementsAre("node.key_file: cannot open " + here + "/master.key: No such file or directory" +
                      place(13),
                  "smarthost.password_file: cannot open " + here +
                      "/password: No such file or directory" + place(17)));
  EXPECT_THAT(problems(below(2, "certificate = \"a.pem\"\nprivate_key = \"a.key\"")),
              ElementsAre("smtp.certificate: cannot open " + here +
                              "/a.pem: No such file or directory" + place(3),
                          "smtp.private_key: cannot open " + here +
                              "/a.key: No such file or directory" + place(4)));
  EXPECT_THAT(problems(instead(9, "target = { host = \"a\", ca_file = \"ca.pem\" }")),
              ElementsAre("primary.target.ca_file: cannot open " + here +
                          "/ca.pem: No such file or directory" + place(9)));
}

TEST_F(Load, RefusesADirectoryInPlaceOfAFile) {
  EXPECT_THAT(problems(below(11, "[node]\nkey_file = \".\"")),
              ElementsAre("node.key_file: cannot read " + directory_.native() +
                          "/: Is a directory" + place(13)));
}

TEST_F(Load, WarnsOfASecretThatEveryoneCanRead) {
  put("master.key", "k", 0644);
  EXPECT_THAT(problems(below(11, "[node]\nkey_file = \"master.key\"")),
              ElementsAre("warning: node.key_file: everyone can read " + directory_.native() +
                          "/master.key: take the right away with chmod o-r" + place(13)));
}

TEST_F(Load, OnlyWarnsOfACredentialThatSystemdHasNotMadeYet) {
  const Edit edit = below(11, "[node]\nkey_file = \"/run/credentials/none.service/master.key\"");
  const Loaded loaded = load(put("beredd.toml", edited(edit)));
  EXPECT_THAT(
      texts_of(loaded.problems),
      ElementsAre("warning: node.key_file: cannot open "
                  "/run/credentials/none.service/master.key: No such file or directory; it is "
                  "there only while the service runs" +
                  place(13)));
  EXPECT_NE(loaded.config, nullptr);
}

TEST_F(Load, TouchesNoFileWhenItOnlyParses) {
  const std::string toml = edited(below(11, "[node]\nkey_file = \"/nowhere/master.key\""));
  EXPECT_THAT(problems_in(toml), IsEmpty());
}

}  // namespace
}  // namespace beredd::config
