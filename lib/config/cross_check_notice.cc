// The part of cross_check() about notices and templates.

#include "cross_check.h"
#include "inspect.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/mail/template.h"

namespace beredd::config {
namespace {

int line_of(const Value& table, std::string_view key) {
  const Value* given = table.find(key);
  return given != nullptr ? given->line : table.line;
}

constexpr std::size_t kMostText = 8000;  // bytes

// What a customer would read as "{tiket}" is found before one does.
void check_text(const Value& table, std::string_view label, const std::string& text,
                Findings& findings) {
  if (const auto parsed = mail::Template::parse(text); !parsed) {
    findings.error(line_of(table, "text"),
                   fmt::format("{}.text: {}", label, parsed.error().detail));
  } else if (text.size() > kMostText) {
    findings.error(line_of(table, "text"),
                   fmt::format("{}.text: {} bytes; {} is the most", label, text.size(), kMostText));
  } else if (table.find("text") != nullptr && base::trim(text).empty()) {
    findings.error(line_of(table, "text"), fmt::format("{}.text: it is empty", label));
  }
}

void check_notice_texts(const Value& desk, const Notice& notice, Findings& findings) {
  const Value* table = desk.find("notice");
  if (table == nullptr) return;
  std::map<mail::Language, int> seen;
  const std::vector<Value>& tables = table->tables("text");
  const std::string label = label_of("desk", desk) + ": notice.text";
  for (std::size_t i = 0; i < notice.texts.size(); ++i) {
    const int line = line_of(tables[i], "language");
    const auto [first, fresh] = seen.emplace(notice.texts[i].language, line);
    if (!fresh) {
      findings.error(line,
                     fmt::format("{}: this language has a text in line {}", label, first->second));
    }
    check_text(tables[i], label, notice.texts[i].text, findings);
  }
}

bool share_a_desk(const Template& one, const Template& other) {
  if (one.desks.empty() || other.desks.empty()) return one.desks.empty() == other.desks.empty();
  return std::any_of(one.desks.begin(), one.desks.end(), [&](const std::string& desk) {
    return std::find(other.desks.begin(), other.desks.end(), desk) != other.desks.end();
  });
}

// One for all desks beside one for this desk is no error: the desk's own is meant.
void check_templates(const Value& root, const Config& config, Findings& findings) {
  const std::vector<Value>& tables = root.tables("template");
  for (std::size_t i = 0; i < config.templates.size(); ++i) {
    const Template& one = config.templates[i];
    const std::string label = label_of("template", tables[i]);
    check_text(tables[i], label, one.text, findings);
    for (const std::string& desk : one.desks) {
      const bool there = std::any_of(config.desks.begin(), config.desks.end(),
                                     [&](const Desk& known) { return known.name == desk; });
      if (there) continue;
      findings.error(line_of(tables[i], "desks"),
                     fmt::format("{}: there is no desk \"{}\"", label, desk));
    }
    for (std::size_t n = 0; n < i; ++n) {
      const Template& other = config.templates[n];
      if (one.name.empty() || one.name != other.name || one.language != other.language) continue;
      if (!share_a_desk(one, other)) continue;
      findings.error(line_of(tables[i], "name"),
                     fmt::format("{}: there is one of this name, language and desk in line {}",
                                 label, line_of(tables[n], "name")));
    }
  }
}

bool tells(const Desk& desk) { return desk.notice && desk.notice->when != NoticeWhen::never; }

// Who is to have nothing but the notice would have nothing at all. What is as it is by itself,
// nobody asked for.
void check_notice_only(const Value& root, const Config& config, Findings& findings) {
  const Value* staffing = root.find("staffing");
  if (staffing == nullptr) return;
  struct Level {
    std::string_view name;
    StaffingLevel Staffing::*member;
  };
  for (const Level& level :
       {Level{"normal", &Staffing::normal}, Level{"reduced", &Staffing::reduced},
        Level{"critical", &Staffing::critical}}) {
    const Value* table = staffing->find(level.name);
    const auto& asked = (config.staffing.*level.member).notice_only;
    const bool own = asked != (Staffing().*level.member).notice_only;
    if (table == nullptr || asked.empty() || !own) continue;
    for (const Desk& desk : config.desks) {
      if (tells(desk)) continue;
      findings.warning(line_of(*table, "notice_only"),
                       fmt::format("staffing.{}.notice_only: desk \"{}\" sends no notice; give it "
                                   "a [desk.notice] table",
                                   level.name, desk.name));
    }
  }
}

}  // namespace

void cross_check_notice(const Value& root, const Config& config, Findings& findings) {
  const std::vector<Value>& desks = root.tables("desk");
  for (std::size_t i = 0; i < config.desks.size(); ++i) {
    if (config.desks[i].notice) check_notice_texts(desks[i], *config.desks[i].notice, findings);
  }
  check_templates(root, config, findings);
  check_notice_only(root, config, findings);
}

}  // namespace beredd::config
