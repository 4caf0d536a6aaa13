// The login of a ClientSession (RFC 4954). Challenges and answers go one by one; nothing is
// pipelined behind AUTH. Whatever fails here ends the session: the mail waits for whoever can put
// the account right.

#include "client_state.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace beredd::smtp {
namespace {

constexpr std::size_t kMaxCommand = 512;    // with CRLF, RFC 5321 §4.5.3.1.4
constexpr std::size_t kMaxAnswer = 12'288;  // RFC 4954 §4
constexpr std::string_view kNothing = "=";  // an initial response of no octets
constexpr std::string_view kCancel = "*";

// The mechanism, not the password: another one may do.
bool refuses_mechanism(const Reply& reply) { return reply.code == 504 || reply.code == 534; }

void hide(std::string& words, std::string_view secret) {
  constexpr std::string_view kHidden = "[hidden]";
  if (secret.empty()) return;
  auto at = words.find(secret);
  while (at != std::string::npos) {
    words.replace(at, secret.size(), kHidden);
    at = words.find(secret, at + kHidden.size());
  }
}

}  // namespace

void ClientSession::State::log_in() {
  if (!options.credentials) return become_ready();
  if (!secure) {
    return end(fmt::format("the password of {} is not sent: the connection is not encrypted",
                           options.credentials->user));
  }
  const auto mechanism = strongest_mechanism(capabilities.auth, mechanisms_refused);
  if (!mechanism) {
    if (capabilities.auth.empty()) return end("the server offers no login (AUTH)");
    return end(fmt::format("the server offers no login that is spoken here: {}",
                           fmt::join(capabilities.auth, " ")));
  }
  auto client = SaslClient::start(*mechanism, *options.credentials);
  if (!client) return end("no login: " + client.error().detail);
  sasl.emplace(std::move(*client));
  say_auth();
}

void ClientSession::State::say_auth() {
  std::string line = fmt::format("AUTH {}", sasl->mechanism());
  if (sasl->speaks_first()) {
    auto initial = sasl->answer({});
    if (!initial) return end("no login: " + initial.error().detail);
    // Where it does not fit, the server asks for it with an empty challenge.
    const std::string whole =
        fmt::format("{} {}", line, initial->empty() ? kNothing : std::string_view(*initial));
    initial_waits = whole.size() + 2 > kMaxCommand;
    if (!initial_waits) line = whole;
    secrets_sent.push_back(*std::move(initial));
  }
  outgoing.append(line).append("\r\n");
  expected.push_back({Awaited::auth});
}

void ClientSession::State::on_auth(const Reply& reply) {
  if (reply.code == 334) return on_challenge(reply);
  if (!reply.positive()) return on_login_refused(reply);
  if (!sasl->complete()) {
    return end("the server calls the login done before it has proved that it knows the password");
  }
  sasl.reset();
  secrets_sent.clear();
  become_ready();
}

void ClientSession::State::on_challenge(const Reply& reply) {
  if (reply.lines.size() != 1 || !reply.enhanced.empty()) {
    return cancel_auth("a challenge has more than one line");
  }
  std::string answer;
  if (std::exchange(initial_waits, false)) {
    if (!reply.lines.front().empty()) return cancel_auth("a challenge where none was due");
    answer = secrets_sent.back();
  } else {
    auto made = sasl->answer(reply.lines.front());
    if (!made) return cancel_auth(made.error().detail);
    answer = *std::move(made);
    secrets_sent.push_back(answer);
  }
  if (answer.size() > kMaxAnswer) return cancel_auth("the password is too long for a line");
  outgoing.append(answer).append("\r\n");
  expected.push_back({Awaited::auth});
}

void ClientSession::State::on_login_refused(const Reply& reply) {
  if (refuses_mechanism(reply)) {
    mechanisms_refused.push_back(sasl->mechanism());
    if (strongest_mechanism(capabilities.auth, mechanisms_refused)) return log_in();
  }
  const std::string& user = options.credentials->user;
  if (reply.permanent()) return end(fmt::format("refuses user {}: {}", user, safe_words(reply)));
  end(fmt::format("user {} cannot log in now: {}", user, safe_words(reply)));
}

// RFC 4954 §4: "*" takes the login back; the server answers 501.
void ClientSession::State::cancel_auth(std::string why) {
  why_cancelled = fmt::format("the login of {} was broken off: {}", options.credentials->user, why);
  outgoing.append(kCancel).append("\r\n");
  expected.push_back({Awaited::cancelled});
}

std::string ClientSession::State::safe_words(const Reply& reply) const {
  std::string words = one_line(reply);
  hide(words, options.credentials->password);
  for (const std::string& secret : secrets_sent) hide(words, secret);
  return words;
}

}  // namespace beredd::smtp
