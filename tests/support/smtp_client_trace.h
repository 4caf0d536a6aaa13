#pragma once
// Runs a ClientSession against a server's bytes with messages at hand, and writes down what
// happened: "C: " the first line of one Send, "C+ " its further lines, "C- " a last one without
// CRLF, "E: " any other event.

#include "cuts.h"
#include "smtp_server_trace.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "beredd/smtp/client_session.h"

namespace beredd::testing {

inline std::string_view name_of(smtp::Outcome::Kind kind) {
  switch (kind) {
    case smtp::Outcome::Kind::acknowledged: return "acknowledged";
    case smtp::Outcome::Kind::already: return "already";
    case smtp::Outcome::Kind::deferred: return "deferred";
    case smtp::Outcome::Kind::refused: return "refused";
    case smtp::Outcome::Kind::unknown: return "unknown";
    case smtp::Outcome::Kind::absent: return "absent";
  }
  return "?";
}

class ClientTrace {
 public:
  explicit ClientTrace(smtp::ClientOptions options) : session_(std::move(options)) {}

  std::size_t begin(smtp::Transaction transaction, std::string message) {
    const std::size_t index = session_.begin(std::move(transaction));
    messages_.push_back(std::move(message));
    return index;
  }

  void feed(const Pieces& pieces) {
    for (const std::string_view piece : pieces) {
      session_.receive(piece);
      drain();
    }
  }
  void start_tls() {
    session_.tls_started();
    drain();
  }
  void lost(std::string_view why) {
    session_.lost(why);
    drain();
  }
  void drain() {
    while (!over_ && step(session_.next())) {
    }
  }

  const std::vector<std::string>& lines() const { return lines_; }
  std::string take_sent() { return std::exchange(sent_, {}); }
  const std::map<std::size_t, smtp::Outcome>& outcomes() const { return outcomes_; }
  int finished() const { return finished_; }  // how often, which must not exceed outcomes().size()
  bool over() const { return over_; }
  bool shaking_hands() const { return shaking_hands_; }
  smtp::ClientSession& session() { return session_; }

 private:
  bool step(smtp::ClientEvent event) {
    return std::visit([this](auto& e) { return on(e); }, event);
  }

  bool on(const smtp::AwaitInput&) { return false; }
  bool on(const smtp::Send& send) {
    sent(send.bytes);
    return true;
  }
  bool on(const smtp::ShakeHands&) {
    lines_.emplace_back("E: tls");
    shaking_hands_ = true;
    return false;
  }
  bool on(const smtp::Ready& ready) {
    std::string line = "E: ready";
    const smtp::Capabilities& can = ready.capabilities;
    if (can.pipelining) line += " pipelining";
    if (can.eight_bit_mime) line += " 8bitmime";
    if (can.starttls) line += " starttls";
    if (can.checkpoint) line += " checkpoint";
    if (can.smtputf8) line += " smtputf8";
    if (can.dsn) line += " dsn";
    if (can.chunking) line += " chunking";
    if (can.size) line += " size";
    if (can.max_size) line += "=" + std::to_string(can.max_size->count());
    lines_.push_back(line);
    return true;
  }
  bool on(const smtp::SendBody& body) {
    lines_.push_back("E: body " + std::to_string(body.index));
    const std::string& message = messages_.at(body.index);
    const Pieces pieces = at_random(message, message.size());
    if (sending_ != body.index) given_ = 0;
    sending_ = body.index;
    std::string bytes;
    while (given_ < pieces.size() && session_.takes_body())
      bytes += session_.body(pieces[given_++]);
    if (session_.takes_body()) bytes += session_.end_body();
    sent(bytes);
    return true;
  }
  bool on(const smtp::Finished& finished) {
    ++finished_;
    outcomes_[finished.index] = finished.outcome;
    lines_.push_back("E: finished " + std::to_string(finished.index) + " " +
                     std::string(name_of(finished.outcome.kind)) + " " + finished.outcome.words);
    return true;
  }
  bool on(const smtp::Over& over) {
    lines_.push_back(over.why.empty() ? "E: over" : "E: over " + over.why);
    over_ = true;
    return false;
  }

  void sent(std::string_view bytes) {
    sent_ += bytes;
    std::string_view mark = "C: ";
    while (!bytes.empty()) {
      const auto end = bytes.find("\r\n");
      if (end == bytes.npos) mark = "C- ";
      lines_.push_back(std::string(mark) + escaped(bytes.substr(0, end)));
      bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 2);
      mark = "C+ ";
    }
  }

  smtp::ClientSession session_;
  std::vector<std::string> messages_;
  std::vector<std::string> lines_;
  std::string sent_;
  std::map<std::size_t, smtp::Outcome> outcomes_;
  int finished_ = 0;
  std::optional<std::size_t> sending_;  // the transaction whose message is on its way
  std::size_t given_ = 0;               // pieces of it
  bool over_ = false;
  bool shaking_hands_ = false;
};

}  // namespace beredd::testing
