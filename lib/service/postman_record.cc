#include "outgoing_parts.h"
#include "postman_state.h"

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Status;
using store::DeliveryState;
using Kind = io::Handover::Kind;

namespace {

std::string_view outcome(Kind kind) {
  switch (kind) {
    case Kind::acknowledged:
    case Kind::already: return "taken";
    case Kind::deferred: return "deferred";
    case Kind::refused: return "refused";
    case Kind::unknown: return "unknown";
  }
  return "";
}

Status offer(store::WriteTxn& txn, const Fate& mail, base::Instant now) {
  if (auto offered = txn.offer(mail.message, kOutgoing, now); !offered) return offered;
  if (mail.domains.empty()) return {};
  const auto delivery = txn.delivery(mail.message, kOutgoing);
  if (!delivery) return delivery.error();
  auto parts = parts_in(txn, **delivery, now);
  if (!parts) return parts.error();
  set_parts(*parts, mail.domains, store::PartState::offered);
  return txn.put_parts(mail.message, kOutgoing, *std::move(parts), now);
}

}  // namespace

// What stands there as offered was offered by a process that is gone: all of a mail, or one part.
io::Task<void> Postman::State::doubt_what_was_offered() {
  std::vector<Fate> doubted;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    auto offered = txn.deliveries(kOutgoing, DeliveryState::offered, {}, SIZE_MAX);
    if (!offered) return offered.error();
    for (const store::Delivery& one : *offered) {
      doubted.push_back({one.message, one.ticket, Kind::unknown,
                         "beredd ended before the answer came",
                         domains_in(one.parts, store::PartState::offered)});
    }
    return {};
  });
  doubts = !read.ok();
  if (!doubted.empty()) co_await settle(std::move(doubted));
}

io::Task<void> Postman::State::pause() {
  const auto own = context.timers.make(executor);
  co_await own->wait(kPostmanPause);
}

io::Task<bool> Postman::State::write_offered(const std::vector<Fate>& mails) {
  const auto now = context.clock.now();
  store::Operation operation = [mails, now](store::WriteTxn& txn) -> Status {
    for (const Fate& mail : mails) {
      if (auto offered = offer(txn, mail, now); !offered) return offered;
    }
    return {};
  };
  auto written =
      co_await context.committer.commit(std::move(operation), base::Bytes(256 * mails.size()));
  if (written) co_return true;
  base::log_error("postman: {}", base::to_string(written.error()));
  co_await take_back(mails);
  co_return false;
}

// "offered" may have been written all the same; nothing has left, so nothing is in doubt.
io::Task<void> Postman::State::take_back(const std::vector<Fate>& mails) {
  const auto now = context.clock.now();
  const store::Operation back = [mails, now](store::WriteTxn& txn) -> Status {
    for (const Fate& mail : mails) {
      const auto delivery = txn.delivery(mail.message, kOutgoing);
      if (!delivery) return delivery.error();
      if (!*delivery || (*delivery)->state != DeliveryState::offered) continue;
      Parts parts = (*delivery)->parts;
      set_parts(parts, mail.domains, store::PartState::open);
      auto put = txn.put_parts(mail.message, kOutgoing, std::move(parts), now);
      if (!put) return put;
      store::WriteTxn::Deferral deferral{now, false, false, (*delivery)->words};
      auto deferred = txn.defer(mail.message, kOutgoing, deferral, now);
      if (!deferred) return deferred;
    }
    return {};
  };
  while (!stopping) {
    store::Operation again = back;
    auto taken_back =
        co_await context.committer.commit(std::move(again), base::Bytes(256 * mails.size()));
    if (taken_back) co_return;
    co_await pause();
  }
}

// Nothing else is offered until what became of these is on disk.
io::Task<void> Postman::State::settle(std::vector<Fate> fates) {
  const auto shared = std::make_shared<const std::vector<Fate>>(std::move(fates));
  for (;;) {
    const auto now = context.clock.now();
    store::Operation operation = [shared, now,
                                  config = context.config](store::WriteTxn& txn) -> Status {
      for (const Fate& fate : *shared) {
        if (auto written = write_fate(txn, fate, config->outgoing, now); !written) return written;
      }
      return {};
    };
    auto written =
        co_await context.committer.commit(std::move(operation), base::Bytes(512 * shared->size()));
    if (written) break;
    base::log_error("postman: {} answers wait to be written down: {}", shared->size(),
                    base::to_string(written.error()));
    if (written.error().fault == base::Fault::transient) {
      co_await pause();
      continue;
    }
    // It was written by a commit that was said to have failed; the others are not held up.
    if (shared->size() == 1) co_return;
    for (const Fate& fate : *shared) {
      std::vector<Fate> alone(1, fate);
      co_await settle(std::move(alone));
    }
    co_return;
  }
  for (const Fate& fate : *shared) count(fate);
}

void Postman::State::count(const Fate& fate) const {
  context.metrics
      .counter("beredd_answers_total", "Mails of the desk, by what became of an attempt.",
               base::label("outcome", outcome(fate.kind)))
      .add();
  if (fate.kind == Kind::refused || fate.kind == Kind::unknown) {
    base::log_warning("postman: message {} of ticket {} was not delivered: {}",
                      fate.message.value(), fate.ticket.value(), fate.words);
  }
}

}  // namespace beredd::service
