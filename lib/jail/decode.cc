#include "inlet.h"
#include "little_endian.h"
#include "reading_fields.h"
#include "wire.h"

#include <algorithm>
#include <array>
#include <optional>

#include "beredd/base/text.h"

namespace beredd::jail {
namespace {

constexpr std::uint64_t kSteps = 1 << 20;  // a string grows by so much as its bytes come in
constexpr std::uint64_t kGrowth = 16;      // of a mail by being read, at most
constexpr base::Bytes kFloor = base::mebibytes(4);

base::Error corrupt(std::string what) {
  return base::permanent(base::Code::corrupt, std::move(what));
}

// Invalid sequences and NUL go.
void repair(std::string& text) {
  if (!base::is_utf8(text)) text = base::to_utf8(text);
  if (text.find('\0') != std::string::npos) std::erase(text, '\0');  // the search is much quicker
}

void repair_line(std::string& line) {
  repair(line);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
}

void repair_file_name(std::string& name) {
  repair_line(name);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '\\'; }, '_');
  name.erase(0, std::min(name.find_first_not_of('.'), name.size()));
}

// Fails once and for all: after that every field stays as it is, and nothing more is read.
class Decoder {
 public:
  Decoder(Inlet& source, base::Bytes budget) : source_(source), left_(budget.count()) {}

  void text(std::string& value) {
    bytes(value);
    repair(value);
  }
  void line(std::string& value) {
    bytes(value);
    repair_line(value);
  }
  // `whole` was read before, and is in order; so is the beginning of it, unless it was repaired, or
  // is cut within a character.
  void text_within(std::string& value, const std::string& whole) {
    bool begins_it = false;
    flag(begins_it);
    if (!begins_it) return text(value);
    const auto size = integer<std::uint64_t>();
    if (size > whole.size()) return fail(corrupt("more than the text it is a part of"));
    if (!charge(size)) return;
    value.assign(whole, 0, size);
    const bool cut =
        size < whole.size() && (static_cast<unsigned char>(whole[size]) & 0xC0) == 0x80;
    if (cut) repair(value);
  }
  void lines(std::vector<std::string>& values) {
    each(values, [this](std::string& value) { line(value); });
  }
  void addresses(std::vector<mail::Address>& values) {
    each(values, [this](mail::Address& value) {
      line(value.name);
      line(value.address);
    });
  }
  void attachments(std::vector<mail::Attachment>& values) {
    each(values, [this](mail::Attachment& value) {
      value.index = integer<std::uint32_t>();
      bytes(value.name);
      repair_file_name(value.name);
      line(value.type);
      value.size = base::Bytes(integer<std::uint64_t>());
      fill(std::span(reinterpret_cast<char*>(value.sha256.data()), value.sha256.size()));
    });
  }
  void instant(std::optional<base::Instant>& value) {
    bool known = false;
    flag(known);
    const auto micros = integer<std::int64_t>();
    if (!known) return;
    value = base::from_micros(micros);
    // What RFC 3339 can write: years of four digits.
    constexpr base::Instant kFirst{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
    constexpr base::Instant kBeyond{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};
    if (*value < kFirst || *value >= kBeyond) fail(corrupt("a date outside of time"));
  }
  void flag(bool& value) {
    char byte = 0;
    fill({&byte, 1});
    if (byte != 0 && byte != 1) fail(corrupt("neither yes nor no"));
    value = byte == 1;
  }
  template <typename Enum>
  void choice(Enum& value, Enum last) {
    const auto number = integer<std::uint8_t>();
    if (number > static_cast<std::uint8_t>(last)) fail(corrupt("a choice that there is not"));
    if (status_.ok()) value = static_cast<Enum>(number);
  }
  void report(std::optional<mail::Report>& value) {
    bool known = false;
    flag(known);
    if (known && status_.ok()) walk_report(*this, value.emplace());
  }

  void bytes(std::string& value) {
    const auto size = integer<std::uint64_t>();
    if (!charge(size)) return;
    if (size <= source_.at_hand().size()) {
      value = source_.take_at_hand(size);
      return;
    }
    while (status_.ok() && value.size() < size) {
      const std::size_t had = value.size();
      value.resize(had + std::min(kSteps, size - had));
      fill(std::span(value).subspan(had));
    }
  }

  template <typename Int>
  Int integer() {
    std::array<char, sizeof(Int)> raw{};
    fill(raw);
    return get<Int>({raw.data(), raw.size()}, 0);
  }

  const base::Status& status() const { return status_; }
  void fail(base::Error error) {
    if (status_.ok()) status_ = std::move(error);
  }

 private:
  template <typename T, typename One>
  void each(std::vector<T>& values, One one) {
    const auto count = integer<std::uint32_t>();
    for (std::uint32_t n = 0; n < count && status_.ok(); ++n) {
      if (!charge(2 * sizeof(T))) return;  // a vector that grows has held half as much again
      one(values.emplace_back());
    }
  }

  bool charge(std::uint64_t size) {
    if (size > left_) fail(base::permanent(base::Code::too_large, "more than a mail can say"));
    if (!status_.ok()) return false;
    left_ -= size;
    return true;
  }

  void fill(std::span<char> into) {
    if (!status_.ok()) return;
    if (into.size() <= source_.at_hand().size()) {
      const std::string_view piece = source_.take_at_hand(into.size());
      std::copy(piece.begin(), piece.end(), into.begin());
      return;
    }
    status_ = source_.take(into);
    if (!status_.ok()) std::fill(into.begin(), into.end(), '\0');
  }

  Inlet& source_;
  std::uint64_t left_;
  base::Status status_;
};

}  // namespace

base::Bytes budget_of(base::Bytes size) {
  return base::Bytes(kFloor.count() + kGrowth * size.count());
}

base::Status decode_ready(Inlet& source) {
  constexpr base::Bytes kLongestTrouble(1024);
  Decoder decoder(source, kLongestTrouble);
  const auto version = decoder.integer<std::uint32_t>();
  if (decoder.status().ok() && version != kWireVersion) {
    return base::permanent(base::Code::version, "a mail reader of another version");
  }
  std::string trouble;
  decoder.line(trouble);
  if (!decoder.status()) return decoder.status();
  if (!trouble.empty()) return base::permanent(base::Code::unsupported, trouble);
  return {};
}

base::Result<Told> decode_told(Inlet& source, std::size_t mails) {
  Decoder decoder(source, base::Bytes());
  Told told;
  told.answers = decoder.integer<std::uint32_t>();
  told.bytes = decoder.integer<std::uint32_t>();
  if (!decoder.status()) return decoder.status().error();
  if (told.answers > mails || told.bytes > kAnswerMemory - kAnswersAt)
    return corrupt("more answers than there is room for");
  return told;
}

base::Result<mail::Reading> decode_reading(Inlet& source, base::Bytes budget) {
  mail::Reading reading;
  Decoder decoder(source, budget);
  walk(decoder, reading);
  if (!decoder.status()) return decoder.status().error();
  return reading;
}

base::Result<std::string> decode_part(Inlet& source, base::Bytes budget) {
  Decoder decoder(source, budget);
  bool found = false;
  std::string part;
  decoder.flag(found);
  decoder.bytes(part);
  if (!decoder.status()) return decoder.status().error();
  if (!found) return base::permanent(base::Code::not_found, "the message has no such part");
  return part;
}

}  // namespace beredd::jail
