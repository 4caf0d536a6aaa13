// docs/openapi.yaml and the route table say the same. The file is read by its lines: a path stands
// two blanks in, a method four, what describes it six.

#include "routes.h"

#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "beredd/base/text.h"

namespace beredd::control {
namespace {

struct Operation {
  std::string summary;
  std::set<std::string> parameters;
};

struct Document {
  std::map<std::string, Operation> operations;  // by "GET /v1/status"
  std::set<std::string> schemas, referred;
};

std::string value_of(std::string_view line) {
  return std::string(base::trim(line.substr(line.find(':') + 1)));
}

void note_references(std::string_view line, Document& document) {
  constexpr std::string_view kSchema = "#/components/schemas/";
  const auto at = line.find(kSchema);
  if (at == line.npos) return;
  const std::string_view rest = line.substr(at + kSchema.size());
  document.referred.insert(std::string(rest.substr(0, rest.find_first_of("\"'}"))));
}

Document read() {
  Document document;
  std::ifstream in(std::string(BEREDD_SOURCE_DIR) + "/docs/openapi.yaml");
  EXPECT_TRUE(in.good());
  std::string path, line, section;
  Operation* operation = nullptr;
  while (std::getline(in, line)) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == line.npos) continue;
    const std::string word = line.substr(indent, line.find(':') - indent);
    note_references(line, document);
    if (indent == 0) section = word;
    if (section == "components" && indent == 4) document.schemas.insert(word);
    if (section != "paths") continue;
    if (indent == 2) path = word;
    if (indent == 4) {
      std::string method = word;
      for (char& c : method) c = static_cast<char>(std::toupper(c));
      operation = &document.operations[method + " " + path];
    }
    if (indent == 6 && word == "summary") operation->summary = value_of(line);
    if (word == "- {name") {
      operation->parameters.insert(value_of(line.substr(0, line.find(','))));
    }
  }
  return document;
}

// "id" and "index" of "/v1/messages/{id}/parts/{index}".
std::set<std::string> arguments_of(std::string_view pattern) {
  std::set<std::string> names;
  for (const std::string_view segment : base::split(pattern, '/')) {
    if (segment.starts_with('{')) names.insert(std::string(segment.substr(1, segment.size() - 2)));
  }
  return names;
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
  const Document document = read();
  std::set<std::string> described, served;
  for (const auto& [name, operation] : document.operations) described.insert(name);
  for (const Route& route : routes())
    served.insert(fmt::format("{} {}", route.method, route.pattern));
  EXPECT_EQ(described, served);
  EXPECT_GE(served.size(), 20u);
}

TEST(OpenApi, SaysOfEachRouteWhatTheTableSays) {
  const Document document = read();
  for (const Route& route : routes()) {
    const std::string name = fmt::format("{} {}", route.method, route.pattern);
    ASSERT_TRUE(document.operations.contains(name)) << name;
    EXPECT_EQ(document.operations.at(name).summary, route.help) << name;
  }
}

TEST(OpenApi, NamesEveryArgumentOfAPath) {
  const Document document = read();
  for (const Route& route : routes()) {
    const std::string name = fmt::format("{} {}", route.method, route.pattern);
    for (const std::string& argument : arguments_of(route.pattern)) {
      EXPECT_TRUE(document.operations.at(name).parameters.contains(argument))
          << name << " " << argument;
    }
  }
}

TEST(OpenApi, RefersToSchemasThatAreThereAndKeepsNoOther) {
  const Document document = read();
  EXPECT_EQ(document.schemas, document.referred);
  EXPECT_TRUE(document.schemas.contains("Ticket"));
}

}  // namespace
}  // namespace beredd::control
