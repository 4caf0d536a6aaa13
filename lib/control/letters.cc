// What the desk writes: drafts, answers, first mails, forwards.

#include "answers.h"
#include "handlers.h"

#include <fmt/format.h>

#include "beredd/service/answers.h"

namespace beredd::control {
namespace {

base::Error invalid(std::string text) {
  return base::permanent(base::Code::invalid, std::move(text));
}

api::Person person(const mail::Address& address) { return {address.name, address.address}; }

std::vector<api::Person> people(const std::vector<mail::Address>& addresses) {
  std::vector<api::Person> out;
  for (const mail::Address& one : addresses) out.push_back(person(one));
  return out;
}

api::Draft draft_view(const service::Draft& draft, std::string kind) {
  api::Draft view;
  view.kind = std::move(kind);
  view.ticket = draft.ticket.value();
  if (draft.message) view.message = draft.message.value();
  view.from = person(draft.from);
  view.to = people(draft.to);
  view.others = people(draft.others);
  view.subject = draft.subject;
  view.text = draft.text;
  return view;
}

base::Result<std::vector<mail::Address>> addresses_of(
    const std::optional<std::vector<std::string>>& texts) {
  std::vector<mail::Address> out;
  for (const std::string& text : texts.value_or(std::vector<std::string>())) {
    auto one = mail::parse_address(text);
    if (!one) return one.error();
    out.push_back(*std::move(one));
  }
  return out;
}

base::Result<service::Afterwards> afterwards_of(const std::string& word) {
  if (word.empty() || word == "waits") return service::Afterwards::waits;
  if (word == "open") return service::Afterwards::open;
  if (word == "solved") return service::Afterwards::solved;
  return invalid(fmt::format("afterwards: \"{}\" is none of waits, open, solved", word));
}

// `ticket`: 0 for a first mail.
base::Result<service::Writing> writing_of(const Call& call, service::Writ kind,
                                          base::TicketId ticket) {
  auto request = api::decode<api::LetterRequest>(call.request.body);
  if (!request) return request.error();
  service::Writing writing;
  writing.kind = kind;
  writing.who = call.who;
  writing.ticket = ticket;
  writing.desk = std::move(request->desk);
  writing.message = base::MessageId(request->message.value_or(0));
  auto to = addresses_of(request->to);
  if (!to) return to.error();
  writing.to = *std::move(to);
  auto cc = addresses_of(request->cc);
  if (!cc) return cc.error();
  writing.cc = *std::move(cc);
  writing.subject = std::move(request->subject);
  writing.text = std::move(request->text);
  writing.uploads = std::move(request->files).value_or(std::vector<std::string>());
  const auto afterwards = afterwards_of(request->afterwards);
  if (!afterwards) return afterwards.error();
  writing.afterwards = *afterwards;
  writing.take = request->take.value_or(false);
  return writing;
}

Answer send(const Services& services, service::Writing writing) {
  if (services.answers == nullptr) co_return problem(base::bug("nobody answers here"));
  const auto written = co_await services.answers->send(std::move(writing));
  if (!written) co_return problem(written.error());
  co_return answer(api::Written{written->ticket.value(), written->message.value()});
}

Answer send_for_ticket(const Services& services, Call call, service::Writ kind) {
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  auto writing = writing_of(call, kind, base::TicketId(*id));
  if (!writing) co_return problem(writing.error());
  co_return co_await send(services, *std::move(writing));
}

}  // namespace

Answer show_draft(const Services& services, Call call) {
  if (services.answers == nullptr) co_return problem(base::bug("nobody answers here"));
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  std::string kind = word(call, "kind");
  if (kind.empty()) kind = "answer";
  if (kind != "answer" && kind != "forward") {
    co_return problem(invalid(fmt::format("kind: \"{}\" is none of answer, forward", kind)));
  }
  const auto message = count(call, "message", 0);
  if (!message) co_return problem(message.error());
  const std::string code = word(call, "language");
  const auto language = mail::language_coded(code.empty() ? "en" : code);
  if (!language) {
    co_return problem(invalid(fmt::format("language: \"{}\" is none of en, sv, no, fi", code)));
  }
  const auto writ = kind == "forward" ? service::Writ::forward : service::Writ::answer;
  const auto draft =
      services.answers->draft(writ, base::TicketId(*id), base::MessageId(*message), *language);
  if (!draft) co_return problem(draft.error(), "beredctl ticket list shows the tickets there are");
  co_return answer(draft_view(*draft, std::move(kind)));
}

Answer reply_to_ticket(const Services& services, Call call) {
  co_return co_await send_for_ticket(services, std::move(call), service::Writ::answer);
}

Answer forward_ticket(const Services& services, Call call) {
  co_return co_await send_for_ticket(services, std::move(call), service::Writ::forward);
}

Answer write_first(const Services& services, Call call) {
  auto writing = writing_of(call, service::Writ::opening, {});
  if (!writing) co_return problem(writing.error());
  const auto& desks = services.context.config->desks;
  if (writing->desk.empty() && desks.size() == 1) writing->desk = desks.front().name;
  if (writing->desk.empty()) co_return problem(invalid("there are several desks: say for which"));
  co_return co_await send(services, *std::move(writing));
}

Answer settle_ticket(const Services& services, Call call) {
  if (services.answers == nullptr) co_return problem(base::bug("nobody answers here"));
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  const base::TicketId ticket(*id);
  const auto settled = co_await services.answers->settle(ticket, std::move(call.who));
  if (!settled) co_return problem(settled.error());
  co_return co_await show_ticket(services, std::move(call));
}

}  // namespace beredd::control
