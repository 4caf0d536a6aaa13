// The sample and the manual page know every key of the schema, and no other; the sample loads.

#include "sample.h"
#include "value.h"

#include <algorithm>
#include <regex>
#include <set>

#include "beredd/config/schema.h"

namespace beredd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kSample = std::string(BEREDD_SOURCE_DIR) + "/conf/beredd.toml";
const std::string kPage = std::string(BEREDD_SOURCE_DIR) + "/man/beredd.toml.5";

std::set<std::string> keys_of_schema() {
  std::set<std::string> keys;
  for (const Key& key : schema()) keys.emplace(key.path);
  return keys;
}

// The first groups of `header` and `key`, put together as paths.
std::set<std::string> keys_in(const std::string& text, const std::string& header,
                              const std::string& key) {
  const std::regex header_line(header);
  const std::regex key_line(key);
  std::set<std::string> keys;
  std::string table;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, header_line)) {
      table = match[1];
      keys.insert(table);
    } else if (std::regex_match(line, match, key_line)) {
      keys.insert(table + "." + match[1].str());
    }
  }
  return keys;
}

// A key that is commented out has its # right before it; prose has a blank between.
std::set<std::string> keys_in_sample() {
  return keys_in(contents_of(kSample), R"(#?\[\[?([a-z_.]+)\]\]?)", R"(#?([a-z0-9_]+) = .*)");
}

// Sections are named after tables, list items after keys.
std::set<std::string> keys_in_page() {
  return keys_in(contents_of(kPage), R"(\.Ss \[+([a-z_.]+)\]+\\&)", R"(\.It Ic ([a-z0-9_]+).*)");
}

std::vector<std::string> in_one_only(const std::set<std::string>& a,
                                     const std::set<std::string>& b) {
  std::vector<std::string> difference;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(),
                                std::back_inserter(difference));
  return difference;
}

TEST(Sample, HasTheKeysOfTheSchemaAndNoOther) {
  EXPECT_THAT(in_one_only(keys_in_sample(), keys_of_schema()), IsEmpty());
}

TEST(ManualPage, HasTheKeysOfTheSchemaAndNoOther) {
  EXPECT_THAT(in_one_only(keys_in_page(), keys_of_schema()), IsEmpty());
}

TEST(ManualPage, SaysEveryDefaultAsItIs) {
  const std::string page = contents_of(kPage);
  for (const Key& key : schema()) {
    if (key.standard.empty() || key.standard == "\"\"") continue;
    const std::string leaf(key.path.substr(key.path.rfind('.') + 1));
    const std::string table(key.path.substr(0, key.path.rfind('.')));
    const bool several = key_at(table)->kind == Kind::tables;
    const auto section = page.find(".Ss " + (several ? "[[" + table + "]]" : "[" + table + "]"));
    ASSERT_NE(section, std::string::npos) << key.path;
    const auto item = page.find(".It Ic " + leaf, section);
    ASSERT_NE(item, std::string::npos) << key.path;
    const std::string entry = page.substr(item, page.find(".It Ic ", item + 1) - item);
    EXPECT_NE(entry.find("Default: " + std::string(key.standard) + "."), std::string::npos)
        << key.path << " in " << entry;
  }
}

TEST(Sample, LoadsWithoutAWord) {
  const Loaded loaded = parse(contents_of(kSample), "beredd.toml");
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_EQ(loaded.config->desks.at(0).primary, "helpdesk");
  EXPECT_EQ(loaded.config->primaries.at(0).checks.size(), 2U);
}

// What is commented out is as good as what is not.
TEST(Sample, LoadsWithEveryKeyInForce) {
  const std::string toml =
      std::regex_replace(contents_of(kSample), std::regex("(^|\n)#(?=[a-z0-9_]+ = |\\[)"), "$1");
  ASSERT_NE(toml, contents_of(kSample));
  const Loaded loaded = parse(toml, "beredd.toml");
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_TRUE(loaded.config->smarthost.has_value());
}

// A commented key with a default shows that default, not some other value.
TEST(Sample, ShowsDefaultsAsTheyAre) {
  const std::string text = contents_of(kSample);
  std::istringstream lines(text);
  std::string table;
  int seen = 0;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, std::regex(R"(#?\[\[?([a-z_.]+)\]\]?)"))) table = match[1];
    if (!std::regex_match(line, match, std::regex(R"(#([a-z0-9_]+) = (.*))"))) continue;
    const Key* key = key_at(table + "." + match[1].str());
    if (key == nullptr || key->standard.empty() || key->path.ends_with(".user")) continue;
    if (key->path == "primary.target.kind" && match[2] == "\"imap\"") continue;  // the second one
    if (key->path.starts_with("rule.")) continue;  // by its defaults, a rule does nothing
    EXPECT_EQ(match[2].str(), key->standard) << key->path;
    ++seen;
  }
  EXPECT_GE(seen, 20);
}

}  // namespace
}  // namespace beredd::config
