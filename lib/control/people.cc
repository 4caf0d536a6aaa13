// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

// Who works, and how many there are for the work.

#include "answers.h"
#include "handlers.h"
#include "rota_views.h"

#include <utility>

#include <fmt/format.h>

namespace beredd::control {
namespace {

constexpr std::string_view kPeopleHint = "beredctl person list shows who there is";

// Nothing: they may. Where nobody is named, whoever may call may all.
base::Status may_lead(const Services& services, const Call& call, std::string_view what) {
  const config::Config& config = *services.context.config;
  const bool root = call.request.peer && call.request.peer->uid == 0;
  const config::Person* person = config.person_of_login(call.login);
  const bool leads = person != nullptr && person->role != config::PersonRole::staff;
  if (config.people.empty() || root || leads) return {};
  return base::permanent(base::Code::refused,
                         fmt::format("{} may not {}: that is for leads", call.who, what));
}

constexpr std::string_view kLeadHint = "ask a person of role lead or admin, or root";

base::Status may_speak_for(const Services& services, const Call& call, std::string_view person) {
  if (call.who == person) return {};
  return may_lead(services, call, "say where others are");
}

// What all who change presence are answered: the person as they are now.
HttpResponse person_answer(const Services& services, std::string_view name) {
  const auto roll = services.rota->roll();
  if (!roll) return problem(roll.error());
  for (const api::Colleague& one : people_view(*services.context.config, *roll)) {
    if (one.name == name) return answer(one);
  }
  return problem(
      base::permanent(base::Code::not_found, fmt::format("nobody is called \"{}\"", name)),
      kPeopleHint);
}

}  // namespace

Answer list_people(const Services& services, Call) {
  const auto roll = services.rota->roll();
  if (!roll) co_return problem(roll.error());
  co_return answer(people_view(*services.context.config, *roll));
}

Answer list_teams(const Services& services, Call) {
  std::vector<api::Team> teams;
  for (const config::Team& team : services.context.config->teams) {
    teams.push_back({team.name, team.people, team.desks});
  }
  co_return answer(teams);
}

Answer set_absent(const Services& services, Call call) {
  const std::string person = call.arguments[0];
  const auto request = api::decode<api::AbsenceRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  if (auto may = may_speak_for(services, call, person); !may) {
    co_return problem(may.error(), kLeadHint);
  }
  ticket::Absence absence{person, {}, request->until, request->reason, call.who};
  const auto done = co_await services.rota->set_absent(std::move(absence));
  if (!done) co_return problem(done.error(), kPeopleHint);
  co_return person_answer(services, person);
}

Answer set_present(const Services& services, Call call) {
  const std::string person = call.arguments[0];
  if (auto may = may_speak_for(services, call, person); !may) {
    co_return problem(may.error(), kLeadHint);
  }
  const auto done = co_await services.rota->set_present(person, call.who);
  if (!done) co_return problem(done.error(), kPeopleHint);
  co_return person_answer(services, person);
}

Answer show_staffing(const Services& services, Call) {
  const auto roll = services.rota->roll();
  if (!roll) co_return problem(roll.error());
  co_return answer(staffing_view(*services.context.config, *roll));
}

Answer set_staffing(const Services& services, Call call) {
  const auto request = api::decode<api::StaffingRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  if (auto may = may_lead(services, call, "set the staffing level"); !may) {
    co_return problem(may.error(), kLeadHint);
  }
  const auto level = ticket::level_named(request->level);
  if (!level && request->level != "auto") {
    co_return problem(base::permanent(
        base::Code::invalid,
        fmt::format("\"{}\" is no level: normal, reduced, critical or auto", request->level)));
  }
  const auto done = co_await services.rota->set_staffing(level, call.who);
  if (!done) co_return problem(done.error());
  const auto roll = services.rota->roll();
  if (!roll) co_return problem(roll.error());
  co_return answer(staffing_view(*services.context.config, *roll));
}

Answer next_ticket(const Services& services, Call call) {
  const std::string given = word(call, "person");
  const std::string person = given.empty() ? call.who : given;
  const auto next = services.rota->next(person);
  if (!next) {
    co_return problem(next.error(), "say whom it is for: beredctl ticket next --person NAME");
  }
  api::Next view;
  view.person = person;
  if (*next) {
    view.ticket = ticket_view((*next)->ticket);
    view.reasons = (*next)->reasons;
  }
  co_return answer(view);
}

}  // namespace beredd::control
