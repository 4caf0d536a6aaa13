#pragma once
// The raw bytes of a message on their way to disk: cut into chunks, sealed, digested.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/digest.h"
#include "beredd/base/random.h"
#include "beredd/store/records.h"
#include "beredd/vault/key.h"

namespace beredd::store {

// Chosen so that a sealed chunk fills its pages: 16 pages of 4,096 less LMDB's header and our tag.
inline constexpr std::size_t kChunkSize = 16 * 4096 - 16 - 16;

struct SealedChunk {
  base::BodyId body;
  std::uint32_t index = 0;
  std::string bytes;  // ciphertext and tag
};

// One mail as it arrived: the chunk that was not written ahead, and a message for each desk.
struct Arrival {
  std::optional<SealedChunk> last;
  std::vector<Message> messages;
};

// Holds at most one chunk in memory. Not thread-safe; movable. Sealing happens in the caller's
// thread, so that the writer has only to write.
class BodyWriter {
 public:
  BodyWriter(base::BodyId id, const std::array<std::byte, 16>& salt, vault::Key key);

  // Whether append() of so many bytes fills no chunk.
  bool fits(std::size_t bytes) const { return pending_.size() + bytes < kChunkSize; }

  // Takes more bytes; returns the chunks that became full, to be given to put_chunk() in order.
  std::vector<SealedChunk> append(std::string_view bytes);

  // The end: what was left over is the last chunk (an empty body has none). REQUIRES: called once.
  struct Finished {
    BodyRef ref;
    std::optional<SealedChunk> last;
  };
  Finished finish();

  base::BodyId id() const { return ref_.id; }
  base::Bytes size() const { return ref_.size; }

 private:
  SealedChunk seal_pending();

  BodyRef ref_;
  vault::Key key_;
  base::Sha256Stream digest_;
  std::string pending_;
};

}  // namespace beredd::store
