#include "transfer.h"

#include "uudecode.h"

#include <algorithm>
#include <cstring>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::uint32_t kNoDigit = 0x80000000U;

using Table = std::array<std::uint32_t, 256>;

// The value of a base64 digit, already shifted to its place among four.
constexpr Table digits(unsigned shift) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Table table{};
  table.fill(kNoDigit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint32_t>(i) << shift;
  }
  return table;
}

constexpr Table kFirst = digits(18);
constexpr Table kSecond = digits(12);
constexpr Table kThird = digits(6);
constexpr Table kFourth = digits(0);

constexpr std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }

class Base64 {
 public:
  explicit Base64(const Sink& sink) : sink_(sink) {}

  Damage run(std::string_view in) {
    const char* at = in.data();
    const char* end = at + in.size();
    while (at != end) {
      if (held_ == 0) at = quads(at, end);
      if (at == end) break;
      one(*at++);
      if (out_size_ + 4 > out_.size()) flush();
    }
    flush_tail();
    flush();
    return damage_;
  }

 private:
  // The fast way, four digits at a time, as far as it goes.
  const char* quads(const char* at, const char* end) {
    while (end - at >= 4 && out_size_ + 4 <= out_.size()) {
      const std::uint32_t value = kFirst[octet(at[0])] | kSecond[octet(at[1])] |
                                  kThird[octet(at[2])] | kFourth[octet(at[3])];
      if ((value & kNoDigit) != 0) break;
      out_[out_size_] = static_cast<char>(value >> 16);
      out_[out_size_ + 1] = static_cast<char>(value >> 8);
      out_[out_size_ + 2] = static_cast<char>(value);
      out_size_ += 3;
      at += 4;
    }
    return at;
  }

  void one(char c) {
    if (c == '\r' || c == '\n' || c == ' ' || c == '\t') return;
    if (c == '=') {
      pad();
      return;
    }
    const std::uint32_t digit = kFourth[octet(c)];
    if (digit == kNoDigit) {
      damage_ = Damage::repaired;
      return;
    }
    padded_ = false;
    bits_ = bits_ << 6 | digit;
    if (++held_ == 4) {
      put(3);
      bits_ = 0;
      held_ = 0;
    }
  }

  // Padding ends a quad, not the data: some senders pad every piece that they concatenate.
  void pad() {
    if (held_ == 0 && !padded_) damage_ = Damage::repaired;
    if (held_ == 0) return;
    padded_ = true;
    flush_quad();
  }

  void flush_tail() {
    if (held_ == 0) return;
    damage_ = Damage::repaired;
    flush_quad();
  }

  void flush_quad() {
    if (held_ == 1) damage_ = Damage::repaired;
    const unsigned whole = held_ * 6 / 8;
    bits_ <<= (4 - held_) * 6;
    put(whole);
    bits_ = 0;
    held_ = 0;
  }

  void put(unsigned octets) {
    if (out_size_ + 4 > out_.size()) flush();
    for (unsigned i = 0; i < octets; ++i)
      out_[out_size_++] = static_cast<char>(bits_ >> (16 - 8 * i));
  }

  void flush() {
    if (out_size_ > 0) sink_({out_.data(), out_size_});
    out_size_ = 0;
  }

  const Sink& sink_;
  std::array<char, std::size_t{48} * 1024> out_;
  std::size_t out_size_ = 0;
  std::uint32_t bits_ = 0;
  unsigned held_ = 0;
  bool padded_ = false;
  Damage damage_ = Damage::none;
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

class QuotedPrintable {
 public:
  explicit QuotedPrintable(const Sink& sink) : sink_(sink) {}

  Damage run(std::string_view in) {
    out_.reserve(kPiece + 1024);
    while (!in.empty()) {
      const void* feed = std::memchr(in.data(), '\n', in.size());
      const std::size_t end =
          feed == nullptr ? in.size()
                          : static_cast<std::size_t>(static_cast<const char*>(feed) - in.data());
      line(in.substr(0, end), feed != nullptr);
      in.remove_prefix(feed == nullptr ? end : end + 1);
      if (out_.size() >= kPiece) flush();
    }
    flush();
    return damage_;
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{48} * 1024;

  void line(std::string_view text, bool ended) {
    const bool carriage = ended && text.ends_with('\r');
    if (carriage) text.remove_suffix(1);
    // Blanks at the end of a line were added on the way (RFC 2045 §6.7 rule 3).
    while (ended && !text.empty() && (text.back() == ' ' || text.back() == '\t'))
      text.remove_suffix(1);
    const bool soft = text.ends_with('=');
    if (soft) text.remove_suffix(1);
    unescape(text);
    if (!soft && ended) out_.append(carriage ? "\r\n" : "\n");
  }

  void unescape(std::string_view text) {
    while (true) {
      const std::size_t equals = text.find('=');
      out_.append(text.substr(0, equals));
      if (equals == std::string_view::npos) return;
      text.remove_prefix(equals);
      const int high = text.size() > 2 ? hex_value(text[1]) : -1;
      const int low = text.size() > 2 ? hex_value(text[2]) : -1;
      if (high < 0 || low < 0) {
        damage_ = Damage::repaired;
        out_.push_back('=');
        text.remove_prefix(1);
      } else {
        out_.push_back(static_cast<char>(high * 16 + low));
        text.remove_prefix(3);
      }
    }
  }

  void flush() {
    if (!out_.empty()) sink_(out_);
    out_.clear();
  }

  const Sink& sink_;
  std::string out_;
  Damage damage_ = Damage::none;
};

}  // namespace

Transfer transfer_named(std::string_view value) {
  const std::size_t start = value.find_first_not_of(" \t\r\n\"'");
  if (start == std::string_view::npos) return Transfer::identity;
  value.remove_prefix(start);
  const std::string word = base::lower(value.substr(0, value.find_first_of(" \t\r\n\"';(,")));
  if (word == "base64") return Transfer::base64;
  if (word == "quoted-printable") return Transfer::quoted_printable;
  if (word == "x-uuencode" || word == "uuencode" || word == "x-uue") return Transfer::uuencode;
  if (word == "7bit" || word == "8bit" || word == "binary") return Transfer::identity;
  return Transfer::unknown;
}

Damage decode(std::string_view encoded, Transfer transfer, const Sink& sink) {
  switch (transfer) {
    case Transfer::base64: return Base64(sink).run(encoded);
    case Transfer::quoted_printable: return QuotedPrintable(sink).run(encoded);
    case Transfer::uuencode: sink(uudecode(encoded)); return Damage::none;
    case Transfer::identity:
    case Transfer::unknown: break;
  }
  if (!encoded.empty()) sink(encoded);
  return Damage::none;
}

std::string decoded(std::string_view encoded, Transfer transfer, Damage* damage) {
  std::string out;
  out.reserve(transfer == Transfer::base64 ? encoded.size() / 4 * 3 + 3 : encoded.size());
  const Damage seen =
      decode(encoded, transfer, [&out](std::string_view piece) { out.append(piece); });
  if (damage != nullptr) *damage = seen;
  return out;
}

}  // namespace beredd::mail
