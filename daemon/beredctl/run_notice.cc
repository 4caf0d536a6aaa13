// What a desk says without a person: the notice, and the texts that answers begin with.

#include "print.h"
#include "run.h"

#include <fmt/format.h>

namespace beredd::beredctl {

int run(Session& session, const PreviewNotice& command) {
  return session.show<api::NoticePreview>(
      fmt::format("/v1/notices/preview?desk={}&language={}", percent_encoded(command.desk),
                  percent_encoded(command.language)),
      notice_text);
}

int run(Session& session, const ListTemplates& command) {
  return session.show<std::vector<api::TemplateView>>(
      fmt::format("/v1/templates?desk={}", percent_encoded(command.desk)), templates_text);
}

int run(Session& session, const ShowTemplate& command) {
  return session.show<api::TemplateView>(
      template_path(command.name, command.language, command.ticket), template_text);
}

std::string template_path(const std::string& name, const std::string& language,
                          std::uint64_t ticket) {
  std::string path =
      fmt::format("/v1/templates/{}?language={}", percent_encoded(name), percent_encoded(language));
  if (ticket != 0) path += fmt::format("&ticket={}", ticket);
  return path;
}

}  // namespace beredd::beredctl
