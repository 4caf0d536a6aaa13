#include "point_in_time.h"
#include "print.h"
#include "run.h"

#include <fmt/format.h>

namespace beredd::beredctl {
namespace {

int show_person(Session& session, const std::string& body) {
  return session.present<api::Colleague>(body, [](const api::Colleague& one, const Style& style) {
    return people_text({one}, style);
  });
}

int show_ticket(Session& session, const std::string& body) {
  return session.present<api::Ticket>(body, [](const api::Ticket& ticket, const Style& style) {
    return tickets_text({ticket}, style);
  });
}

int show_one_of(Session& session, const std::string& body, const std::string& name) {
  const auto people = api::decode<std::vector<api::Colleague>>(body);
  if (!people) return session.fail(people.error());
  for (const api::Colleague& one : *people) {
    if (one.name == name) return show_person(session, api::encode(one));
  }
  return session.fail(base::permanent(
      base::Code::not_found,
      fmt::format("nobody is called \"{}\" (beredctl person list shows who there is)", name)));
}

std::string path_of(const std::string& person, std::string_view what) {
  return fmt::format("/v1/people/{}/{}", percent_encoded(person), what);
}

}  // namespace

int run(Session& session, const ListPeople& command) {
  const auto body = session.client.get("/v1/people");
  if (!body) return session.fail(body.error());
  if (!command.name.empty()) return show_one_of(session, *body, command.name);
  return session.present<std::vector<api::Colleague>>(*body, people_text);
}

int run(Session& session, const SetAbsent& command) {
  api::AbsenceRequest request{{}, command.reason};
  if (!command.until.empty()) {
    const auto until = time_to_come(command.until, session.style.now);
    if (!until) return session.fail(until.error());
    request.until = *until;
  }
  const auto body = session.client.post(path_of(command.name, "absent"), api::encode(request));
  if (!body) return session.fail(body.error());
  return show_person(session, *body);
}

int run(Session& session, const SetPresent& command) {
  const auto body = session.client.post(path_of(command.name, "present"), "{}");
  if (!body) return session.fail(body.error());
  return show_person(session, *body);
}

int run(Session& session, const ListTeams&) {
  const auto body = session.client.get("/v1/teams");
  if (!body) return session.fail(body.error());
  return session.present<std::vector<api::Team>>(*body, teams_text);
}

int run(Session& session, const ShareTicket& command) {
  using How = ShareTicket::How;
  const std::string ticket = fmt::format("/v1/tickets/{}", command.id);
  if (command.how == How::lease) {
    const auto body = session.client.post(ticket + "/lease", "{}");
    if (!body) return session.fail(body.error());
    return session.present<api::Lease>(*body, [](const api::Lease& lease, const Style&) {
      return fmt::format("Ticket {} is {}'s to answer until {}.\n", lease.ticket, lease.holder,
                         base::local_time(lease.until));
    });
  }
  if (command.how == How::release) {
    const auto body = session.client.remove(ticket + "/lease");
    return body ? show_ticket(session, *body) : session.fail(body.error());
  }
  const std::string_view way = command.how == How::escalate ? "/escalate" : "/deescalate";
  const auto body =
      session.client.post(ticket + std::string(way), api::encode(api::LineRequest{command.note}));
  return body ? show_ticket(session, *body) : session.fail(body.error());
}

int run(Session& session, const NextTicket& command) {
  std::string target = "/v1/next";
  if (!command.person.empty()) target += "?person=" + percent_encoded(command.person);
  const auto body = session.client.get(target);
  if (!body) return session.fail(body.error());
  return session.present<api::Next>(*body, next_text);
}

int run(Session& session, const ShowStaffing&) {
  const auto body = session.client.get("/v1/staffing");
  if (!body) return session.fail(body.error());
  return session.present<api::Staffing>(*body, staffing_text);
}

int run(Session& session, const SetStaffing& command) {
  const auto body =
      session.client.post("/v1/staffing", api::encode(api::StaffingRequest{command.level}));
  if (!body) return session.fail(body.error());
  return session.present<api::Staffing>(*body, staffing_text);
}

}  // namespace beredd::beredctl
