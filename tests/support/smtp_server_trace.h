#pragma once
// Runs a ServerSession against a client's bytes and a host's prepared answers, and writes down what
// happened, one line an event, adjacent Data joined.

#include "cuts.h"

#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "beredd/smtp/server_session.h"

namespace beredd::testing {

// Control characters, backslashes and bytes over 0x7E as \r \n \xHH.
inline std::string escaped(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else if (byte < 0x20 || byte > 0x7E) {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

inline std::string without_crlf(std::string text) {
  if (text.size() >= 2 && text.compare(text.size() - 2, 2, "\r\n") == 0)
    text.resize(text.size() - 2);
  return text;
}

class ServerTrace {
 public:
  // The host's answers in order; when they run out it says yes to everything.
  explicit ServerTrace(smtp::ServerOptions options, std::deque<smtp::Reply> answers = {},
                       smtp::Privileges privileges = {})
      : session_(std::move(options)), answers_(std::move(answers)) {
    session_.grant(privileges);
    drain();
  }

  void feed(const Pieces& pieces) {
    for (const std::string_view piece : pieces) {
      if (closed_) return;
      session_.receive(piece);
      drain();
    }
  }

  void start_tls() {
    session_.tls_started();
    drain();
  }

  // Takes events until the session wants input, a handshake, or the end.
  void drain() {
    while (step(session_.next())) {
    }
  }

  // "S: " a line that was written, "E: " an event.
  std::vector<std::string> lines() const {
    std::vector<std::string> out = lines_;
    if (data_ > 0) out.push_back("E: text " + escaped(not_noted()));
    return out;
  }
  const std::string& text() const { return text_; }  // the data since the last AskData
  const std::vector<std::string>& messages() const { return messages_; }  // those accepted
  bool closed() const { return closed_; }
  smtp::ServerSession& session() { return session_; }

 private:
  bool step(smtp::ServerEvent event) {
    return std::visit([this](auto& e) { return on(e); }, event);
  }

  bool on(const smtp::NeedInput&) { return false; }
  bool on(const smtp::StartTls&) {
    note("E: tls");
    return false;
  }
  bool on(const smtp::Close&) {
    note("E: close");
    closed_ = true;
    return false;
  }
  bool on(const smtp::Write& write) {
    std::string_view rest = write.bytes;
    while (!rest.empty()) {
      const auto end = rest.find("\r\n");
      note("S: " + escaped(rest.substr(0, end)));
      rest.remove_prefix(std::min(rest.size(), end == rest.npos ? rest.size() : end + 2));
    }
    return true;
  }
  bool on(const smtp::AskMail& ask) {
    std::string line = "E: mail " + (ask.from ? ask.from->text() : std::string("<>"));
    if (ask.size) line += " size=" + std::to_string(ask.size->count());
    if (ask.body == mail::BodyType::eight_bit_mime) line += " 8bit";
    if (!ask.transaction_id.empty()) line += " id=" + ask.transaction_id;
    if (ask.smtputf8) line += " smtputf8";
    if (ask.dsn_return != mail::DsnReturn::unspecified)
      line.append(" ret=").append(mail::name(ask.dsn_return));
    if (!ask.envelope_id.empty()) line += " envid=" + ask.envelope_id;
    note(escaped(line));
    return answer(smtp::reply(250, "2.1.0", "ok"));
  }
  bool on(const smtp::AskRecipient& ask) {
    std::string line = "E: rcpt " + escaped(ask.to.text());
    if (ask.dsn.notify.bits != 0) line += " notify=" + mail::text(ask.dsn.notify);
    if (!ask.dsn.original_recipient.empty())
      line += " orcpt=" + escaped(ask.dsn.original_recipient);
    note(std::move(line));
    return answer(smtp::reply(250, "2.1.5", "ok"));
  }
  bool on(const smtp::AskClient& ask) {
    std::string line = "E: client";
    const auto add = [&](std::string_view name, const std::optional<std::string>& value) {
      if (value) line += " " + std::string(name) + "=" + *value;
    };
    add("name", ask.name);
    add("addr", ask.address);
    add("port", ask.port);
    add("proto", ask.protocol);
    add("helo", ask.helo);
    add("login", ask.login);
    note(escaped(line));
    return answer(smtp::reply(220, "", "ok"));
  }
  bool on(const smtp::AskTurn& ask) {
    note("E: turn " + escaped(ask.node));
    return answer(smtp::reply(250, "2.0.0", "queuing started"));
  }
  bool on(const smtp::AskData&) {
    note("E: data");
    text_.clear();
    return answer(smtp::reply(354, "", "go on"));
  }
  bool on(const smtp::Data& data) {
    text_ += data.bytes;
    data_ += data.bytes.size();
    return true;
  }
  bool on(const smtp::DropData&) {
    note("E: drop");
    return true;
  }
  bool on(const smtp::AskAccept&) {
    note("E: accept");
    messages_.push_back(text_);
    return answer(smtp::reply(250, "2.0.0", "taken"));
  }

  bool answer(smtp::Reply otherwise) {
    if (!answers_.empty()) {
      otherwise = answers_.front();
      answers_.pop_front();
    }
    session_.answer(std::move(otherwise));
    return true;
  }

  std::string_view not_noted() const {
    return std::string_view(text_).substr(text_.size() - data_);
  }

  void note(std::string line) {
    if (data_ > 0) lines_.push_back("E: text " + escaped(not_noted()));
    data_ = 0;
    lines_.push_back(std::move(line));
  }

  smtp::ServerSession session_;
  std::deque<smtp::Reply> answers_;
  std::vector<std::string> lines_;
  std::vector<std::string> messages_;
  std::string text_;
  std::size_t data_ = 0;  // octets not yet noted
  bool closed_ = false;
};

}  // namespace beredd::testing
