// How a ClientSession sends a message: by BDAT (RFC 3030) where the server offers CHUNKING, else by
// DATA.
//
// The chunks leave without awaiting a reply to each where PIPELINING is offered, a few ahead at
// most, so that a refusal is heard before the whole message has gone. After a chunk that was
// refused none is begun, and RSET clears what RFC 3030 §2 calls indeterminate; it also stands
// before the next transaction's MAIL when that leaves before the reply to the last chunk.

#include "client_state.h"

#include <utility>

#include <fmt/format.h>

namespace beredd::smtp {

Outcome outcome_of(const Reply& reply) {
  if (reply.positive()) return {Outcome::Kind::acknowledged, one_line(reply)};
  // 530 asks for TLS or for a login first (RFC 3207 §4, RFC 4954 §6): whatever is wrong, it is not
  // this mail.
  const bool refused = reply.permanent() && reply.code != 530;
  return {refused ? Outcome::Kind::refused : Outcome::Kind::deferred, one_line(reply)};
}

// With one recipient DATA goes along unseen: a refusal makes the server refuse DATA as well. Not
// with TRANSID: a server that holds half a message must not be sent a lone dot as its other half.
// A chunk is the message itself, and waits until it is wanted; and an LMTP server that took a DATA
// without recipients all the same would answer the lone dot with nothing (RFC 2033 §4.2).
bool ClientSession::State::data_may_go(const Progress& progress) const {
  const std::size_t count = progress.transaction.envelope.forward_paths.size();
  if (progress.data_sent || progress.recipients_sent < count) return false;
  if (progress.recipients_answered == count) return true;
  return count == 1 && !progress.announces_id && !capabilities.chunking && !options.lmtp;
}

void ClientSession::State::begin_body(std::size_t index) {
  in_body = index;
  host_waits = false;
  stuffer = {};
  chunker = Chunker(options.chunk_size);
  events.push_back(SendBody{index});
}

std::string ClientSession::State::body(std::string_view piece) {
  if (!in_body) return {};
  if (!capabilities.chunking) return stuffer.piece(piece);
  chunker.piece(piece);
  send_chunks();
  host_waits = !chunker.has_room();
  return std::exchange(outgoing, {});
}

std::string ClientSession::State::end_body() {
  if (!in_body) return {};
  if (capabilities.chunking) {
    chunker.end();
    send_chunks();
    return std::exchange(outgoing, {});
  }
  expect_final(*in_body);
  close_body();
  return stuffer.end() + std::exchange(outgoing, {});
}

bool ClientSession::State::takes_body() const {
  return in_body.has_value() && (!capabilities.chunking || chunker.has_room());
}

void ClientSession::State::send_chunks() {
  const std::size_t ahead = capabilities.pipelining ? options.chunks_ahead : 1;
  while (in_body && expected.size() < ahead) {
    auto chunk = chunker.next();
    if (!chunk) return;
    outgoing += chunk->wire;
    if (!chunk->last) {
      expected.push_back({Awaited::chunk, *in_body});
      continue;
    }
    expect_final(*in_body);
    reset_owed = true;
    close_body();
  }
}

void ClientSession::State::expect_final(std::size_t index) {
  const auto& recipients = transactions[index].transaction.envelope.forward_paths;
  const std::size_t awaited = options.lmtp ? recipients.size() : 1;
  expected.insert(expected.end(), awaited, {Awaited::final_dot, index});
}

// The end of the message has been written; what follows may be said.
void ClientSession::State::close_body() {
  transactions[*std::exchange(in_body, std::nullopt)].final_dot_sent = true;
  group_open = true;
  current.reset();
  proceed();
}

void ClientSession::State::on_data(std::size_t index, const Reply& reply) {
  Progress& progress = transactions[index];
  if (reply.positive()) return end("no reply to DATA: " + one_line(reply));
  if (!reply.intermediate()) {
    if (!progress.verdict) progress.verdict = outcome_of(reply);
  } else if (progress.verdict) {
    progress.unwanted_354 = true;
  } else {
    begin_body(index);
  }
}

// What it was sent it has taken for commands, and will take more of it: the connection ends at
// once. That is no word about this mail, which has to wait for a server that knows what it offers.
bool ClientSession::State::knows_no_bdat(std::size_t index, const Reply& reply) {
  if (!capabilities.chunking || (reply.code != 500 && reply.code != 502)) return false;
  const std::string why = "the server offers CHUNKING and knows no BDAT: " + one_line(reply);
  transactions[index].verdict = Outcome{Outcome::Kind::deferred, why};
  end(why);
  return true;
}

// The first refusal decides: to the chunks behind it the server can only say 503.
void ClientSession::State::on_chunk(std::size_t index, const Reply& reply) {
  if (reply.intermediate()) return end("no reply to BDAT: " + one_line(reply));
  if (knows_no_bdat(index, reply)) return;
  if (!reply.positive()) {
    Progress& progress = transactions[index];
    if (!progress.verdict) progress.verdict = outcome_of(reply);
    if (in_body == index) in_body.reset();
    return;
  }
  if (in_body != index) return;
  send_chunks();
  if (host_waits && takes_body()) {
    host_waits = false;
    events.push_back(SendBody{index});
  }
}

// The reply to the final dot, or to the last chunk.
void ClientSession::State::on_final_dot(std::size_t index, const Reply& reply) {
  if (reply.intermediate()) return end("no reply to the message: " + one_line(reply));
  if (knows_no_bdat(index, reply)) return;
  const auto& verdict = transactions[index].verdict;
  if (reply.positive() && !verdict) reset_owed = false;
  const auto outcome = options.lmtp ? settle_recipient(index, reply) : outcome_of(reply);
  if (outcome) finish(index, verdict.value_or(*outcome));
}

std::optional<Outcome> ClientSession::State::settle_recipient(std::size_t index,
                                                              const Reply& reply) {
  Progress& progress = transactions[index];
  const auto& recipients = progress.transaction.envelope.forward_paths;
  const mail::Mailbox& recipient = recipients[progress.recipients_settled++];
  Outcome outcome = outcome_of(reply);
  if (outcome.kind == Outcome::Kind::acknowledged) {
    ++progress.recipients_taken;
  } else if (!progress.worst || outcome.kind == Outcome::Kind::refused) {
    if (recipients.size() > 1) outcome.words = recipient.text() + ": " + outcome.words;
    progress.worst = outcome;
  }
  if (progress.recipients_settled < recipients.size()) return std::nullopt;
  if (!progress.worst) return outcome;
  if (progress.recipients_taken == 0) return progress.worst;
  return Outcome{Outcome::Kind::refused,
                 fmt::format("taken for {} of {} recipients, but not for {}",
                             progress.recipients_taken, recipients.size(), progress.worst->words)};
}

// A server that answers before the end speaks of the mail, or is going away. The rest of the
// message cannot be taken back, so the connection has no use any more.
void ClientSession::State::on_reply_during_body(const Reply& reply) {
  if (reply.permanent()) transactions[*in_body].verdict = outcome_of(reply);
  end(one_line(reply));
}

}  // namespace beredd::smtp
