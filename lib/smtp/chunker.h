#pragma once
// Cuts a message into the chunks of BDAT (RFC 3030 §2), all of one size but the last.
//
// Dots need no care and the end none either, so a message with CRLF line ends arrives byte for byte
// whether or not its last line has one. A CR or LF that stands alone leaves as CRLF, as with DATA:
// without BINARYMIME a message consists of lines.

#include <optional>
#include <string>
#include <string_view>

namespace beredd::smtp {

// Not thread-safe; one per message. Holds one chunk and one piece at most, as long as pieces are
// added only while it has room.
class Chunker {
 public:
  struct Chunk {
    std::string wire;  // the command and its octets
    bool last = false;
  };

  // `size` in octets, at least 1.
  explicit Chunker(std::size_t size) : size_(size) {}

  void piece(std::string_view bytes);
  void end();
  bool has_room() const { return !ended_ && held_.size() <= size_; }
  // Nothing while it is not known whether what is held is the last chunk, and after that one.
  std::optional<Chunk> next();

 private:
  std::size_t size_;
  std::string held_;
  bool after_cr_ = false;  // the CR is held back until it is known what stands behind it
  bool ended_ = false;
  bool last_given_ = false;
};

}  // namespace beredd::smtp
