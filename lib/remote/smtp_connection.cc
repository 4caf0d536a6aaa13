#include "smtp_connection.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::remote {
namespace {

using base::Code;

// What is gathered before it is written: a whole small message, or one chunk of a large one.
constexpr std::size_t kFlush = 32 * 1024;
// A polite end is worth so much waiting.
constexpr base::Duration kFarewell = std::chrono::seconds(5);

io::Handover::Kind kind_of(smtp::Outcome::Kind kind) {
  switch (kind) {
    case smtp::Outcome::Kind::acknowledged: return io::Handover::Kind::acknowledged;
    case smtp::Outcome::Kind::already: return io::Handover::Kind::already;
    case smtp::Outcome::Kind::refused: return io::Handover::Kind::refused;
    case smtp::Outcome::Kind::unknown: return io::Handover::Kind::unknown;
    case smtp::Outcome::Kind::deferred:
    case smtp::Outcome::Kind::absent: break;
  }
  return io::Handover::Kind::deferred;
}

smtp::ClientOptions session_options(const SmtpTargetOptions& options,
                                    std::optional<smtp::Credentials> login) {
  smtp::ClientOptions made{options.helo, options.tls};
  made.credentials = std::move(login);
  made.lmtp = options.lmtp;
  return made;
}

// Fates become known out of order when a message is too large even to offer; they are told in
// order.
class InOrder {
 public:
  InOrder(std::size_t count, std::function<void(std::size_t, io::Handover)> done)
      : fates_(count), done_(std::move(done)) {}

  void settle(std::size_t index, io::Handover fate) {
    fates_[index] = std::move(fate);
    for (; told_ < fates_.size() && fates_[told_]; ++told_) {
      done_(told_, *std::exchange(fates_[told_], std::nullopt));
    }
  }
  bool complete() const { return told_ == fates_.size(); }
  void settle_rest(const io::Handover& fate) {
    for (std::size_t i = told_; i < fates_.size(); ++i) {
      if (!fates_[i]) settle(i, fate);
    }
  }

 private:
  std::vector<std::optional<io::Handover>> fates_;
  std::function<void(std::size_t, io::Handover)> done_;
  std::size_t told_ = 0;
};

}  // namespace

SmtpConnection::SmtpConnection(std::unique_ptr<io::Stream> stream, SmtpTargetOptions options,
                               io::TlsContext* tls, std::optional<smtp::Credentials> login)
    : stream_(std::move(stream)),
      options_(std::move(options)),
      tls_(tls),
      session_(session_options(options_, std::move(login))),
      timeout_(options_.timeout) {}

// --- talking

io::Task<smtp::ClientEvent> SmtpConnection::next_event() {
  for (;;) {
    smtp::ClientEvent event = session_.next();
    if (auto* send = std::get_if<smtp::Send>(&event)) {
      unsent_ += send->bytes;
    } else if (std::holds_alternative<smtp::AwaitInput>(event)) {
      if (!failure_) co_await flush();
      if (failure_) {
        session_.lost(in_words(*failure_));
      } else {
        co_await read_replies();
      }
    } else if (std::holds_alternative<smtp::ShakeHands>(event)) {
      co_await shake_hands();
    } else {
      co_return event;
    }
  }
}

io::Task<void> SmtpConnection::flush() {
  const std::string bytes = std::exchange(unsent_, {});
  if (bytes.empty() || failure_) co_return;
  auto status = co_await stream_->write(bytes, timeout_);
  if (status) co_return;
  // A server that hangs up in the middle has often said why: "552 too large".
  if (status.error().code == Code::closed) co_await read_replies();
  failure_ = std::move(status).error();
}

io::Task<void> SmtpConnection::read_replies() {
  const std::span<char> into(received_);
  auto count = co_await stream_->read(into, timeout_);
  if (count) {
    session_.receive(std::string_view(received_.data(), *count));
  } else {
    failure_ = std::move(count).error();
  }
}

io::Task<void> SmtpConnection::shake_hands() {
  co_await flush();
  if (failure_) co_return session_.lost(in_words(*failure_));
  const auto status = co_await start_tls();
  if (status) session_.tls_started();
}

io::Task<base::Status> SmtpConnection::start_tls() {
  auto status = co_await stream_->start_tls_client(*tls_, options_.at.host, timeout_);
  if (!status) {
    failure_ = status.error();
    session_.lost(in_words(*failure_));
  }
  co_return status;
}

io::Task<void> SmtpConnection::say_the_rest() {
  smtp::ClientEvent event = session_.next();
  while (auto* send = std::get_if<smtp::Send>(&event)) {
    unsent_ += send->bytes;
    event = session_.next();
  }
  co_await flush();
  if (failure_ || std::holds_alternative<smtp::Over>(event)) over();
}

void SmtpConnection::over() {
  alive_ = false;
  stream_->close();
}

std::string SmtpConnection::in_words(const base::Error& error) const {
  switch (error.code) {
    case Code::timeout: return "no answer within " + base::to_string(timeout_);
    case Code::closed: return "the connection was lost: " + error.detail;
    case Code::tls: return "TLS: " + error.detail;
    default: return error.detail;
  }
}

// --- opening

io::Task<base::Status> SmtpConnection::greet() {
  if (options_.tls == smtp::TlsPolicy::implicit) {
    const auto shaken = co_await start_tls();
    if (!shaken) {
      over();
      co_return opening_error(in_words(shaken.error()));
    }
  }
  const smtp::ClientEvent event = co_await next_event();
  if (const auto* ready = std::get_if<smtp::Ready>(&event)) {
    capabilities_ = ready->capabilities;
    co_return base::Status();
  }
  const auto* ended = std::get_if<smtp::Over>(&event);
  over();
  co_return opening_error(ended != nullptr ? ended->why : "the session did not begin");
}

base::Error SmtpConnection::opening_error(const std::string& why) const {
  Code code = Code::refused;
  if (failure_) {
    const Code cause = failure_->code;
    code = cause == Code::tls || cause == Code::timeout ? cause : Code::unreachable;
  } else if (options_.tls == smtp::TlsPolicy::required &&
             why.find("TLS is required") != std::string::npos) {
    code = Code::tls;
  }
  return base::transient(code, fmt::format("{}:{}: {}", options_.at.host, options_.at.port, why));
}

io::TargetAbilities SmtpConnection::abilities() const {
  const bool smtputf8 = capabilities_.smtputf8 && capabilities_.eight_bit_mime;
  return {smtputf8, capabilities_.dsn, capabilities_.max_size};
}

// --- handing over

smtp::Transaction SmtpConnection::transaction_of(const io::Parcel& parcel) const {
  smtp::Transaction transaction;
  transaction.envelope = parcel.envelope;
  transaction.size = parcel.size + base::Bytes(parcel.trace.size());
  if (!parcel.trace_id.empty()) transaction.transaction_id = parcel.trace_id + "@" + options_.helo;
  return transaction;
}

io::Handover SmtpConnection::handover_of(const smtp::Outcome& outcome) const {
  return io::Handover{kind_of(outcome.kind), outcome.words, /*their_fault=*/!our_fault_};
}

io::Task<void> SmtpConnection::hand_over(
    std::vector<io::Parcel> parcels, std::function<void(std::size_t index, io::Handover)> done) {
  InOrder fates(parcels.size(), std::move(done));
  const std::size_t first = begun_;
  for (const io::Parcel& parcel : parcels) {
    session_.begin(transaction_of(parcel));
    ++begun_;
  }
  std::string why = "the session is over";
  while (!fates.complete()) {
    smtp::ClientEvent event = co_await next_event();
    if (const auto* body = std::get_if<smtp::SendBody>(&event)) {
      co_await send_body(body->index, parcels[body->index - first]);
    } else if (const auto* finished = std::get_if<smtp::Finished>(&event)) {
      fates.settle(finished->index - first, handover_of(finished->outcome));
    } else if (auto* ended = std::get_if<smtp::Over>(&event)) {
      if (!ended->why.empty()) why = std::move(ended->why);
      break;
    }
  }
  fates.settle_rest(io::Handover{io::Handover::Kind::deferred, why, !our_fault_});
  co_await say_the_rest();
}

// Goes on where it stopped when the session had no room. Once the end of the message may have left,
// only the answer decides: it is written even if the stream breaks with it.
io::Task<void> SmtpConnection::send_body(std::size_t index, const io::Parcel& parcel) {
  if (sending_ != index) pieces_sent_ = 0;
  sending_ = index;
  while (session_.takes_body() && !failure_) {
    if (pieces_sent_ > parcel.chunks) {
      unsent_ += session_.end_body();
      co_return;
    }
    const auto piece = piece_of(parcel, pieces_sent_++);
    if (!piece) {
      our_fault_ = true;
      session_.abort_body("the message could not be read: " + piece.error().detail);
      over();
      co_return;
    }
    unsent_ += session_.body(*piece);
    if (unsent_.size() >= kFlush) co_await flush();
  }
}

// The trace, then the chunks of the message.
base::Result<std::string> SmtpConnection::piece_of(const io::Parcel& parcel, std::uint32_t number) {
  if (number == 0) return parcel.trace;
  return parcel.chunk(number - 1);
}

// --- looking up, and the end

io::Task<io::LookUpResult> SmtpConnection::look_up(io::Parcel parcel) {
  io::LookUpResult result;
  if (!alive_) co_return io::LookUpResult{io::LookUp::failed, "the connection is gone"};
  if (!capabilities_.checkpoint || parcel.trace_id.empty()) co_return result;
  session_.ask(transaction_of(parcel));
  ++begun_;
  result = {io::LookUp::failed, "the session is over"};
  const smtp::ClientEvent event = co_await next_event();
  if (const auto* finished = std::get_if<smtp::Finished>(&event)) {
    result.words = finished->outcome.words;
    if (finished->outcome.kind == smtp::Outcome::Kind::already) result.found = io::LookUp::found;
    if (finished->outcome.kind == smtp::Outcome::Kind::absent) {
      result = {io::LookUp::absent,
                "it does not know this transaction (\"" + finished->outcome.words + "\")"};
    }
  } else if (const auto* ended = std::get_if<smtp::Over>(&event)) {
    result.words = ended->why;
  }
  co_await say_the_rest();
  co_return result;
}

io::Task<void> SmtpConnection::finish() {
  if (!alive_) co_return;
  timeout_ = std::min(options_.timeout, kFarewell);
  session_.quit();
  smtp::ClientEvent event = co_await next_event();
  while (!std::holds_alternative<smtp::Over>(event)) event = co_await next_event();
  over();
}

}  // namespace beredd::remote
