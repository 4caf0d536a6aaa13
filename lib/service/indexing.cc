#include "beredd/service/indexing.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"
#include "beredd/vault/seal.h"

namespace beredd::service {

using base::MessageId;
using base::Result;
using base::Status;
using base::TicketId;

namespace {

constexpr std::size_t kSlice = 64;             // messages in one read of the store
constexpr std::size_t kBatchTerms = 100'000;   // in one write of the index
constexpr std::uint64_t kSaidEvery = 100'000;  // messages, while it catches up

std::string mark_of(const vault::Key& key, const store::Message& message) {
  const vault::Blind blind = vault::blind(key, "mark " + message.trace_id);
  return {reinterpret_cast<const char*>(blind.data()), blind.size()};
}

MessageId latest(const store::ReadTxn& txn) {
  const auto ids = txn.latest_messages(MessageId(), 1);
  return ids.empty() ? MessageId() : ids.front();
}

bool is_unsorted(const store::ReadTxn& txn, MessageId id) {
  const auto next = txn.unsorted(MessageId(id.value() - 1), 1);
  return !next.empty() && next.front() == id;
}

}  // namespace

Indexing::Indexing(Context& context, io::BlockingPool& pool, IndexPorts ports,
                   io::Executor executor)
    : context_(context),
      pool_(pool),
      ports_(std::move(ports)),
      executor_(std::move(executor)),
      timer_(context.timers.make(executor_)),
      pause_(context.timers.make(executor_)) {}

Indexing::~Indexing() = default;

void Indexing::start() { io::spawn(executor_, index_forever(), "indexing"); }
void Indexing::wake() { timer_->wake(); }

void Indexing::stop() {
  stopping_ = true;
  timer_->wake();
  pause_->wake();
}

std::shared_ptr<search::Index> Indexing::index() const {
  const std::lock_guard lock(mutex_);
  return index_;
}

void Indexing::set_index(std::shared_ptr<search::Index> index) {
  const std::lock_guard lock(mutex_);
  index_ = std::move(index);
}

io::Task<void> Indexing::index_forever() {
  while (!stopping_) {
    Step done = Step::failed;
    std::function<void()> work = [this, &done] { done = step(); };
    co_await pool_.run(std::move(work));
    if (stopping_ || done == Step::more) continue;
    if (done == Step::failed) {
      co_await pause_->wait(kPause);
      continue;
    }
    co_await timer_->wait(kHoldEvery);
    if (!stopping_) co_await pause_->wait(kGather);
  }
}

// A piece of work, short enough that stopping does not wait long.
Indexing::Step Indexing::step() {
  if (!index()) {
    if (auto opened = open(); !opened) return fail(opened.error());
  }
  if (!has_room()) return Step::failed;
  const Result<bool> more = collect();
  if (!more) return fail(more.error());
  const bool moved = batch_.position != index()->position();
  if (moved && (!*more || batch_terms_ >= kBatchTerms)) {
    if (auto applied = apply(); !applied) return fail(applied.error());
  }
  if (*more) return Step::more;
  const Result<bool> holding = hold_against_store();
  if (!holding) return fail(holding.error());
  if (*holding) return Step::more;
  complaint_.clear();
  return Step::through;
}

// What is corrupt is thrown away, and opened empty the next time.
Indexing::Step Indexing::fail(const base::Error& error) {
  const std::string words = base::to_string(error);
  if (error.code == base::Code::corrupt) {
    base::log_warning("search: the index is made anew from the store: {}", words);
    set_index(nullptr);
    const Status discarded = ports_.discard();
    if (!discarded) base::log_error("search: {}", base::to_string(discarded.error()));
    // A disk that breaks every index is not written to without end.
    const bool again = std::exchange(discarded_, true);
    return discarded && !again ? Step::more : Step::failed;
  }
  if (words != complaint_) base::log_error("search: indexing pauses: {}", words);
  complaint_ = words;
  if (index()) begin_batch();
  return Step::failed;
}

Status Indexing::open() {
  auto opened = ports_.open();
  if (!opened) return opened.error();
  if (!fits_store(**opened)) {
    return base::permanent(base::Code::corrupt, "it is of another state of the store");
  }
  lexicon_ = std::make_unique<search::Lexicon>((*opened)->key());
  set_index(std::move(*opened));
  begin_batch();
  holding_ = false;
  held_ = {};
  std::uint64_t behind_by = 0;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    behind_by = behind(txn);
    return {};
  });
  if (!read) return read;
  if (behind_by > kSaidEvery) base::log_info("search: {} mails are to be taken up", behind_by);
  return {};
}

// A store that was put back to an older state, or another one, has another mail at that place or
// none. One that was erased there proves nothing.
bool Indexing::fits_store(const search::Index& index) const {
  const search::Position position = index.position();
  if (!position.last) return true;
  bool fits = false;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto message = txn.message(position.last);
    fits = message ? mark_of(index.key(), *message) == position.mark
                   : message.error().code != base::Code::not_found || latest(txn) > position.last;
    return {};
  });
  return read && fits;
}

bool Indexing::has_room() {
  const base::Bytes least(2 * context_.config->node.low_water.count());
  if (index()->room() >= least) return true;
  const std::string words = "too little room on its disk";
  if (words != complaint_) {
    base::log_warning("search: indexing pauses: less than {} (twice node.low_water) are free",
                      base::for_people(least));
  }
  complaint_ = words;
  return false;
}

void Indexing::begin_batch() {
  batch_ = {};
  batch_.position = index()->position();
  batch_terms_ = 0;
}

// True: there is more to take up.
Result<bool> Indexing::collect() {
  bool more = false;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    take_late(txn);
    pass_by(txn, kSlice, more);
    return {};
  });
  if (!read) return read.error();
  return more;
}

// Goes on to the last sorted message among the next ones, or until the batch is full. Sorting keeps
// to the order of acceptance but for what it could not sort: that is remembered and taken up when
// it is.
void Indexing::pass_by(const store::ReadTxn& txn, std::size_t limit, bool& more) {
  search::Position& position = batch_.position;
  const auto ids = txn.messages(position.last, limit);
  const auto unsorted = txn.unsorted(position.last, limit);
  const auto waits = [&](MessageId id) {
    return std::binary_search(unsorted.begin(), unsorted.end(), id);
  };
  const auto last = std::find_if_not(ids.rbegin(), ids.rend(), waits);
  if (last == ids.rend()) return;
  more = ids.size() == limit && *last == ids.back();
  for (const MessageId id : ids) {
    if (id > *last) break;
    if (waits(id)) {
      position.passed_over.push_back(id);
      continue;
    }
    take_up(txn, id);
    position.last = id;
    if (batch_terms_ >= kBatchTerms && id != *last) {
      more = true;
      break;
    }
  }
  const auto message = txn.message(position.last);
  position.mark = message ? mark_of(index()->key(), *message) : std::string();
}

void Indexing::take_late(const store::ReadTxn& txn) {
  auto& late = batch_.position.passed_over;
  std::erase_if(late, [&](MessageId id) {
    if (is_unsorted(txn, id)) return false;
    take_up(txn, id);
    return true;
  });
}

// What cannot be read cannot be found either; the store says so whenever it is asked for it.
void Indexing::take_up(const store::ReadTxn& txn, MessageId id) {
  const auto message = txn.message(id);
  const auto sorted = txn.sorted(id);
  if (!message || !sorted || !*sorted) return;
  search::Addition& addition = batch_.tickets[(*sorted)->ticket];
  addition.messages.push_back(id);
  if (!is_notice(*message)) {  // which says the same of every ticket
    const auto terms = lexicon_->terms_of(message->envelope, (*sorted)->reading);
    addition.terms.insert(addition.terms.end(), terms.begin(), terms.end());
    batch_terms_ += terms.size();
  }
  ++taken_up_;
}

Status Indexing::apply() {
  auto applied = index()->apply(batch_);
  if (!applied) return applied;
  discarded_ = false;
  std::uint64_t count = 0;
  for (const auto& [id, addition] : batch_.tickets) count += addition.messages.size();
  context_.metrics.counter("beredd_mail_indexed_total", "Messages taken up by the search")
      .add(count);
  if (taken_up_ >= kSaidEvery) {
    base::log_info("search: mails up to number {} are taken up", batch_.position.last.value());
    taken_up_ = 0;
  }
  begin_batch();
  return {};
}

Result<Indexing::Found> Indexing::find(std::string_view text) const {
  const auto index = this->index();
  if (!index) {
    return base::transient(base::Code::unreachable,
                           "the search index is not open; the log says why, and it is tried again");
  }
  const search::Lexicon lexicon(index->key());
  auto query = search::parse_query(text, lexicon.analyzer());
  if (!query) return query.error();
  const auto terms = lexicon.terms_of(*query);
  auto tickets = index->find(terms);
  if (!tickets) return tickets.error();
  return Found{std::move(*tickets), std::move(*query)};
}

std::uint64_t Indexing::behind(const store::ReadTxn& txn) const {
  const auto index = this->index();
  const std::uint64_t last = latest(txn).value();
  if (!index) return last;
  const search::Position position = index->position();
  const std::uint64_t before = std::min(last, position.last.value());
  return last - before + position.passed_over.size();
}

}  // namespace beredd::service
