// mail_answers FILE... > ANSWERS.jsonl: what the reader makes of each mail, one line of JSON a
// file, as a judge of mail parsers wants it: {"file", "from_addr", "from_name", "to", "subject",
// "body_text", "attachments": [{"name", "size"}], "defects"}.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "beredd/mail/reading.h"

namespace {

using beredd::mail::Reading;
using nlohmann::json;

json answer(const std::filesystem::path& file, const Reading& mail) {
  json out;
  out["file"] = file.filename().string();
  out["from_addr"] = mail.from.empty() ? "" : mail.from.front().address;
  out["from_name"] = mail.from.empty() ? "" : mail.from.front().name;
  out["to"] = json::array();
  for (const auto& one : mail.to) out["to"].push_back(one.address);
  out["subject"] = mail.subject;
  out["body_text"] = mail.text;
  out["attachments"] = json::array();
  for (const auto& one : mail.attachments) {
    out["attachments"].push_back({{"name", one.name}, {"size", one.size.count()}});
  }
  out["defects"] = mail.defects;
  out["opaque"] = mail.opaque;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    if (!in) {
      std::cerr << "mail_answers: cannot read " << argv[i] << '\n';
      return 1;
    }
    const std::string raw{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::cout << answer(argv[i], beredd::mail::read(raw)).dump() << '\n';
  }
}
