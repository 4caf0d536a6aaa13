#include "charset.h"

#include "charset_name.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include <iconv.h>
#include <unicode/ucnv.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &status));
  if (U_FAILURE(status)) return nullptr;
  return converter;
}

void drop_nul(std::string& text) {
  if (text.find('\0') != std::string::npos) std::erase(text, '\0');
}

std::optional<std::string> convert(std::string_view bytes, const char* charset) {
  const Converter from = open(charset);
  const Converter to = open("UTF-8");
  if (!from || !to) return std::nullopt;
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  std::array<char, 16384> buffer;
  std::array<UChar, 4096> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = bytes.data();
  UBool reset = 1;
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  while (status == U_BUFFER_OVERFLOW_ERROR) {
    status = U_ZERO_ERROR;
    char* target = buffer.data();
    ucnv_convertEx(to.get(), from.get(), &target, buffer.data() + buffer.size(), &source,
                   bytes.data() + bytes.size(), pivot.data(), &pivot_source, &pivot_target,
                   pivot.data() + pivot.size(), reset, 1, &status);
    out.append(buffer.data(), target);
    reset = 0;
  }
  drop_nul(out);
  // A converter of ICU's data may yet leave a lone surrogate or a control: the promise is ours.
  return base::is_utf8(out) ? out : base::to_utf8(out);
}

// By the C library, for what ICU does not know. What cannot be converted becomes U+FFFD.
std::optional<std::string> convert_by_iconv(std::string_view bytes, const std::string& charset) {
  if (!is_of_iconv(charset)) return std::nullopt;
  const iconv_t converter = ::iconv_open("UTF-8", charset.c_str());
  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how it says that it failed
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out;
  std::array<char, 16384> buffer;
  std::string copy(bytes);
  char* source = copy.data();
  std::size_t left = copy.size();
  bool flushing = false;
  while (true) {
    char* target = buffer.data();
    std::size_t room = buffer.size();
    errno = 0;
    const std::size_t done = flushing ? ::iconv(converter, nullptr, nullptr, &target, &room)
                                      : ::iconv(converter, &source, &left, &target, &room);
    out.append(buffer.data(), target);
    if (done != static_cast<std::size_t>(-1)) {
      if (flushing) break;
      flushing = true;
    } else if (errno != E2BIG) {
      if (flushing || left == 0) break;
      out.append("\xEF\xBF\xBD");
      ++source;
      --left;
    }
  }
  ::iconv_close(converter);
  drop_nul(out);
  return base::is_utf8(out) ? out : base::to_utf8(out);
}

std::string as_utf8(std::string_view bytes) {
  std::string text = base::to_utf8(bytes);
  drop_nul(text);
  return text;
}

std::string as_western(std::string_view bytes) {
  std::optional<std::string> text = convert(bytes, "windows-1252");
  return text ? std::move(*text) : as_utf8(bytes);
}

// How many characters of more than one byte UTF-8 would see.
std::size_t leads_of(std::string_view bytes) {
  return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0xC0U;
  }));
}

// Text that calls itself UTF-8 and is not: damaged when most of its long characters are sound.
bool is_mostly_utf8(std::string_view bytes, std::string_view repaired) {
  std::size_t broken = 0;
  for (std::size_t at = 0; (at = repaired.find("\xEF\xBF\xBD", at)) != std::string_view::npos;
       at += 3) {
    ++broken;
  }
  return broken * 2 <= leads_of(bytes);
}

}  // namespace

bool is_ascii(std::string_view bytes) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t seen = 0;
  for (; left >= sizeof(seen); left -= sizeof(seen), at += sizeof(seen)) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    seen |= word;
  }
  for (; left > 0; --left, ++at) seen |= static_cast<unsigned char>(*at);
  return (seen & 0x8080808080808080U) == 0;
}

namespace {

// Bytes that happen to be valid UTF-8 with two long characters or more are hardly anything else.
bool is_rather_utf8(std::string_view bytes, const std::string& name) {
  if (is_ascii(bytes)) {
    // Every second byte of plain text in these is NUL.
    return (name.starts_with("utf-16") || name.starts_with("utf-32")) && bytes.size() > 1 &&
           bytes.find('\0') == std::string_view::npos;
  }
  if (leads_of(bytes) < 2 || !base::is_utf8(bytes)) return false;
  const Converter converter = open(name.c_str());
  const bool single = converter && ucnv_getMaxCharSize(converter.get()) == 1;
  if (single) return true;
  const std::optional<std::string> text = convert(bytes, name.c_str());
  return text && text->find("\xEF\xBF\xBD") != std::string::npos;
}

Decoded decode_western(std::string_view bytes, bool named) {
  if (!base::is_utf8(bytes)) return {as_western(bytes), named ? Label::held : Label::unknown};
  return {as_utf8(bytes), named && !is_ascii(bytes) ? Label::lied : Label::held};
}

Decoded decode_utf8(std::string_view bytes) {
  std::string text = as_utf8(bytes);
  if (base::is_utf8(bytes)) return {std::move(text), Label::held};
  if (is_mostly_utf8(bytes, text)) return {std::move(text), Label::lied};
  return {as_western(bytes), Label::lied};
}

}  // namespace

Decoded decode_charset(std::string_view bytes, std::string_view label) {
  const std::string name = meant_by(label);
  if (name.empty() || name == "windows-1252") return decode_western(bytes, !name.empty());
  if (name == "utf-8") return decode_utf8(bytes);
  // A charset of seven bits cannot hold eight: in Japan that is Shift_JIS under the wrong name.
  if (name.starts_with("iso-2022-jp") && !is_ascii(bytes)) {
    return {guess_charset(bytes, "shift_jis"), Label::lied};
  }
  if (is_rather_utf8(bytes, name)) return {as_utf8(bytes), Label::lied};
  if (std::optional<std::string> text = convert(bytes, name.c_str())) {
    return {std::move(*text), Label::held};
  }
  if (std::optional<std::string> text = convert_by_iconv(bytes, name)) {
    return {std::move(*text), Label::held};
  }
  return {guess_charset(bytes), Label::unknown};
}

std::string guess_charset(std::string_view bytes, std::string_view hint) {
  if (base::is_utf8(bytes)) return as_utf8(bytes);
  if (!hint.empty()) return decode_charset(bytes, hint).text;
  return as_western(bytes);
}

}  // namespace beredd::mail
