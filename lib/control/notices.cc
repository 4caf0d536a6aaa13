// Notices to customers, and templates for answers.

#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/mail/language.h"
#include "beredd/service/desk_address.h"
#include "beredd/service/outgoing.h"
#include "beredd/service/wording.h"

namespace beredd::control {
namespace {

using mail::Language;

base::Error invalid(std::string text) {
  return base::permanent(base::Code::invalid, std::move(text));
}

std::string_view when_of(const config::Desk& desk) {
  if (!desk.notice) return "never";
  switch (desk.notice->when) {
    case config::NoticeWhen::fallback: return "fallback";
    case config::NoticeWhen::always: return "always";
    case config::NoticeWhen::never: break;
  }
  return "never";
}

// Nothing: none was given.
base::Result<std::optional<Language>> language_in(const Call& call) {
  const std::string code = word(call, "language");
  if (code.empty()) return std::optional<Language>();
  const auto language = mail::language_coded(code);
  if (!language) {
    return invalid(fmt::format("language: \"{}\" is none of en, sv, no, fi", code));
  }
  return language;
}

base::Result<const config::Desk*> desk_in(const Services& services, const Call& call) {
  const auto& desks = services.context.config->desks;
  const std::string name = word(call, "desk");
  if (name.empty() && desks.size() == 1) return &desks.front();
  if (name.empty()) return invalid("there are several desks: say which");
  const config::Desk* desk = service::desk_named(*services.context.config, name);
  if (desk != nullptr) return desk;
  return base::permanent(base::Code::not_found, fmt::format("no desk is called \"{}\"", name));
}

api::TemplateView template_view(const config::Template& from) {
  return {from.name, std::string(code(from.language)), from.desks, from.text};
}

// The customer's language as their newest mail shows it.
base::Result<std::optional<Language>> guessed(const store::ReadTxn& txn, base::TicketId id) {
  const auto ids = txn.messages_of(id);
  for (auto it = ids.rbegin(); it != ids.rend(); ++it) {
    const auto message = txn.message(*it);
    if (!message) return message.error();
    if (message->direction != store::Direction::in) continue;
    const auto sorted = txn.sorted(*it);
    if (!sorted) return sorted.error();
    if (!*sorted || mail::is_automatic((*sorted)->reading.kind)) continue;
    if (const auto found = mail::guess_language((*sorted)->reading.new_text)) return found;
  }
  return std::optional<Language>();
}

// What is known of a ticket that a text is for.
struct Addressee {
  ticket::Ticket ticket;
  const config::Desk* desk = nullptr;
  std::vector<Language> languages;  // the likeliest first
};

base::Status look_up(const store::ReadTxn& txn, const config::Config& config, Addressee& out) {
  auto ticket = txn.ticket(out.ticket.id);
  if (!ticket) return ticket.error();
  out.ticket = *std::move(ticket);
  out.desk = service::desk_named(config, out.ticket.desk);
  if (out.desk == nullptr) {
    return invalid(fmt::format("there is no desk {} any more", out.ticket.desk));
  }
  const auto triage = txn.triage(out.ticket.id);
  if (!triage) return triage.error();
  if (const auto ruled = mail::language_coded(triage->language)) out.languages.push_back(*ruled);
  const auto found = guessed(txn, out.ticket.id);
  if (!found) return found.error();
  if (*found) out.languages.push_back(**found);
  if (out.desk->notice) out.languages.push_back(out.desk->notice->language);
  return {};
}

base::Error no_template(const config::Config& config, std::string_view name) {
  std::vector<std::string_view> names;
  for (const config::Template& one : config.templates) names.push_back(one.name);
  const auto meant = base::nearest(name, names);
  return base::permanent(
      base::Code::not_found,
      meant ? fmt::format("no template is called \"{}\"; did you mean {}?", name, *meant)
            : fmt::format("no template for this desk is called \"{}\"", name));
}

}  // namespace

Answer preview_notice(const Services& services, Call call) {
  const auto desk = desk_in(services, call);
  if (!desk) co_return problem(desk.error(), "beredctl config show names the desks");
  const auto language = language_in(call);
  if (!language) co_return problem(language.error());
  config::Desk shown = **desk;
  if (!shown.notice) shown.notice.emplace();
  ticket::Ticket sample;
  sample.id = base::TicketId(1042);
  sample.subject = "…";
  const Language in = language->value_or(shown.notice->language);
  const auto from = service::sender_of(shown);
  if (!from) co_return problem(from.error());
  api::NoticePreview view;
  view.desk = shown.name;
  view.when = when_of(**desk);
  view.language = code(in);
  view.from =
      from->name.empty() ? from->address : fmt::format("{} <{}>", from->name, from->address);
  view.subject = service::notice_subject(sample.subject);
  view.text = service::notice_text(shown, sample, in);
  co_return answer(view);
}

Answer list_templates(const Services& services, Call call) {
  const std::string desk = word(call, "desk");
  std::vector<api::TemplateView> views;
  for (const config::Template& one : services.context.config->templates) {
    const bool fits = desk.empty() || one.desks.empty() ||
                      std::find(one.desks.begin(), one.desks.end(), desk) != one.desks.end();
    if (fits) views.push_back(template_view(one));
  }
  co_return answer(views);
}

Answer show_template(const Services& services, Call call) {
  const config::Config& config = *services.context.config;
  const auto language = language_in(call);
  if (!language) co_return problem(language.error());
  Addressee to;
  if (const std::string named = word(call, "ticket"); !named.empty()) {
    const auto id = number(named, "ticket");
    if (!id) co_return problem(id.error());
    to.ticket.id = base::TicketId(*id);
    const auto read = services.context.store.read(
        [&](const store::ReadTxn& txn) { return look_up(txn, config, to); });
    if (!read) co_return problem(read.error(), "beredctl ticket list shows the tickets there are");
  }
  if (*language) to.languages.insert(to.languages.begin(), **language);
  const std::string_view desk = to.desk != nullptr ? std::string_view(to.desk->name) : "";
  const config::Template* found =
      service::template_for(config, call.arguments[0], desk, to.languages);
  if (found == nullptr) {
    co_return problem(no_template(config, call.arguments[0]), "beredctl template list shows them");
  }
  if (*language && found->language != **language) {
    co_return problem(
        base::permanent(base::Code::not_found, fmt::format("template {} has no text in {}",
                                                           found->name, code(**language))),
        "beredctl template list shows what there is");
  }
  api::TemplateView view = template_view(*found);
  if (to.desk != nullptr) {
    view.text = service::filled(*found, *to.desk, to.ticket, call.who);
  }
  co_return answer(view);
}

// From the ticket's history: what became of it last; that it was sent counts before that not.
std::optional<api::TicketNotice> notice_view(const std::vector<api::HistoryEntry>& history) {
  std::optional<api::TicketNotice> view;
  for (const api::HistoryEntry& entry : history) {
    const bool sent = entry.what == service::kNoticeSent;
    if (!sent && entry.what != service::kNoticeNotSent) continue;
    if (!sent && view && view->sent) continue;
    view = api::TicketNotice{sent, entry.at, entry.message, sent ? std::string() : entry.detail};
  }
  return view;
}

void add_notices(const store::ReadTxn& txn, const config::Config& config, api::Status& status) {
  constexpr base::Duration kHour = std::chrono::hours(1);
  for (const config::Desk& desk : config.desks) {
    if (!desk.notice || desk.notice->when == config::NoticeWhen::never) continue;
    const auto most = static_cast<std::uint64_t>(desk.notice->per_hour);
    const std::uint64_t sent = txn.notices_since(desk.name, status.now - kHour, most);
    status.notices.push_back({desk.name, std::string(when_of(desk)), sent, most});
  }
}

}  // namespace beredd::control
