// Builds a sound MIME message from the bytes and has it read twice, by us and by GMime: both must
// find the same leaves, with the same types, names and decoded bytes. Any bytes at all are what
// mail_fuzz reads; there, readers may differ.

#include "require.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

#include "defects.h"
#include "skeleton.h"

#include "beredd/mail/reading.h"

namespace {

using beredd::fuzz::require;

struct Leaf {
  std::string type;
  std::string bytes;
  bool operator==(const Leaf&) const = default;
};

// Takes decisions from the front of the input; when that is used up, all are zero.
class Decisions {
 public:
  Decisions(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  unsigned below(unsigned bound) { return at_ == end_ ? 0 : *at_++ % bound; }
  std::string bytes(std::size_t size) {
    std::string out;
    for (; size > 0 && at_ != end_; --size) out.push_back(static_cast<char>(*at_++));
    return out;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out.push_back(k <= have ? kDigits[bits >> (18 - 6 * k) & 63U] : '=');
    if (i % 57 == 54) out += "\r\n";
  }
  return out;
}

std::string quoted_printable(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  std::size_t column = 0;
  for (const char c : bytes) {
    const auto octet = static_cast<unsigned char>(c);
    if (column > 70) {
      out += "=\r\n";
      column = 0;
    }
    if ((octet >= 'a' && octet <= 'z') || octet == '.') {
      out.push_back(c);
      ++column;
    } else {
      out.append({'=', kHex[octet >> 4U], kHex[octet & 15U]});
      column += 3;
    }
  }
  return out;
}

// Lines of text that no boundary of ours can be taken for.
std::string text_lines(Decisions& in) {
  std::string out = in.bytes(in.below(80));
  for (char& c : out) {
    if (c == '\0' || c == '\r' || c == '-') c = 'x';
  }
  std::string lines;
  for (const char c : out) lines.append(c == '\n' ? "\r\n" : std::string(1, c));
  return lines;
}

class Builder {
 public:
  explicit Builder(Decisions in) : in_(in) {}

  std::string message() {
    const std::string part = entity(0);
    return "From: a@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n" + part;
  }
  const std::vector<Leaf>& leaves() const { return leaves_; }

 private:
  std::string entity(unsigned depth) {
    return depth < 6 && in_.below(3) == 1 ? multipart(depth) : leaf();
  }

  std::string multipart(unsigned depth) {
    constexpr const char* kKinds[] = {"mixed", "alternative", "related", "parallel"};
    const std::string boundary =
        std::string(in_.below(2) == 0 ? "b" : "=_b.") + std::to_string(++boundaries_);
    const bool quoted = in_.below(2) == 0 || boundary[0] == '=';
    std::string out = std::string(in_.below(2) == 0 ? "Content-Type: " : "content-type:") +
                      "multipart/" + kKinds[in_.below(4)] + ";" +
                      (in_.below(2) == 0 ? " " : "\r\n\t") +
                      "boundary=" + (quoted ? "\"" + boundary + "\"" : boundary) + "\r\n\r\n";
    if (in_.below(3) == 1) out += "preamble\r\n";
    for (unsigned left = 1 + in_.below(4); left > 0; --left)
      out +=
          "--" + boundary + (in_.below(4) == 1 ? " \t" : "") + "\r\n" + entity(depth + 1) + "\r\n";
    out += "--" + boundary + "--";
    if (in_.below(3) == 1) out += "\r\nepilogue";
    return out;
  }

  std::string leaf() {
    constexpr const char* kTypes[] = {"application/x-one", "image/png", "text/plain", "text/html"};
    Leaf leaf;
    leaf.type = kTypes[in_.below(4)];
    std::string out = "Content-Type: " + leaf.type + "\r\n";
    switch (in_.below(4)) {
      case 0:
        leaf.bytes = text_lines(in_);
        out += (in_.below(2) == 0 ? "" : "Content-Transfer-Encoding: 8bit\r\n");
        out += "\r\n" + leaf.bytes;
        break;
      case 1:
        leaf.bytes = in_.bytes(in_.below(200));
        out += "Content-Transfer-Encoding: base64\r\n\r\n" + base64(leaf.bytes);
        break;
      case 2:
        leaf.bytes = in_.bytes(in_.below(200));
        out += "Content-Transfer-Encoding: BASE64\r\n\r\n" + base64(leaf.bytes) + "\r\n";
        break;
      default:
        leaf.bytes = in_.bytes(in_.below(200));
        out += "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(leaf.bytes);
    }
    leaves_.push_back(std::move(leaf));
    return out;
  }

  Decisions in_;
  std::vector<Leaf> leaves_;
  unsigned boundaries_ = 0;
};

void take_leaf(GMimeObject*, GMimeObject* part, gpointer out) {
  if (!GMIME_IS_PART(part)) return;
  Leaf leaf;
  GMimeContentType* type = g_mime_object_get_content_type(part);
  leaf.type = std::string(g_mime_content_type_get_media_type(type)) + "/" +
              g_mime_content_type_get_media_subtype(type);
  GMimeStream* memory = g_mime_stream_mem_new();
  GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(part));
  if (content != nullptr) g_mime_data_wrapper_write_to_stream(content, memory);
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
  leaf.bytes.assign(reinterpret_cast<const char*>(bytes->data), bytes->len);
  g_object_unref(memory);
  static_cast<std::vector<Leaf>*>(out)->push_back(std::move(leaf));
}

std::vector<Leaf> by_gmime(const std::string& raw) {
  std::vector<Leaf> leaves;
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(raw.data(), raw.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  require(message != nullptr, "GMime reads the message");
  g_mime_message_foreach(message, take_leaf, &leaves);
  g_object_unref(message);
  g_object_unref(parser);
  g_object_unref(stream);
  return leaves;
}

std::vector<Leaf> by_us(const std::string& raw) {
  std::vector<Leaf> leaves;
  beredd::mail::Defects defects;
  std::uint32_t index = 0;
  for (const beredd::mail::Part& part : beredd::mail::scan(raw, defects).parts) {
    if (part.multipart) continue;
    const auto bytes = beredd::mail::part_bytes(raw, ++index);
    require(bytes.ok(), "a leaf has bytes");
    leaves.push_back({part.content.type.value, *bytes});
  }
  return leaves;
}

// GMime leaves the CR of the line end that belongs to the delimiter (RFC 2046 §5.1.1) in the body.
std::vector<Leaf> without_line_ends(std::vector<Leaf> leaves) {
  for (Leaf& leaf : leaves) leaf.bytes.resize(leaf.bytes.find_last_not_of("\r\n") + 1);
  return leaves;
}

void show(const char* whose, const std::vector<Leaf>& leaves) {
  std::fprintf(stderr, "%s: %zu leaves\n", whose, leaves.size());
  for (const Leaf& leaf : leaves)
    std::fprintf(stderr, "  %s %zu\n", leaf.type.c_str(), leaf.bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  g_mime_init();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Builder builder{Decisions(data, size)};
  const std::string raw = builder.message();
  const std::vector<Leaf> ours = by_us(raw);
  const std::vector<Leaf> theirs = by_gmime(raw);
  const bool same = without_line_ends(theirs) == without_line_ends(ours);
  if (ours != builder.leaves() || !same) {
    std::fprintf(stderr, "%s\n", raw.c_str());
    show("built", builder.leaves());
    show("ours", ours);
    show("GMime", theirs);
    require(ours == builder.leaves(), "we find what was built");
    require(same, "GMime and we find the same");
  }
  return 0;
}
