#include "beredd/smtp/server_session.h"

#include "server_state.h"

#include <algorithm>
#include <utility>

namespace beredd::smtp {

ServerEvent ServerSession::State::next() {
  while (events.empty()) {
    bool moved = false;
    switch (phase) {
      case Phase::greeting:
        phase = Phase::command;
        say(220, "", options.hostname + (lmtp() ? " LMTP beredd" : " ESMTP beredd"));
        moved = true;
        break;
      case Phase::command: moved = read_command(); break;
      case Phase::data: moved = read_data(); break;
      case Phase::chunk: moved = read_chunk(); break;
      case Phase::closed: return Close{};
      case Phase::asked_mail:
      case Phase::asked_recipient:
      case Phase::asked_data:
      case Phase::asked_accept:
      case Phase::asked_client:
      case Phase::asked_turn:
      case Phase::handshake: break;
    }
    if (!moved) {
      // A connection that is silent between two mails keeps nothing.
      if (input.empty() && phase == Phase::command && !transfer.open) std::string().swap(storage);
      return NeedInput{};
    }
  }
  ServerEvent event = std::move(events.front());
  events.pop_front();
  return event;
}

void ServerSession::State::receive(std::string_view bytes) {
  if (phase == Phase::closed || phase == Phase::handshake) return;
  storage.erase(0, storage.size() - input.size());
  storage.append(bytes);
  input = storage;
}

bool ServerSession::State::read_command() {
  switch (lines.read(input)) {
    case LineReader::Found::nothing: return false;
    case LineReader::Found::line: obey(lines.text()); break;
    case LineReader::Found::too_long: say(500, "5.5.2", "line too long"); break;
    case LineReader::Found::bare:
      end_with(reply(500, "5.5.2", "a line ends in CR LF, neither comes alone"));
      break;
  }
  return true;
}

bool ServerSession::State::read_data() {
  if (input.empty()) return false;
  const DataReader::Piece piece = transfer.reader.read(input);
  take_data(piece.bytes);
  if (piece.then == DataReader::Found::bare) spoil(Fate::bare);
  if (piece.then == DataReader::Found::end) end_data();
  return true;
}

void ServerSession::State::take_data(std::string_view bytes) {
  if (transfer.fate != Fate::wanted || bytes.empty()) return;
  const std::uint64_t room = options.max_message_size.count() - transfer.received;
  const std::string_view fitting = bytes.substr(0, std::min<std::uint64_t>(room, bytes.size()));
  transfer.received += fitting.size();
  if (!fitting.empty()) events.push_back(Data{fitting});
  if (fitting.size() < bytes.size()) spoil(Fate::too_large);
}

void ServerSession::State::spoil(Fate why) {
  if (transfer.fate != Fate::wanted) return;
  transfer.fate = why;
  events.push_back(DropData{});
}

void ServerSession::State::end_data() {
  const Fate fate = transfer.fate;
  if (fate == Fate::wanted) {
    phase = Phase::asked_accept;
    events.push_back(AskAccept{});
    return;
  }
  const int replies = replies_to_data();
  transfer = {};
  phase = Phase::command;
  say(fate == Fate::too_large
          ? reply(552, "5.3.4", "message too big")
          : reply(550, "5.6.11", "the message has a CR or LF that stands alone"),
      replies);
}

int ServerSession::State::replies_to_data() const {
  return lmtp() ? std::max(1, transfer.recipients) : 1;
}

void ServerSession::State::abandon() {
  if (transfer.chunked && transfer.fate == Fate::wanted) events.push_back(DropData{});
  transfer = {};
}

void ServerSession::State::answer(const Reply& reply) {
  int replies = 1;
  switch (phase) {
    case Phase::asked_mail:
      phase = Phase::command;
      transfer = {};
      transfer.open = reply.positive();
      transfer.excused = !reply.positive();
      break;
    case Phase::asked_recipient:
      phase = Phase::command;
      if (reply.positive()) ++transfer.recipients;
      if (!reply.positive()) transfer.excused = true;
      // A recipient that the host refuses is no error of the protocol; the host counts these.
      if (reply.permanent()) return write(reply);
      break;
    case Phase::asked_data:
      if (transfer.chunk_asked) return answer_chunk(reply);
      // A refused DATA ends the transaction: were it still open, the lines of a body sent too early
      // could name recipients and begin data of their own.
      phase = reply.intermediate() ? Phase::data : Phase::command;
      if (!reply.intermediate()) transfer = {};
      break;
    case Phase::asked_accept:
      phase = Phase::command;
      replies = replies_to_data();
      transfer = {};
      break;
    case Phase::asked_client:
      phase = Phase::command;
      if (reply.positive()) return begin_anew();
      break;
    case Phase::asked_turn: phase = Phase::command; break;
    default: return;  // nothing was asked
  }
  say(reply, replies);
}

void ServerSession::State::write(const Reply& reply, int times) {
  std::string bytes = wire(reply);
  const std::size_t once = bytes.size();
  for (int i = 1; i < times; ++i) bytes.append(bytes, 0, once);
  events.push_back(Write{std::move(bytes)});
}

void ServerSession::State::say(const Reply& reply, int times) {
  write(reply, times);
  if (reply.permanent()) ++errors;
  if (reply.code == 421) {
    close();
  } else if (reply.permanent() && errors >= options.max_errors) {
    met.errors = true;
    end_with(smtp::reply(421, "4.7.0", "too many errors"));
  }
}

void ServerSession::State::say(int code, std::string_view enhanced, std::string_view text) {
  say(reply(code, std::string(enhanced), std::string(text)));
}

void ServerSession::State::end_with(const Reply& reply) {
  write(reply);
  close();
}

void ServerSession::State::close() {
  // Replies that were earned are still owed to the peer; questions and data have no one to go to.
  std::erase_if(events,
                [](const ServerEvent& event) { return !std::holds_alternative<Write>(event); });
  phase = Phase::closed;
  transfer = {};
  input = {};
}

// --- the public face
// ------------------------------------------------------------------------------

ServerSession::ServerSession(ServerOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
ServerSession::~ServerSession() = default;
ServerSession::ServerSession(ServerSession&&) noexcept = default;
ServerSession& ServerSession::operator=(ServerSession&&) noexcept = default;

ServerEvent ServerSession::next() { return state_->next(); }
void ServerSession::receive(std::string_view bytes) { state_->receive(bytes); }
void ServerSession::answer(const Reply& reply) { state_->answer(reply); }

void ServerSession::tls_started() {
  if (state_->phase != State::Phase::handshake) return;
  state_->phase = State::Phase::command;
  state_->secure = true;
  state_->extended = false;
  state_->helo.clear();
  state_->transfer = {};
}

void ServerSession::time_out() {
  if (state_->phase == State::Phase::closed) return;
  state_->end_with(reply(421, "4.4.2", "waited too long"));
}

void ServerSession::shut_down() {
  if (state_->phase == State::Phase::closed) return;
  state_->end_with(reply(421, "4.3.2", "shutting down, try again later"));
}

void ServerSession::grant(Privileges privileges) { state_->privileges = privileges; }

bool ServerSession::in_data() const {
  return state_->phase == State::Phase::data || state_->phase == State::Phase::chunk;
}
bool ServerSession::in_transaction() const { return state_->in_transaction(); }
const std::string& ServerSession::helo() const { return state_->helo; }
bool ServerSession::extended() const { return state_->extended; }
bool ServerSession::secure() const { return state_->secure; }
const LimitsMet& ServerSession::limits_met() const { return state_->met; }

}  // namespace beredd::smtp
