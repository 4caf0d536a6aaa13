#include "parcel.h"
#include "postman_state.h"
#include "retry.h"

#include <fmt/format.h>

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Status;
using Kind = io::Handover::Kind;

namespace {

constexpr std::size_t kBatch = 20;

}  // namespace

std::vector<Fate> Postman::State::due() {
  const auto now = context.clock.now();
  std::vector<Fate> mails;
  if (now < connect_after) return mails;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto lanes = txn.lanes(kOutgoing, now, kBatch, [](base::TicketId) { return false; });
    if (!lanes) return lanes.error();
    for (const store::Lane& lane : *lanes)
      mails.push_back({lane.head, lane.ticket, Kind::deferred, {}});
    return {};
  });
  if (!read) base::log_error("postman: {}", base::to_string(read.error()));
  return mails;
}

io::Task<void> Postman::State::send(std::vector<Fate> mails) {
  if (!session) {
    const bool connected = co_await connect();
    if (!connected) {
      for (Fate& mail : mails) mail.words = trouble;
      co_await settle(std::move(mails));
      co_return;
    }
  }
  const bool offered = co_await write_offered(mails);
  if (offered) {
    co_await hand_over(std::move(mails));
  } else {
    co_await timer->wait(kPostmanPause);
  }
}

io::Task<bool> Postman::State::connect() {
  auto opened = co_await target.open(executor);
  if (opened) {
    failed_connects = 0;
    session = std::move(*opened);
    co_return true;
  }
  ++failed_connects;
  connect_after = context.clock.now() + reconnect_after(failed_connects);
  trouble = opened.error().detail;
  base::log_warning("postman: the smarthost cannot be reached: {}", trouble);
  co_return false;
}

io::Task<void> Postman::State::hand_over(std::vector<Fate> mails) {
  std::vector<io::Parcel> parcels;
  std::vector<Fate> fates;  // beside the parcels, then what could not even be read
  std::vector<Fate> unread;
  for (Fate& mail : mails) {
    auto made = parcel_of(context.store, mail.message);
    if (made) {
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
  if (!parcels.empty()) co_await session->hand_over(std::move(parcels), std::move(done));
  fates.insert(fates.end(), unread.begin(), unread.end());
  co_await settle(std::move(fates));
}

}  // namespace beredd::service
