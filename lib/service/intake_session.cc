#include "intake_session.h"

#include "networks.h"
#include "offers.h"
#include "turn.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "beredd/base/log.h"
#include "beredd/base/text.h"
#include "beredd/smtp/proxy_header.h"

namespace beredd::service {

using smtp::reply;

namespace {

constexpr std::size_t kReadSize = 16 * 1024;
constexpr base::Duration kProxyTimeout = std::chrono::seconds(10);  // the whole header
constexpr base::Duration kFarewellTimeout = std::chrono::seconds(10);
// How long a client gets to read its 421 and go: so long a silence, and so long in all.
constexpr base::Duration kLinger = std::chrono::milliseconds(500);
constexpr base::Duration kLingerInAll = std::chrono::seconds(2);

smtp::ServerOptions session_options(const Context& context, const Door& door) {
  const config::Smtp& config = context.config->smtp;
  smtp::ServerOptions options;
  options.hostname = config.hostname;
  options.max_message_size = config.max_message_size;
  options.offer_starttls = door.tls != nullptr;
  options.offer_chunking = true;
  options.protocol = door.protocol;
  options.max_recipients = config.max_recipients;
  options.max_errors = config.limits.errors;
  offer_what_hand_back_passes_on(context, options);
  return options;
}

}  // namespace

IntakeSession::IntakeSession(Context& context, std::unique_ptr<io::Stream> stream, Door door)
    : context_(context),
      stream_(std::move(stream)),
      door_(std::move(door)),
      peer_(stream_->peer_address()),
      client_(peer_),
      counted_as_(door_.admission->client(client_)),
      limits_(context.config->smtp, context.clock.steady()),
      session_(session_options(context, door_)) {
  session_.grant(privileges());
}

io::Task<void> IntakeSession::run() {
  const auto& proxies = context_.config->smtp.proxy_protocol_from;
  if (lies_in(proxies, peer_) && !co_await hear_proxy()) {
    stream_->close();
    co_return;
  }
  look_up_client();
  if (!co_await hold_back()) {
    stream_->close();
    co_return;
  }
  for (;;) {
    smtp::ServerEvent event = session_.next();
    if (serve_at_once(event)) continue;
    bool goes_on = false;
    if (std::holds_alternative<smtp::NeedInput>(event)) {
      goes_on = co_await read_more();
    } else if (auto* reply = std::get_if<smtp::Write>(&event)) {
      goes_on = co_await write(std::move(reply->bytes));
    } else {
      goes_on = co_await serve(std::move(event));
    }
    if (!goes_on) break;
  }
  if (acceptance_) co_await acceptance_->drop();
  acceptance_.reset();
  count_met();
  if (stopping_) co_await linger();
  stream_->close();
}

io::Task<void> IntakeSession::turn_away(smtp::Reply words) {
  const auto self = shared_from_this();
  const std::string line = smtp::wire(words);
  auto written = co_await stream_->write(line, kFarewellTimeout);
  if (written) co_await linger();
  stream_->close();
}

void IntakeSession::stop(bool now) {
  boost::asio::post(stream_->executor(), [self = shared_from_this(), now] {
    self->stopping_ = true;
    if (now && (!self->reading_ || self->farewell_)) self->stream_->close();
    if (now || !self->session_.in_transaction()) {
      io::spawn(self->stream_->executor(), say_farewell(self), "smtp farewell");
    }
  });
}

// To a client that has nothing to wait for. Who is being served hears it behind its next reply.
io::Task<void> IntakeSession::say_farewell(std::shared_ptr<IntakeSession> self) {
  if (!self->reading_ || self->farewell_) co_return;
  self->farewell_ = true;
  const std::string words = smtp::wire(reply(421, "4.3.2", "shutting down, try again later"));
  auto written = co_await self->stream_->write(words, kFarewellTimeout);
  static_cast<void>(written.ok());  // it is gone either way
  const auto timer = self->context_.timers.make(self->stream_->executor());
  co_await timer->wait(kLinger);
  self->stream_->close();
}

// What the client said meanwhile is heard, because closing over unread bytes would reset the
// connection, and the 421 with it.
io::Task<void> IntakeSession::linger() {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(kReadSize);
  const std::span<char> room(buffer_.get(), kReadSize);
  const base::Instant end = context_.clock.steady() + kLingerInAll;
  while (context_.clock.steady() < end) {
    auto got = co_await stream_->read(room, kLinger);
    if (!got) co_return;
  }
}

bool IntakeSession::serve_at_once(smtp::ServerEvent& event) {
  if (std::holds_alternative<smtp::NeedInput>(event)) return false;
  limits_.line_ended();
  if (auto* mail = std::get_if<smtp::AskMail>(&event)) {
    session_.answer(ask_mail(*mail));
  } else if (auto* recipient = std::get_if<smtp::AskRecipient>(&event)) {
    if (inquiry_ && !inquiry_->over()) return false;
    session_.answer(ask_recipient(*recipient));
  } else if (std::holds_alternative<smtp::AskData>(event)) {
    session_.answer(reply(354, "", "go on; end with a dot on a line of its own"));
  } else if (auto* data = std::get_if<smtp::Data>(&event)) {
    return acceptance_->take(data->bytes);
  } else if (auto* client = std::get_if<smtp::AskClient>(&event)) {
    session_.answer(ask_client(*client));
  } else {
    return false;
  }
  return true;
}

io::Task<bool> IntakeSession::serve(smtp::ServerEvent event) {
  if (auto* recipient = std::get_if<smtp::AskRecipient>(&event)) {
    co_await inquiry_->wait_until_over();
    session_.answer(ask_recipient(*recipient));
  } else if (auto* data = std::get_if<smtp::Data>(&event)) {
    co_await acceptance_->append(data->bytes);
  } else if (std::holds_alternative<smtp::AskAccept>(event)) {
    co_await ask_accept();
  } else if (std::holds_alternative<smtp::DropData>(event)) {
    base::log_info(
        "smtp {}: its data are dropped: too large, a CR or LF alone, or given up by the client",
        client_);
    co_await acceptance_->drop();
    acceptance_.reset();
  } else if (auto* turn = std::get_if<smtp::AskTurn>(&event)) {
    const smtp::Reply answer = co_await answer_turn(context_, door_.run, turn->node);
    session_.answer(answer);
  } else if (std::holds_alternative<smtp::StartTls>(event)) {
    co_return co_await start_tls();
  } else if (std::holds_alternative<smtp::Close>(event)) {
    co_return false;
  }
  co_return true;
}

io::Task<bool> IntakeSession::write(std::string bytes) {
  const base::Instant began = context_.clock.steady();
  auto written = co_await stream_->write(bytes, limits_.patience_to_be_read());
  limits_.wrote(context_.clock.steady() - began);
  co_return was_read(written);
}

io::Task<bool> IntakeSession::read_more() {
  if (stopping_ && !session_.in_transaction()) {
    session_.shut_down();
    co_return true;
  }
  using Stage = SessionLimits::Stage;
  const Stage stage = session_.in_data() ? Stage::data : Stage::command;
  const auto [patience, limit] = limits_.patience(stage, context_.clock.steady());
  reading_ = true;
  if (!session_.in_transaction()) buffer_.reset();
  if (session_.in_data() && !buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(kReadSize);
  const std::span<char> room = buffer_ ? std::span(buffer_.get(), kReadSize) : std::span(line_);
  const base::Result<std::size_t> got = co_await stream_->read(room, patience);
  reading_ = false;
  if (farewell_) co_return false;
  if (got) {
    limits_.received(stage, *got);
    session_.receive({room.data(), *got});
    co_return true;
  }
  if (got.error().code != base::Code::timeout) co_return false;
  count_limited(context_.metrics, limit);
  session_.time_out();
  co_return true;
}

bool IntakeSession::was_read(const base::Status& written) {
  if (written) return true;
  // There is no use in saying 421 to who does not listen.
  if (written.error().code == base::Code::timeout) count_limited(context_.metrics, "idle_timeout");
  return false;
}

void IntakeSession::count_met() {
  const smtp::LimitsMet& met = session_.limits_met();
  count_limited(context_.metrics, "errors", met.errors ? 1 : 0);
  count_limited(context_.metrics, "max_recipients", static_cast<std::uint64_t>(met.recipients));
}

io::Task<bool> IntakeSession::hear_proxy() {
  smtp::ProxyHeaderReader reader;
  buffer_ = std::make_unique_for_overwrite<char[]>(kReadSize);
  const std::span<char> room(buffer_.get(), kReadSize);
  const base::Instant end = context_.clock.steady() + kProxyTimeout;
  for (;;) {
    const base::Duration left = end - context_.clock.steady();
    if (left <= base::Duration::zero()) co_return false;
    auto got = co_await stream_->read(room, left);
    if (!got) co_return false;
    auto header = reader.receive({buffer_.get(), *got});
    if (!header) {
      base::log_warning("smtp {}: closed, because it does not begin with a PROXY header: {}", peer_,
                        header.error().detail);
      co_return false;
    }
    if (!*header) continue;
    if ((*header)->client) peer_ = client_ = *(*header)->client;
    session_.grant(privileges());
    if (auto refusal = admit_client()) {
      smtp::Reply words = *std::move(refusal);
      co_await turn_away(std::move(words));
      co_return false;
    }
    spoke_early_ = !reader.rest().empty();
    session_.receive(reader.rest());
    co_return true;
  }
}

io::Task<bool> IntakeSession::start_tls() {
  auto shaken = co_await stream_->start_tls_server(*door_.tls, context_.config->smtp.idle_timeout);
  if (!shaken) {
    base::log_info("smtp {}: STARTTLS failed: {}", client_, shaken.error().detail);
    co_return false;
  }
  session_.tls_started();
  co_return true;
}

io::Task<bool> IntakeSession::hold_back() {
  const base::Duration delay = context_.config->smtp.limits.banner_delay;
  if (delay == base::Duration::zero()) co_return true;
  if (counted_as_.standing != Admission::Standing::stranger) co_return true;
  if (!spoke_early_) {
    reading_ = true;
    auto heard = co_await stream_->readable(delay);
    reading_ = false;
    if (farewell_) co_return false;
    if (!heard) co_return heard.error().code == base::Code::timeout;
    // Readable is also the end of the stream: who merely looks whether the port answers.
    buffer_ = std::make_unique_for_overwrite<char[]>(kReadSize);
    const std::span<char> room(buffer_.get(), kReadSize);
    auto got = co_await stream_->read(room, delay);
    if (!got) co_return false;
  }
  count_limited(context_.metrics, "banner_delay");
  const std::string words = smtp::wire(reply(554, "5.5.1", "you spoke before the greeting"));
  auto written = co_await stream_->write(words, kFarewellTimeout);
  if (written) co_await linger();
  co_return false;
}

io::Task<void> IntakeSession::ask_accept() {
  std::string peer = fmt::format("{} ({})", client_, session_.helo());
  auto accepted = co_await acceptance_->commit(hop(), std::move(peer));
  const bool loop = acceptance_->loops();
  acceptance_.reset();
  if (!accepted) {
    const std::string why = base::to_string(accepted.error());
    // A loop is the doing of others, and may come as often as they like.
    loop ? base::log_info("smtp {}: refused: {}", client_, why)
         : base::log_error("smtp {}: refused: {}", client_, why);
    session_.answer(loop ? reply(554, "5.4.6", "this mail goes in a circle")
                         : smtp::reply_for(accepted.error()));
    co_return;
  }
  context_.metrics.counter("beredd_mail_accepted_total", "Transactions answered 250").add();
  session_.answer(reply(250, "2.0.0", "taken as " + *accepted));
}

}  // namespace beredd::service
