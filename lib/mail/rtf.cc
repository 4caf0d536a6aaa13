// Compressed RTF (MS-OXRTFCP): LZ77 over a ring of 4 KiB that begins filled with common words.

#include "mapi.h"
#include "tnef.h"

#include <algorithm>
#include <array>

namespace beredd::mail {
namespace {

constexpr std::uint32_t kPacked = 0x75465A4C;  // "LZFu"
constexpr std::uint32_t kPlain = 0x414C454D;   // "MELA"
constexpr std::size_t kRing = 4096;

// MS-OXRTFCP §2.1.2.1.
constexpr std::string_view kBegins =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(kBegins.size() == 207);

class Unpacker {
 public:
  explicit Unpacker(std::size_t limit) : limit_(limit) {
    std::copy(kBegins.begin(), kBegins.end(), ring_.begin());
  }

  std::string run(LittleEndian in) {
    while (!in.empty() && out_.size() < limit_) {
      std::uint8_t control = in.u8();
      for (int i = 0; i < 8 && !in.empty() && out_.size() < limit_; ++i, control >>= 1U) {
        if ((control & 1U) == 0) {
          put(static_cast<char>(in.u8()));
        } else if (!repeat(in)) {
          return std::move(out_);
        }
      }
    }
    return std::move(out_);
  }

 private:
  // Big-endian: 12 bits of place, 4 of length. The place where one writes is the end.
  bool repeat(LittleEndian& in) {
    const unsigned high = in.u8();
    const unsigned low = in.u8();
    const std::size_t from = high << 4U | low >> 4U;
    if (in.failed() || from == at_) return false;
    const std::size_t size = (low & 0xFU) + 2;
    for (std::size_t i = 0; i < size && out_.size() < limit_; ++i) put(ring_[(from + i) % kRing]);
    return true;
  }
  void put(char c) {
    out_.push_back(c);
    ring_[at_] = c;
    at_ = (at_ + 1) % kRing;
  }

  std::size_t limit_;
  std::array<char, kRing> ring_{};
  std::size_t at_ = kBegins.size();
  std::string out_;
};

}  // namespace

std::string unpack_rtf(std::string_view packed) {
  LittleEndian in(packed);
  in.u32();  // the size of what follows
  const std::size_t size = std::min<std::size_t>(in.u32(), kLargestRtf);
  const std::uint32_t kind = in.u32();
  in.u32();  // a sum
  if (in.failed()) return {};
  if (kind == kPlain) return std::string(packed.substr(16, size));
  return kind == kPacked ? Unpacker(size).run(in) : std::string();
}

}  // namespace beredd::mail
