#include "letter_file.h"

#include "file_name.h"
#include "header_writer.h"

#include <algorithm>
#include <utility>

#include "beredd/base/text.h"

namespace beredd::mail {

using base::Result;

namespace {

constexpr std::string_view kMessage = "message/rfc822";
constexpr std::string_view kFile = "application/octet-stream";
constexpr std::size_t kLongestLine = 998;

// RFC 2045 §5.1; a multipart would have to be more than a file.
std::string type_of(const Enclosure& enclosure) {
  const std::string type = base::lower(enclosure.type);
  const auto parts = base::split(type, '/');
  const auto is_token = [](std::string_view text) {
    return is_visible_ascii(text) &&
           text.find_first_of("()<>@,;:\\\"/[]?=") == std::string_view::npos;
  };
  const bool good = parts.size() == 2 && is_token(parts[0]) && is_token(parts[1]) &&
                    type.size() <= 60 && parts[0] != "multipart" && parts[0] != "message";
  return good || type == kMessage ? type : std::string(kFile);
}

// May a message stand in another as it is (RFC 2046 §5.2.1, RFC 5322 §2.1.1)?
class MessageCheck {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) {
      fits_ = fits_ && (last_ == '\r') == (c == '\n') && c != '\0';
      eight_bit_ = eight_bit_ || (static_cast<unsigned char>(c) & 0x80U) != 0;
      in_header_ = in_header_ && !(c == '\n' && line_ == 1);
      fits_ = fits_ && !(in_header_ && eight_bit_);
      line_ = c == '\n' ? 0 : line_ + 1;
      fits_ = fits_ && line_ <= kLongestLine + 1;
      last_ = c;
    }
  }
  bool fits() const { return fits_ && last_ != '\r'; }
  bool eight_bit() const { return eight_bit_; }

 private:
  bool fits_ = true, eight_bit_ = false, in_header_ = true;
  std::size_t line_ = 0;
  char last_ = '\0';
};

Tokens with_semicolon(std::string first, const Tokens& parameters) {
  Tokens out;
  out.push_back(std::move(first) + (parameters.empty() ? "" : ";"));
  out.insert(out.end(), parameters.begin(), parameters.end());
  return out;
}

}  // namespace

Result<PlannedFile> plan_file(Enclosure enclosure) {
  PlannedFile out{std::move(enclosure), {}, {}};
  out.name = safe_file_name(header_line(out.enclosure.name));
  out.type = type_of(out.enclosure);
  if (out.type != kMessage) return out;
  MessageCheck check;
  for (std::uint32_t i = 0; i < out.enclosure.chunks; ++i) {
    const auto bytes = out.enclosure.chunk(i);
    if (!bytes) return bytes.error();
    check.add(*bytes);
  }
  out.as_it_is = check.fits();
  out.eight_bit = out.as_it_is && check.eight_bit();
  if (out.name.empty()) out.name = "message.eml";
  if (!out.as_it_is) out.type = kFile;
  return out;
}

std::string part_header(const PlannedFile& one) {
  Tokens charset;
  if (one.type.starts_with("text/")) charset.emplace_back("charset=utf-8");
  const std::string raw = one.eight_bit ? "8bit" : "7bit";
  const Tokens named = one.name.empty() ? Tokens() : parameter("filename", one.name);
  return field("Content-Type", with_semicolon(one.type, charset)) +
         field("Content-Transfer-Encoding", {one.as_it_is ? raw : "base64"}) +
         field("Content-Disposition", with_semicolon("attachment", named)) + "\r\n";
}

}  // namespace beredd::mail
