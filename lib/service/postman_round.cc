#include "outgoing_parts.h"
#include "parcel.h"
#include "postman_state.h"
#include "retry.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::service {

using Kind = io::Handover::Kind;

namespace {

constexpr std::size_t kMostIdle = 16;  // connections that nothing goes over

}  // namespace

void Postman::State::begin(Load load) {
  for (const Fate& mail : load.mails) carried.insert(mail.ticket);
  ways[load.way].busy = true;
  ++rounds;
  io::spawn(executor, round(shared_from_this(), std::move(load)), "postman's round");
}

void Postman::State::end(const std::string& name, const std::vector<base::TicketId>& freed) {
  for (const base::TicketId ticket : freed) carried.erase(ticket);
  const auto found = ways.find(name);
  found->second.busy = false;
  found->second.idle_since = context.clock.now();
  if (found->second.session && !found->second.session->alive()) found->second.session.reset();
  if (!found->second.session && found->second.connect_after <= found->second.idle_since) {
    ways.erase(found);
  }
  --rounds;
  timer->wake();
}

io::Task<void> Postman::State::round(std::shared_ptr<State> self, Load load) {
  std::vector<base::TicketId> tickets;
  for (const Fate& mail : load.mails) tickets.push_back(mail.ticket);
  Way& way = self->ways[load.way];
  co_await self->take(way, std::move(load.mails));
  self->end(load.way, tickets);
}

io::Task<void> Postman::State::take(Way& way, std::vector<Fate> mails) {
  if (way.session && !way.session->alive()) way.session.reset();
  bool connected = way.session != nullptr;
  if (!connected) connected = co_await connect(way);
  if (!connected) {
    for (Fate& mail : mails) mail.words = way.trouble;
    co_await settle(std::move(mails));
    co_return;
  }
  const bool offered = co_await write_offered(mails);
  if (offered) {
    co_await hand_over(way, std::move(mails));
  } else {
    co_await pause();
  }
}

io::Task<bool> Postman::State::connect(Way& way) {
  auto opened = co_await target.open(executor);
  if (opened) {
    way.failed_connects = 0;
    way.session = std::move(*opened);
    co_return true;
  }
  ++way.failed_connects;
  way.connect_after = context.clock.now() + reconnect_after(way.failed_connects);
  way.trouble = opened.error().detail;
  base::log_warning("postman: the smarthost cannot be reached: {}", way.trouble);
  co_return false;
}

io::Task<void> Postman::State::hand_over(Way& way, std::vector<Fate> mails) {
  std::vector<io::Parcel> parcels;
  std::vector<Fate> fates;  // beside the parcels, then what could not even be read
  std::vector<Fate> unread;
  for (Fate& mail : mails) {
    auto made = parcel_of(context.store, mail.message);
    if (made) {
      made->envelope = envelope_for(made->envelope, mail.domains);
      parcels.push_back(std::move(*made));
      fates.push_back(std::move(mail));
    } else {
      mail.kind = Kind::refused;
      mail.words = fmt::format("our own copy cannot be read: {}", base::to_string(made.error()));
      unread.push_back(std::move(mail));
    }
  }
  std::function<void(std::size_t, io::Handover)> done = [&fates](std::size_t index,
                                                                 io::Handover handover) {
    fates[index].kind = handover.kind;
    fates[index].words = std::move(handover.words);
  };
  if (!parcels.empty()) co_await way.session->hand_over(std::move(parcels), std::move(done));
  fates.insert(fates.end(), unread.begin(), unread.end());
  co_await settle(std::move(fates));
}

// Says goodbye to the hosts that nothing went to for a while, or to the longest idle of too many.
void Postman::State::close_idle(bool all) {
  const auto now = context.clock.now();
  std::vector<std::pair<base::Instant, std::string>> idle;
  for (const auto& [name, way] : ways) {
    if (!way.busy && way.session) idle.emplace_back(way.idle_since, name);
  }
  std::ranges::sort(idle);
  std::size_t left = idle.size();
  for (const auto& [since, name] : idle) {
    if (!all && left <= kMostIdle && since + kPostmanIdle > now) break;
    --left;
    ++rounds;
    ways[name].busy = true;
    io::spawn(executor, close(shared_from_this(), name), "postman's goodbye");
  }
}

io::Task<void> Postman::State::close(std::shared_ptr<State> self, std::string name) {
  Way& way = self->ways[name];
  co_await way.session->finish();
  way.session.reset();
  self->end(name, {});
}

}  // namespace beredd::service
