#include "sandbox_folder.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace beredd::beredctl {

using Json = nlohmann::ordered_json;

namespace {

// What was asked of reports; empty when nothing was. The lists stand beside "to".
Json dsn_json(const KeptMail& mail) {
  const auto any = [](const std::vector<std::string>& texts) {
    return std::any_of(texts.begin(), texts.end(), [](const auto& text) { return !text.empty(); });
  };
  Json dsn = Json::object();
  if (!mail.ret.empty()) dsn["ret"] = mail.ret;
  if (!mail.envid.empty()) dsn["envid"] = mail.envid;
  if (any(mail.notify)) dsn["notify"] = mail.notify;
  if (any(mail.orcpt)) dsn["orcpt"] = mail.orcpt;
  return dsn;
}

}  // namespace

std::string envelope_json(const KeptMail& mail) {
  Json json = {{"from", mail.from},
               {"to", mail.to},
               {"helo", mail.helo},
               {"transaction_id", mail.transaction_id},
               {"received", base::rfc3339(mail.received)},
               {"size", mail.size},
               {"sha256", mail.sha256}};
  if (mail.smtputf8) json["smtputf8"] = true;
  if (auto dsn = dsn_json(mail); !dsn.empty()) json["dsn"] = std::move(dsn);
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
    mail.smtputf8 = json.value("smtputf8", false);
    const Json dsn = json.value("dsn", Json::object());
    mail.ret = dsn.value("ret", "");
    mail.envid = dsn.value("envid", "");
    mail.notify = dsn.value("notify", std::vector<std::string>());
    mail.orcpt = dsn.value("orcpt", std::vector<std::string>());
    const auto received = base::parse_rfc3339(json.at("received").get<std::string>());
    if (!received) return invalid(received.error().detail);
    mail.received = *received;
    return mail;
  } catch (const Json::exception& problem) {
    return invalid(problem.what());
  }
}

}  // namespace beredd::beredctl
