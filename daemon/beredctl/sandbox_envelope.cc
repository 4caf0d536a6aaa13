#include "sandbox_folder.h"

#include <nlohmann/json.hpp>

namespace beredd::beredctl {

using Json = nlohmann::ordered_json;

std::string envelope_json(const KeptMail& mail) {
  const Json json = {{"from", mail.from},
                     {"to", mail.to},
                     {"helo", mail.helo},
                     {"transaction_id", mail.transaction_id},
                     {"received", base::rfc3339(mail.received)},
                     {"size", mail.size},
                     {"sha256", mail.sha256}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Result<KeptMail> envelope_from_json(std::string_view text) {
  const auto invalid = [](std::string what) {
    return base::permanent(base::Code::invalid, std::move(what));
  };
  try {
    const Json json = Json::parse(text);
    KeptMail mail;
    mail.from = json.at("from").get<std::string>();
    mail.to = json.at("to").get<std::vector<std::string>>();
    mail.helo = json.at("helo").get<std::string>();
    mail.transaction_id = json.at("transaction_id").get<std::string>();
    mail.size = json.at("size").get<std::uint64_t>();
    mail.sha256 = json.at("sha256").get<std::string>();
    const auto received = base::parse_rfc3339(json.at("received").get<std::string>());
    if (!received) return invalid(received.error().detail);
    mail.received = *received;
    return mail;
  } catch (const Json::exception& problem) {
    return invalid(problem.what());
  }
}

}  // namespace beredd::beredctl
