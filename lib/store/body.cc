#include "beredd/store/body.h"

#include "beredd/vault/seal.h"

namespace beredd::store {

BodyWriter::BodyWriter(base::BodyId id, const std::array<std::byte, 16>& salt, vault::Key key)
    : key_(std::move(key)) {
  ref_.id = id;
  ref_.salt = salt;
}

std::vector<SealedChunk> BodyWriter::append(std::string_view bytes) {
  digest_.update(bytes);
  ref_.size = ref_.size + base::Bytes(bytes.size());
  std::vector<SealedChunk> full;
  while (pending_.size() + bytes.size() >= kChunkSize) {
    std::size_t take = kChunkSize - pending_.size();
    pending_.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    full.push_back(seal_pending());
  }
  pending_.append(bytes);
  return full;
}

BodyWriter::Finished BodyWriter::finish() {
  Finished out;
  if (!pending_.empty()) out.last = seal_pending();
  ref_.sha256 = digest_.finish();
  out.ref = ref_;
  return out;
}

SealedChunk BodyWriter::seal_pending() {
  SealedChunk chunk{ref_.id, ref_.chunks, vault::seal_chunk(key_, ref_.chunks, pending_)};
  ++ref_.chunks;
  pending_.clear();
  return chunk;
}

}  // namespace beredd::store
