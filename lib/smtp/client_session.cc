#include "beredd/smtp/client_session.h"

#include "capabilities.h"
#include "client_state.h"

#include <utility>

#include <fmt/format.h>

namespace beredd::smtp {
namespace {

constexpr std::size_t kMaxLine = 2048 + 2;  // ReplyReader's limit, and CRLF

}  // namespace

ClientEvent ClientSession::State::next() {
  while (events.empty()) {
    if (phase == Phase::over) return Over{why_over};
    if (phase == Phase::ready) proceed();
    if (!events.empty()) break;
    if (!outgoing.empty()) return Send{std::exchange(outgoing, {})};
    if (phase == Phase::handshake || !read_line()) return AwaitInput{};
  }
  ClientEvent event = std::move(events.front());
  events.pop_front();
  return event;
}

void ClientSession::State::receive(std::string_view bytes) {
  if (phase == Phase::over || phase == Phase::handshake) return;
  input.erase(0, std::exchange(input_at, 0));
  input.append(bytes);
}

bool ClientSession::State::read_line() {
  const std::string_view rest = std::string_view(input).substr(input_at);
  const auto end = rest.find('\n');
  if (end == std::string_view::npos && rest.size() <= kMaxLine) return false;
  std::string_view line = rest.substr(0, end);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  input_at += end == std::string_view::npos ? rest.size() : end + 1;
  on_line(line);
  return true;
}

void ClientSession::State::on_line(std::string_view line) {
  auto reply = replies.line(line);
  if (!reply.ok()) return end("the server speaks no SMTP: " + reply.error().detail);
  if (*reply) on_reply(**reply);
}

void ClientSession::State::on_reply(const Reply& reply) {
  if (phase == Phase::greeting) return on_greeting(reply);
  if (reply.code == 421) return on_421(reply);
  if (in_body && expected.empty()) return on_reply_during_body(reply);
  if (expected.empty()) return end("a reply to nothing: " + one_line(reply));
  const Expected about = expected.front();
  expected.pop_front();
  if (phase == Phase::ready && about.what != Awaited::quit)
    return on_transaction_reply(about, reply);
  on_session_reply(about.what, reply);
}

// RFC 5321 §3.8: the server is about to close, whatever was asked.
void ClientSession::State::on_421(const Reply& reply) {
  const auto what = expected.empty() ? Awaited::quit : expected.front().what;
  if (what == Awaited::final_dot || what == Awaited::chunk) {
    const std::size_t index = expected.front().index;
    const Outcome deferred{Outcome::Kind::deferred, one_line(reply)};
    // Where some of LMTP's recipients have taken it, the others' fate is not known.
    if (transactions[index].recipients_taken == 0) {
      finish(index, transactions[index].verdict.value_or(deferred));
    }
  }
  end(one_line(reply));
}

void ClientSession::State::on_session_reply(Awaited what, const Reply& reply) {
  switch (what) {
    case Awaited::ehlo: return on_ehlo(reply);
    case Awaited::helo: return on_helo(reply);
    case Awaited::starttls: return on_starttls(reply);
    case Awaited::auth: return on_auth(reply);
    case Awaited::cancelled: return end(why_cancelled);
    default: return end("");  // QUIT: whatever it says, we are done
  }
}

void ClientSession::State::on_greeting(const Reply& reply) {
  if (!reply.positive()) return end(one_line(reply));
  phase = Phase::hello;
  hello(options.lmtp ? Verb::lhlo : Verb::ehlo, Awaited::ehlo);
}

void ClientSession::State::hello(Verb verb, Awaited what) { say(verb, options.helo, {what}); }

void ClientSession::State::on_ehlo(const Reply& reply) {
  if (reply.permanent() && !options.lmtp) return hello(Verb::helo, Awaited::helo);
  if (!reply.positive()) return end(one_line(reply));
  capabilities = read_capabilities(reply);
  choose_tls();
}

void ClientSession::State::on_helo(const Reply& reply) {
  if (!reply.positive()) return end(one_line(reply));
  capabilities = {};
  choose_tls();
}

void ClientSession::State::choose_tls() {
  if (secure || options.tls == TlsPolicy::off) return log_in();
  if (capabilities.starttls) return say(Verb::starttls, {}, {Awaited::starttls});
  if (options.tls == TlsPolicy::required) {
    return end("the server does not offer STARTTLS, and TLS is required");
  }
  log_in();
}

void ClientSession::State::on_starttls(const Reply& reply) {
  if (reply.positive()) {
    phase = Phase::handshake;
    // Plain text behind the reply could have been put there by anyone: it must not pass for what
    // the server says under TLS.
    input.clear();
    input_at = 0;
    events.push_back(ShakeHands{});
  } else if (options.tls == TlsPolicy::required) {
    end("STARTTLS was refused, and TLS is required: " + one_line(reply));
  } else {
    log_in();
  }
}

void ClientSession::State::become_ready() {
  phase = Phase::ready;
  events.push_back(Ready{capabilities});
}

void ClientSession::State::say(Verb verb, std::string_view argument, Expected reply) {
  outgoing += command(verb, argument);
  group_open = !rule_of(verb).ends_group;
  expected.push_back(reply);
}

void ClientSession::State::end(std::string_view why) {
  if (phase == Phase::over) return;
  phase = Phase::over;
  if (!quit_sent) why_over = why.empty() ? "the connection is closed" : why;
  std::erase_if(events,
                [](const ClientEvent& event) { return !std::holds_alternative<Finished>(event); });
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    Progress& progress = transactions[i];
    if (progress.finished) continue;
    const auto kind = progress.final_dot_sent ? Outcome::Kind::unknown : Outcome::Kind::deferred;
    finish(i, progress.verdict.value_or(Outcome{kind, why_over}));
  }
  outgoing.clear();
  input.clear();
  input_at = 0;
  expected.clear();
  current.reset();
  in_body.reset();
}

// --- the public face
// ------------------------------------------------------------------------------

ClientSession::ClientSession(ClientOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
ClientSession::~ClientSession() = default;
ClientSession::ClientSession(ClientSession&&) noexcept = default;
ClientSession& ClientSession::operator=(ClientSession&&) noexcept = default;

ClientEvent ClientSession::next() { return state_->next(); }
void ClientSession::receive(std::string_view bytes) { state_->receive(bytes); }
void ClientSession::lost(std::string_view why) { state_->end(why); }
void ClientSession::quit() { state_->quitting = true; }

void ClientSession::tls_started() {
  if (state_->phase != State::Phase::handshake) return;
  state_->phase = State::Phase::hello;
  state_->secure = true;
  state_->capabilities = {};
  state_->hello(state_->options.lmtp ? Verb::lhlo : Verb::ehlo, State::Awaited::ehlo);
}

std::size_t ClientSession::begin(Transaction transaction) {
  const std::size_t index = state_->transactions.size();
  state_->transactions.emplace_back().transaction = std::move(transaction);
  if (state_->phase == State::Phase::over || state_->quit_sent) {
    state_->next_to_start = index + 1;
    state_->finish(index, {Outcome::Kind::deferred, "the session was already ending"});
  }
  return index;
}

std::size_t ClientSession::ask(Transaction transaction) {
  const std::size_t index = begin(std::move(transaction));
  state_->transactions[index].asks = true;
  return index;
}

std::string ClientSession::body(std::string_view piece) { return state_->body(piece); }
std::string ClientSession::end_body() { return state_->end_body(); }
bool ClientSession::takes_body() const { return state_->takes_body(); }

void ClientSession::abort_body(std::string_view why) {
  if (state_->in_body) state_->end(why);
}

}  // namespace beredd::smtp
