#include "report_parts.h"

#include "body.h"
#include "message_ids.h"

#include <algorithm>
#include <array>

#include "beredd/base/text.h"
#include "beredd/mail/report.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kEnough = std::size_t{64} * 1024;  // of a part that is looked at
constexpr std::size_t kMostRecipients = 50;
constexpr std::size_t kMostIds = 5;
constexpr std::array<std::string_view, 4> kOutcomes = {"failed", "delayed", "delivered", "other"};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void add_once(std::vector<std::string>& list, std::string one, std::size_t most) {
  const bool known = std::find(list.begin(), list.end(), one) != list.end();
  if (!one.empty() && !known && list.size() < most) list.push_back(std::move(one));
}

// One field of a block as RFC 3464 has it: "Final-Recipient: rfc822; anna@example.org".
struct StatusField {
  std::string name;   // lower case
  std::string value;  // folds undone, trimmed
};

// The fields of a text, line by line; what is none is passed over. ">" before them is borne.
std::vector<StatusField> fields_of(std::string_view text) {
  constexpr std::size_t kMostFields = 2000;
  std::vector<StatusField> out;
  for (std::string_view line : base::split(text, '\n')) {
    const bool folded = !out.empty() && (line.starts_with(' ') || line.starts_with('\t'));
    line = base::trim(line);
    const std::size_t colon = line.find(':');
    const std::string_view name = base::trim(line.substr(0, colon));
    const bool named = colon != std::string_view::npos && colon < 60 && !name.empty() &&
                       name.find_first_of(" \t<@") == std::string_view::npos;
    if (named && out.size() < kMostFields) {
      out.push_back({base::lower(name.substr(name.starts_with('>') ? 1 : 0)),
                     std::string(base::trim(line.substr(colon + 1)))});
    } else if (folded && out.back().value.size() < 2000) {
      out.back().value += " " + std::string(line);
    } else if (line.empty() && !out.empty() && !out.back().name.empty()) {
      out.push_back({});  // the end of a block
    }
  }
  return out;
}

// RFC 3461 §4: "+3D" is "=".
std::string from_xtext(std::string_view text) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escaped =
        text[at] == '+' && at + 2 < text.size() && is_hex(text[at + 1]) && is_hex(text[at + 2]);
    out.push_back(escaped ? static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]))
                          : text[at]);
    if (escaped) at += 2;
  }
  return out;
}

// "rfc822;<anna@example.org>" → "anna@example.org"; empty: no address is in it.
std::string address_in(std::string_view value) {
  if (const std::size_t type = value.find(';'); type != std::string_view::npos) {
    value.remove_prefix(type + 1);
  }
  value = base::trim(value);
  const std::size_t open = value.find('<');
  if (open != std::string_view::npos) value = value.substr(open + 1);
  value = value.substr(0, value.find_first_of(" \t>,;()"));
  const std::string address = base::lower(from_xtext(value));
  const std::size_t at = address.find('@');
  const bool whole = at != std::string::npos && at > 0 && at + 1 < address.size();
  return whole ? visible(address) : std::string();
}

Outcome worse(Outcome a, Outcome b) { return std::min(a, b); }

std::optional<Outcome> outcome_of(std::string_view action) {
  if (action.starts_with("fail")) return Outcome::failed;
  if (action.starts_with("delay")) return Outcome::delayed;
  if (action.starts_with("deliver")) return Outcome::delivered;
  if (action.starts_with("relay") || action.starts_with("expand")) return Outcome::other;
  return std::nullopt;
}

void read_status(const std::vector<StatusField>& fields, Report& out) {
  std::optional<Outcome> worst;
  for (const StatusField& field : fields) {
    if (field.name == "original-envelope-id") {
      out.envelope_id = visible(from_xtext(field.value));
    } else if (field.name == "original-recipient" || field.name == "final-recipient" ||
               field.name == "x-actual-recipient") {
      add_once(out.recipients, address_in(field.value), kMostRecipients);
    } else if (field.name == "action") {
      const std::optional<Outcome> one = outcome_of(base::lower(field.value));
      if (one) worst = worst ? worse(*worst, *one) : *one;
    } else if (field.name == "status" && out.status.empty()) {
      const std::string_view code = field.value;
      out.status = visible(code.substr(0, code.find_first_of(" \t(")));
    }
  }
  if (worst) out.outcome = *worst;
  if (!worst && out.status.starts_with('4')) out.outcome = Outcome::delayed;
  if (!worst && out.status.starts_with('2')) out.outcome = Outcome::delivered;
}

// The Message-ID and the addressees in what is left of the mail that it is about.
void read_returned(std::string_view text, Report& out, bool addressees) {
  for (const StatusField& field : fields_of(text.substr(0, kEnough))) {
    if (field.name == "message-id") {
      add_once(out.message_ids, parse_message_id(field.value), kMostIds);
    } else if (addressees && (field.name == "to" || field.name == "x-original-to")) {
      add_once(out.recipients, address_in(field.value), kMostRecipients);
    }
  }
}

bool says_delayed(std::string_view subject) {
  for (const std::string_view word : {"delay", "warning", "still being retried", "not yet been"}) {
    if (has(subject, word)) return true;
  }
  return false;
}

// JSON in lower case, less its blanks and backslashes: a notice may stand as a string in another.
std::string bare_json(std::string_view text) {
  std::string out = base::lower(text.substr(0, kEnough));
  std::erase_if(out, [](char c) { return c == '\\' || static_cast<unsigned char>(c) <= ' '; });
  return out;
}

// The strings behind every `key` (with its quotes and colon) of bare JSON.
std::vector<std::string_view> strings_at(std::string_view json, std::string_view key) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; (at = json.find(key, at)) != std::string_view::npos;) {
    at += key.size();
    if (at < json.size() && json[at] == '"') ++at;
    out.push_back(json.substr(at, json.find('"', at) - at));
  }
  return out;
}

// What a notice of Amazon's mail service is of; nothing: the text is none.
std::optional<Outcome> notice_of(std::string_view json) {
  for (const std::string_view key : {"\"notificationtype\":", "\"eventtype\":"}) {
    for (const std::string_view type : strings_at(json, key)) {
      if (type == "bounce") return Outcome::failed;
      if (type == "deliverydelay") return Outcome::delayed;
      if (type == "delivery") return Outcome::delivered;
      if (type == "complaint") return Outcome::other;
    }
  }
  return std::nullopt;
}

void read_notice(std::string_view json, Report& out) {
  out.outcome = notice_of(json).value_or(out.outcome);
  for (const std::string_view key : {"\"emailaddress\":", "\"destination\":["}) {
    for (const std::string_view address : strings_at(json, key)) {
      add_once(out.recipients, address_in(address), kMostRecipients);
    }
  }
  for (const std::string_view id : strings_at(json, "\"messageid\":")) {
    if (has(id, "@")) add_once(out.message_ids, parse_message_id(id), kMostIds);
  }
}

bool is_notice(std::string_view text) {
  return base::trim(text.substr(0, 200)).starts_with('{') && notice_of(bare_json(text));
}

}  // namespace

std::string_view name(Outcome outcome) { return kOutcomes[static_cast<std::size_t>(outcome)]; }

ReportParts report_parts(const Skeleton& skeleton, std::string_view text) {
  ReportParts out;
  out.notification = is_notice(text);
  for (std::size_t i = 0; i < skeleton.parts.size(); ++i) {
    const Parametrised& type = skeleton.parts[i].content.type;
    const std::string_view value = type.value;
    if (value == "multipart/report" && i == 0) {
      const std::string kind = base::lower(type.raw("report-type").value_or(""));
      out.declared = kind.empty() || kind == "delivery-status";
    } else if (!out.status &&
               (value == "message/delivery-status" || value == "message/global-delivery-status")) {
      out.status = i;
    } else if (value == "message/disposition-notification" ||
               value == "message/global-disposition-notification") {
      out.receipt = true;
    } else if (!out.returned && (value == "message/rfc822" || value == "text/rfc822-headers" ||
                                 value == "message/rfc822-headers" || value == "message/global" ||
                                 value == "message/global-headers")) {
      out.returned = i;
    }
  }
  return out;
}

Report report_of(const Skeleton& skeleton, const ReportParts& parts, const Signs& signs,
                 const Reading& mail) {
  Report out;
  const auto bytes_of = [&](std::size_t index) {
    const Part& part = skeleton.parts[index];
    return decoded(part.body.substr(0, kEnough), part.content.transfer);
  };
  if (says_delayed(base::lower(mail.subject))) out.outcome = Outcome::delayed;
  if (parts.status) read_status(fields_of(bytes_of(*parts.status)), out);
  for (const std::string& address : signs.failed) {
    add_once(out.recipients, address_in(address), kMostRecipients);
  }
  if (parts.notification) read_notice(bare_json(mail.text), out);
  const bool nobody_yet = out.recipients.empty();
  if (parts.returned) read_returned(bytes_of(*parts.returned), out, nobody_yet);
  if (out.message_ids.empty()) read_returned(mail.text, out, nobody_yet);
  std::erase(out.message_ids, mail.message_id);
  return out;
}

}  // namespace beredd::mail
