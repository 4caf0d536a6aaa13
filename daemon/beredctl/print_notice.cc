#include "print.h"
#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {

std::string notice_text(const api::NoticePreview& notice, const Style& style) {
  Table block({{""}, {""}});
  block.add({{"desk", Paint::faint}, notice.desk});
  block.add({{"sent", Paint::faint},
             notice.when == "fallback" ? "while mail is held here"
             : notice.when == "always" ? "always"
                                       : "never"});
  block.add({{"language", Paint::faint}, notice.language});
  block.add({{"from", Paint::faint}, notice.from});
  block.add({{"subject", Paint::faint}, notice.subject});
  Style uncut = style;
  uncut.columns = 0;
  return block.rows(uncut, "") + "\n" + indented(notice.text, "  ");
}

std::string templates_text(const std::vector<api::TemplateView>& templates, const Style& style) {
  if (templates.empty()) {
    return "No templates. A [[template]] table in beredd.toml makes one.\n";
  }
  Table table({{"NAME"}, {"LANGUAGE"}, {"DESKS"}, {"TEXT", Align::left, true}});
  for (const api::TemplateView& one : templates) {
    const std::string_view text = base::trim(one.text);
    table.add({{one.name, Paint::strong},
               one.language,
               one.desks.empty() ? "all" : fmt::format("{}", fmt::join(one.desks, ", ")),
               std::string(text.substr(0, text.find('\n')))});
  }
  return table.text(style);
}

// As it would stand in an answer, so that it can be taken elsewhere.
std::string template_text(const api::TemplateView& one, const Style&) {
  std::string text = indented(one.text, "");
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

bool is_notice(const api::Message& message) { return message.author == "@notice"; }

std::string notice_words(const api::TicketNotice& notice, base::Instant now) {
  if (notice.sent) return fmt::format("sent {}", when(notice.at, now));
  return fmt::format("not sent: {}", notice.reason);
}

std::string notices_lines(const std::vector<api::NoticeStatus>& notices) {
  std::string out;
  for (const api::NoticeStatus& desk : notices) {
    if (desk.last_hour == 0) continue;
    out += fmt::format("{} from {} in the last hour{}.\n", counted(desk.last_hour, "notice"),
                       base::for_terminal(desk.desk),
                       desk.last_hour >= desk.per_hour ? ": no more than that are sent" : "");
  }
  return out;
}

}  // namespace beredd::beredctl
