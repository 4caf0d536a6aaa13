// Random walks of deliveries against a model that keeps everything in one map and sorts anew.

#include "store_fixture.h"

#include <set>

namespace beredd::store {
namespace {

using enum DeliveryState;

struct Modelled {
  TicketId ticket;
  DeliveryState state = queued;
  base::Instant due{};
  base::Instant received{};
};

bool waits(DeliveryState state) { return state == held || state == queued || state == offered; }

class Model {
 public:
  std::map<MessageId, Modelled> deliveries;

  std::vector<std::pair<base::Instant, MessageId>> lanes(base::Instant until) const {
    std::map<TicketId, MessageId> heads;
    for (const auto& [id, each] : deliveries) {
      if (waits(each.state)) heads.emplace(each.ticket, id);
    }
    std::vector<std::tuple<base::Instant, TicketId, MessageId>> due;
    for (const auto& [ticket, id] : heads) {
      const Modelled& head = deliveries.at(id);
      if (head.state != offered && head.due <= until) due.emplace_back(head.due, ticket, id);
    }
    std::ranges::sort(due);
    std::vector<std::pair<base::Instant, MessageId>> out;
    for (const auto& [when, ticket, id] : due) out.emplace_back(when, id);
    return out;
  }
  std::uint64_t count(DeliveryState state) const {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        deliveries, [&](const auto& each) { return each.second.state == state; }));
  }
  std::optional<base::Instant> oldest() const {
    for (const auto& [id, each] : deliveries) {
      if (waits(each.state)) return each.received;
    }
    return std::nullopt;
  }
};

class RandomWalk : public StoreTest, public testing::WithParamInterface<std::uint64_t> {
 protected:
  void walk(int steps) {
    for (int i = 0; i < 5; ++i) tickets_.push_back(open_ticket());
    for (int i = 0; i < steps; ++i) {
      now_ += 1s;
      step();
      if (HasFailure()) return;
      if (i % 10 == 0) compare();
      if (i % 60 == 59) reopen();
    }
    compare();
  }

  void step() {
    if (model_.deliveries.empty() || dice_.below(4) == 0) return begin();
    if (dice_.below(25) == 0) return hold_all(dice_.below(2) == 0);
    auto chosen = model_.deliveries.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(dice_.below(model_.deliveries.size())));
    take(chosen->first, chosen->second);
  }

  void begin() {
    TicketId ticket = tickets_[dice_.below(tickets_.size())];
    DeliveryState state = dice_.below(3) == 0 ? held : queued;
    MessageId id = enqueue(ticket, now_, state);
    model_.deliveries[id] = {ticket, state, now_, now_};
  }

  void hold_all(bool hold) {
    must([&](WriteTxn& txn) -> base::Status {
      auto next = txn.hold_lanes("helpdesk", hold, {}, 10'000, now_);
      return next.ok() ? base::Status() : base::Status(next.error());
    });
    for (auto& [id, each] : model_.deliveries) {
      if (each.state != held && each.state != queued) continue;
      each.state = hold ? held : queued;
      if (!hold) each.due = std::min(each.due, now_);
    }
  }

  // Tries any step at all; the model says whether it may succeed.
  void take(MessageId id, Modelled& modelled) {
    struct Try {
      std::function<base::Status(WriteTxn&)> operation;
      std::set<DeliveryState> from;
      Modelled after;
    };
    Modelled after = modelled;
    auto to = [&](DeliveryState state, base::Instant due) {
      after.state = state;
      after.due = due;
      return after;
    };
    base::Instant later = now_ + std::chrono::seconds(dice_.below(30));
    const std::array<Try, 7> tries = {{
        {[=, this](WriteTxn& txn) { return txn.offer(id, "helpdesk", now_); },
         {held, queued},
         to(offered, modelled.due)},
        {[=, this](WriteTxn& txn) { return txn.acknowledge(id, "helpdesk", "250", now_); },
         {held, queued, offered},
         to(acknowledged, modelled.due)},
        {[=, this](WriteTxn& txn) { return txn.prove(id, "helpdesk", "seen", now_); },
         {offered, acknowledged},
         to(proven, modelled.due)},
        {[=, this](WriteTxn& txn) {
           return txn.defer(id, "helpdesk", {later, false, true, "451"}, now_);
         },
         {held, queued, offered},
         to(queued, later)},
        {[=, this](WriteTxn& txn) { return txn.quarantine(id, "helpdesk", "550", now_); },
         {held, queued, offered},
         to(quarantined, modelled.due)},
        {[=, this](WriteTxn& txn) { return txn.retry(id, "helpdesk", now_); },
         {quarantined},
         to(queued, now_)},
        {[=, this](WriteTxn& txn) { return txn.suppress(id, "helpdesk", "spam", now_); },
         {quarantined},
         to(suppressed, modelled.due)},
    }};
    const Try& chosen = tries[dice_.below(tries.size())];
    base::Status status = write(chosen.operation);
    ASSERT_EQ(status.ok(), chosen.from.contains(modelled.state));
    if (status) modelled = chosen.after;
  }

  void compare() {
    for (base::Instant until : {now_, base::Instant::max()}) {
      std::vector<std::pair<base::Instant, MessageId>> found;
      for (const Lane& lane : lanes(until)) found.emplace_back(lane.due, lane.head);
      ASSERT_EQ(found, model_.lanes(until));
    }
    auto all = model_.lanes(base::Instant::max());
    auto next = ask([](const ReadTxn& txn) { return txn.next_due("helpdesk"); });
    ASSERT_EQ(next.has_value(), !all.empty());
    if (next) {
      ASSERT_EQ(*next, all.front().first);
    }
    DeliveryCounts now = counts();
    ASSERT_EQ(now.held, model_.count(held));
    ASSERT_EQ(now.queued, model_.count(queued));
    ASSERT_EQ(now.offered, model_.count(offered));
    ASSERT_EQ(now.acknowledged, model_.count(acknowledged));
    ASSERT_EQ(now.proven, model_.count(proven));
    ASSERT_EQ(now.quarantined, model_.count(quarantined));
    ASSERT_EQ(now.suppressed, model_.count(suppressed));
    auto oldest = ask([](const ReadTxn& txn) { return txn.oldest_waiting("helpdesk"); });
    ASSERT_EQ(oldest, model_.oldest());
    for (const auto& [id, each] : model_.deliveries) ASSERT_EQ(delivery(id).state, each.state);
  }

  base::SeededRandom dice_{GetParam()};
  Model model_;
  std::vector<TicketId> tickets_;
  base::Instant now_ = kStart;
};

TEST_P(RandomWalk, AgreesWithTheModel) {
  walk(400);
  EXPECT_GE(journal().size(), model_.deliveries.size());
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, testing::Values(1u, 2u, 3u, 4u));

}  // namespace
}  // namespace beredd::store
