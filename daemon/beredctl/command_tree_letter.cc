#include "command_tree.h"

namespace beredd::beredctl {

// One value each time that it is named.
void Tree::add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                        const std::string& help) {
  app.add_option(name, values, help)->allow_extra_args(false);
}

void Tree::grow_letter(CLI::App& tickets, LetterKind kind, const std::string& name,
                       const std::string& help) {
  auto [letter, app] = leaf<WriteLetter>(tickets, name, help);
  letter->kind = kind;
  const bool first = kind == LetterKind::first, answers = kind == LetterKind::answer;
  if (!first) {
    add_id(*app, "ID", letter->id);
    app->add_option("--message", letter->message, "This one of its mails")
        ->check(CLI::Range(std::uint64_t{1}, kLargestId));
  } else {
    app->add_option("--desk", letter->desk, "For this desk");
  }
  add_repeated(*app, "--to", letter->to, "Whom it goes to; may be given several times");
  add_repeated(*app, "--cc", letter->cc, "Who has it too; may be given several times");
  add_repeated(*app, "--attach", letter->attach, "A file to go with it; several times");
  app->add_option("--subject", letter->subject, "What it is about");
  app->add_option("--file", letter->file, "The text is in this file; -: standard input");
  app->add_flag("--yes", letter->yes, "Send without asking");
  auto* close = app->add_flag("--close", letter->close, "The ticket is solved with it");
  if (!answers) return;
  app->add_flag("--open", letter->open, "The ticket stays open")->excludes(close);
  app->add_flag("--all", letter->all, "Everybody who had the mail");
  app->add_flag("--unquoted", letter->unquoted, "Without the original below");
  app->add_flag("--take", letter->take, "Take it from the platform, when that has it");
  app->add_option("--language", letter->language, "Of the line above the original, and a template")
      ->check(CLI::IsMember({"en", "sv", "no", "fi"}));
  app->add_option("--template", letter->form, "Begin with this template")
      ->excludes(app->get_option("--file"));
}

void Tree::grow_notices(CLI::App& app) {
  const auto add_language = [](CLI::App& to, std::string& language, const char* help) {
    to.add_option("--language", language, help)->check(CLI::IsMember({"en", "sv", "no", "fi"}));
  };
  auto [shown, preview] =
      leaf<PreviewNotice>(group(app, "notice", "What customers are told by themselves"), "preview",
                          "The notice that a mail has arrived, as it would leave");
  preview->add_option("--desk", shown->desk, "Of this desk");
  add_language(*preview, shown->language, "In this language");
  CLI::App& templates = group(app, "template", "Texts that answers begin with");
  auto [query, list] = leaf<ListTemplates>(templates, "list", "All of them");
  list->add_option("--desk", query->desk, "Only those for this desk");
  auto [one, show] = leaf<ShowTemplate>(templates, "show", "One of them");
  show->add_option("NAME", one->name, "A template")->required();
  add_language(*show, one->language, "In this language");
  show->add_option("--ticket", one->ticket, "Filled in for this ticket")
      ->check(CLI::Range(std::uint64_t{1}, kLargestId));
}

void Tree::grow_outgoing(CLI::App& outgoing) {
  auto [query, list] = leaf<ListOutgoing>(outgoing, "list", "What has not left, and why");
  add_limit(*list, query->limit);
  auto [again, resend] = leaf<ResendOutgoing>(outgoing, "resend", "Try to send it once more");
  add_id(*resend, "MID", again->message);
  auto [given_up, drop] =
      leaf<DropOutgoing>(outgoing, "drop", "Never send it; the message stays in its ticket");
  add_id(*drop, "MID", given_up->message);
  drop->add_option("--reason", given_up->reason, "Why, for the history")->required();
}

}  // namespace beredd::beredctl
