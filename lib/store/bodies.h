#pragma once
// Raw bytes: chunks written ahead of their message, taken by it, or swept.
//
// A body is open from its first chunk until a message takes it. Only an open body gets chunks or is
// dropped, so a sweep can never reach the body of a message.

#include "change.h"

#include "beredd/store/body.h"

namespace beredd::store {

base::Result<std::string> read_chunk(const Tables& tables, const BodyRef& body,
                                     std::uint32_t index);

// Errors: permanent/exists for a chunk that is there, permanent/conflict for one of a body that is
// not open.
base::Status put_chunk(Change& change, const SealedChunk& chunk);

// Makes `body` a message's, or shares it with one more message.
// Errors: permanent/not_found when a chunk is missing.
base::Status take_body(Change& change, const BodyRef& body);

// Erases the chunks of an open body; a body that has none is gone already.
// Errors: permanent/conflict when a message has it.
base::Status drop_body(Change& change, base::BodyId id);

// Records the bodies that stay open behind this transaction. Call before the commit.
void record_open_bodies(Change& change);

// Erases every open body; returns how many there were.
std::size_t sweep_open_bodies(Change& change);

}  // namespace beredd::store
