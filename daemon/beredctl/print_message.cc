#include "print.h"
#include "table.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

using base::for_terminal;

std::string people_text(const std::vector<api::Person>& people) {
  std::vector<std::string> texts;
  for (const api::Person& person : people) texts.push_back(person_text(person));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string_view direction_word(std::string_view direction) {
  if (direction == "in") return "from";
  if (direction == "out") return "answer by";
  return "note by";
}

std::string attachment_text(const api::Message& message, const api::Attachment& file) {
  return for_terminal(fmt::format("{}, {}, {} (beredctl message part {} {})",
                                  file.name.empty() ? "(no name)" : file.name, file.type,
                                  base::for_people(file.size), message.id, file.index));
}

Paint paint_of_delivery(std::string_view state) {
  if (state == "quarantined" || state == "expired") return Paint::bad;
  if (state == "held" || state == "queued" || state == "offered") return Paint::doubtful;
  return Paint::good;
}

// What came with the paths, in the words of SMTP: a line for MAIL, one for each RCPT.
std::vector<std::string> asked(const api::Envelope& envelope) {
  const api::Dsn dsn = envelope.dsn.value_or(api::Dsn{});
  std::vector<std::string> lines, words;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) words.push_back(fmt::format("{}={}", key, value));
  };
  const auto end_line = [&](std::string_view of) {
    if (!words.empty()) lines.push_back(fmt::format("{}{}", fmt::join(words, " "), of));
    words.clear();
  };
  if (envelope.smtputf8) words.emplace_back("SMTPUTF8");
  add("RET", dsn.ret);
  add("ENVID", dsn.envid);
  end_line("");
  for (std::size_t n = 0; n < std::min(dsn.recipients.size(), envelope.to.size()); ++n) {
    add("NOTIFY", dsn.recipients[n].notify);
    add("ORCPT", dsn.recipients[n].orcpt);
    end_line(fmt::format(" for <{}>", envelope.to[n]));
  }
  return lines;
}

std::string report_words(const api::Report& report) {
  std::string out = report.outcome;
  if (!report.status.empty()) out += " " + report.status;
  if (!report.recipients.empty()) out += fmt::format(": {}", fmt::join(report.recipients, ", "));
  if (report.concerns) out += fmt::format(" (message {})", *report.concerns);
  return out;
}

// Why it is in its ticket, and what is peculiar about that.
std::vector<std::string> sorting_words(const api::Message& message) {
  std::vector<std::string> lines;
  if (!message.reason.empty()) lines.push_back(message.reason);
  if (message.new_participant) lines.emplace_back("new participant");
  if (!message.kind.empty() && message.kind != "person") lines.push_back(message.kind);
  if (message.report) lines.push_back(report_words(*message.report));
  if (message.copy_of) lines.push_back(fmt::format("a copy of message {}", *message.copy_of));
  if (!message.copies.empty()) {
    lines.push_back(fmt::format("came again as message {}", fmt::join(message.copies, ", ")));
  }
  return lines;
}

void add_headers(Table& block, const api::Message& message) {
  const auto add = [&](std::string_view key, std::string text) {
    if (!text.empty()) block.add({{std::string(key), Paint::faint}, std::move(text)});
  };
  add("from", people_text(message.from));
  add("to", people_text(message.to));
  add("cc", people_text(message.cc));
  add("reply-to", people_text(message.reply_to));
  add("date", message.date ? base::local_time(*message.date) : "none that can be read");
  add("received", fmt::format("{} by {}{}", base::local_time(message.received), message.source,
                              message.peer.empty() ? "" : " from " + message.peer));
  add("envelope",
      fmt::format("<{}> to <{}>", message.envelope.from, fmt::join(message.envelope.to, ">, <")));
  for (std::string& line : asked(message.envelope)) add("asked", std::move(line));
  add("message-id", message.message_id);
  add("in-reply-to", message.in_reply_to);
  add("ticket", message.ticket ? std::to_string(*message.ticket) : "not sorted yet");
  for (std::string& line : sorting_words(message)) add("sorted", std::move(line));
  add("size", counted(message.size.count(), "byte"));
  add("sha256", message.sha256);
  add("trace id", message.trace_id);
  if (message.delivery) add("delivery", delivery_words(*message.delivery));
  for (const api::Attachment& file : message.attachments) {
    add("attached", attachment_text(message, file));
  }
  for (const std::string& defect : message.defects) add("defect", defect);
}

}  // namespace

// Tabs would throw the indentation out.
std::string indented(std::string_view body, std::string_view indent) {
  while (!body.empty() && (body.back() == '\n' || body.back() == ' ')) body.remove_suffix(1);
  if (body.empty()) return {};
  std::string out;
  for (const std::string_view line : base::split(body, '\n')) {
    std::string plain;
    for (const char c : line) plain += c == '\t' ? std::string("    ") : std::string(1, c);
    const std::string safe = for_terminal(base::to_utf8(plain));
    out += safe.empty() ? "\n" : fmt::format("{}{}\n", indent, safe);
  }
  return out;
}

std::string person_text(const api::Person& person) {
  if (person.name.empty()) return person.address;
  return person.address.empty() ? person.name : fmt::format("{} <{}>", person.name, person.address);
}

std::string delivery_words(const api::Delivery& delivery) {
  std::string out = fmt::format("{} for {}", delivery.state, delivery.target);
  if (delivery.attempts > 0)
    out += fmt::format(", {}", counted(static_cast<std::uint64_t>(delivery.attempts), "attempt"));
  const std::string& last = !delivery.proof.empty()     ? delivery.proof
                            : !delivery.receipt.empty() ? delivery.receipt
                                                        : delivery.words;
  return last.empty() ? out : fmt::format("{}: {}", out, last);
}

std::string messages_text(const std::vector<api::Message>& messages, const Style& style) {
  if (messages.empty()) return "No messages.\n";
  Table table({{"ID", Align::right},
               {"RECEIVED"},
               {"TICKET", Align::right},
               {"DESK"},
               {"SIZE", Align::right},
               {"DELIVERY"},
               {"FROM", Align::left, true},
               {"SUBJECT", Align::left, true}});
  for (const api::Message& message : messages) {
    const std::string state = message.delivery ? message.delivery->state : "-";
    table.add({{std::to_string(message.id), Paint::strong},
               when(message.received, style.now),
               message.ticket ? std::to_string(*message.ticket) : "-",
               message.desk,
               base::for_people(message.size),
               {state, message.delivery ? paint_of_delivery(state) : Paint::plain},
               message.from.empty() ? fmt::format("<{}>", message.envelope.from)
                                    : person_text(message.from.front()),
               message.subject});
  }
  return table.text(style);
}

std::string message_text(const api::Message& message, const Style& style) {
  std::string out =
      painted(style, Paint::strong,
              for_terminal(fmt::format("Message {}  {}", message.id, message.subject)));
  out += '\n';
  Table block({{""}, {""}});
  add_headers(block, message);
  Style uncut = style;
  uncut.columns = 0;
  out += block.rows(uncut, "  ");
  const std::string body = indented(message.text.value_or(""), "");
  return body.empty() ? out : out + "\n" + body;
}

std::string letter_text(const api::Message& message, const Style& style) {
  std::string who =
      message.from.empty() ? fmt::format("<{}>", message.envelope.from) : people_text(message.from);
  if (message.author && !message.author->empty()) who = *message.author;
  if (is_notice(message)) who = "beredd itself";
  const std::string head = for_terminal(fmt::format(
      "{}  {} {}  (message {})", base::local_time(message.received),
      is_notice(message) ? "notice by" : direction_word(message.direction), who, message.id));
  std::string out = painted(style, Paint::strong, head) + "\n";
  if (message.delivery) {
    const std::string words = for_terminal(delivery_words(*message.delivery));
    out += "  " + painted(style, paint_of_delivery(message.delivery->state), words) + "\n";
  }
  for (const std::string& line : sorting_words(message)) {
    out += painted(style, Paint::faint, for_terminal("  sorted: " + line)) + "\n";
  }
  for (const std::string& defect : message.defects) {
    out += painted(style, Paint::faint, for_terminal("  defect: " + defect)) + "\n";
  }
  for (const api::Attachment& file : message.attachments) {
    out += "  attached: " + attachment_text(message, file) + "\n";
  }
  const std::string body = indented(message.new_text.value_or(""), "    ");
  return body.empty() ? out : out + "\n" + body;
}

}  // namespace beredd::beredctl
