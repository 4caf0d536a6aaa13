// CHUNKING (RFC 3030) without BINARYMIME.

#include "arguments.h"
#include "server_state.h"

#include <algorithm>
#include <utility>

namespace beredd::smtp {

void ServerSession::State::begin_chunk(std::string_view argument) {
  const ChunkArgument said = read_chunk_argument(argument);
  if (!said.size) {
    return end_with(said.too_large ? reply(552, "5.3.4", "message too big")
                                   : reply(501, "5.5.4", "say BDAT octets [LAST]"));
  }
  chunk = {*said.size, *said.size, said.last, {}};
  phase = Phase::chunk;
  if (!said.well_formed) return refuse_chunk(reply(501, "5.5.4", "say BDAT octets [LAST]"));
  if (auto refusal = refusal_of_chunk()) return refuse_chunk(*std::move(refusal));
  if (transfer.chunked) return;
  transfer.chunk_asked = true;
  phase = Phase::asked_data;
  events.push_back(AskData{});
}

std::optional<Reply> ServerSession::State::refusal_of_chunk() const {
  if (!options.offer_chunking) return reply(502, "5.5.1", "CHUNKING is not offered here");
  if (helo.empty()) return reply(503, "5.5.1", "say EHLO first");
  if (!transfer.open) return reply(503, "5.5.1", "say MAIL first");
  if (transfer.failed) return reply(503, "5.5.1", "an earlier chunk was refused, say RSET");
  if (transfer.recipients == 0) return reply(503, "5.5.1", "no valid recipient");
  if (chunk.size > options.max_message_size.count() - transfer.received) {
    return reply(552, "5.3.4", "message too big");
  }
  return {};
}

void ServerSession::State::refuse_chunk(Reply reply) {
  chunk.refusal = std::move(reply);
  if (!transfer.open) return;
  if (transfer.chunked) spoil(Fate::too_large);
  transfer.failed = true;
}

void ServerSession::State::answer_chunk(const Reply& reply) {
  phase = Phase::chunk;
  transfer.chunked = reply.intermediate();
  if (!transfer.chunked) refuse_chunk(reply);
}

bool ServerSession::State::read_chunk() {
  if (chunk.left == 0) {
    end_chunk();
    return true;
  }
  if (input.empty()) return false;
  const std::string_view bytes = input.substr(0, std::min<std::uint64_t>(chunk.left, input.size()));
  input.remove_prefix(bytes.size());
  chunk.left -= bytes.size();
  if (chunk.refusal || transfer.fate != Fate::wanted) return true;
  const std::size_t good = transfer.bare.pass(bytes);
  take_data(bytes.substr(0, good));
  if (good < bytes.size()) spoil(Fate::bare);
  return true;
}

void ServerSession::State::end_chunk() {
  phase = Phase::command;
  if (!chunk.refusal) {
    if (!chunk.last) return say(250, "2.0.0", std::to_string(chunk.size) + " octets");
    if (transfer.bare.ends_bare()) spoil(Fate::bare);
    return end_data();
  }
  const Reply refusal = *std::exchange(chunk.refusal, {});
  // The chunks behind a refused one have left already: their 503 is no error of its own.
  const bool echo = refusal.code == 503 && transfer.excused;
  if (transfer.open) transfer.excused = true;
  const int replies = chunk.last ? replies_to_data() : 1;
  if (chunk.last && transfer.open) {
    transfer = {};
    transfer.excused = true;
  }
  echo ? write(refusal, replies) : say(refusal, replies);
}

}  // namespace beredd::smtp
