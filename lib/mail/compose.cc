#include "beredd/mail/compose.h"

#include "addresses.h"
#include "charset.h"
#include "file_name.h"
#include "flowed.h"
#include "header_writer.h"
#include "quotation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/digest.h"
#include "beredd/base/text.h"

namespace beredd::mail {

using base::Result;
using base::Status;

namespace {

constexpr std::string_view kMessage = "message/rfc822";
constexpr std::string_view kFile = "application/octet-stream";
// RFC 5322 has no bound for References, but servers have; the first one and the newest lead home.
constexpr std::size_t kMostReferences = 20;
constexpr std::size_t kLongestId = 500;
constexpr std::size_t kLongestLine = 998;

bool is_visible_ascii(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

// An encoded word (RFC 2047) has no place in an id, and readers that decode it see another.
bool is_id(std::string_view id) {
  return id.size() <= kLongestId && is_visible_ascii(id) &&
         id.find_first_of("<>") == std::string_view::npos &&
         id.find("=?") == std::string_view::npos;
}

std::vector<std::string> references_of(const Letter& letter) {
  std::vector<std::string> out;
  for (const std::string& id : letter.references) {
    if (is_id(id) && id != letter.in_reply_to && std::ranges::find(out, id) == out.end()) {
      out.push_back(id);
    }
  }
  if (is_id(letter.in_reply_to)) out.push_back(letter.in_reply_to);
  if (out.size() > kMostReferences) {
    out.erase(out.begin() + 1, out.end() - static_cast<std::ptrdiff_t>(kMostReferences - 1));
  }
  return out;
}

Tokens bracketed(const std::vector<std::string>& ids) {
  Tokens out;
  out.reserve(ids.size());
  for (const std::string& id : ids) out.push_back("<" + id + ">");
  return out;
}

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

// A file as it will be written.
struct Planned {
  Enclosure enclosure;
  std::string name, type;
  bool as_it_is = false;
  bool eight_bit = false;
};

Result<Planned> planned(Enclosure enclosure) {
  Planned out{std::move(enclosure), {}, {}};
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

std::string part_header(const Planned& one) {
  Tokens charset;
  if (one.type.starts_with("text/")) charset.emplace_back("charset=utf-8");
  const std::string raw = one.eight_bit ? "8bit" : "7bit";
  const Tokens named = one.name.empty() ? Tokens() : parameter("filename", one.name);
  return field("Content-Type", with_semicolon(one.type, charset)) +
         field("Content-Transfer-Encoding", {one.as_it_is ? raw : "base64"}) +
         field("Content-Disposition", with_semicolon("attachment", named)) + "\r\n";
}

// A list of addresses as a field, and as a reader of it has them.
Status add_addresses(std::string_view name, const std::vector<Address>& list, std::string& out,
                     std::vector<Address>& read_as, bool& utf8) {
  if (list.empty()) return {};
  auto written = address_list(list, name.size() + 2);
  if (!written) return written.error();
  utf8 = utf8 || written->utf8;
  out += field(name, written->tokens);
  read_as = std::move(written->read_as);
  return {};
}

}  // namespace

struct Composition::State {
  explicit State(Letter its_letter)
      : letter(std::move(its_letter)), boundary("=_" + letter.boundary) {}

  Status plan();
  Status write_header();
  void write_text();
  std::string open_part() const;
  Result<std::string> next_of_files();

  Letter letter;
  std::string boundary;
  std::vector<Planned> files;
  Composed composed;
  std::string head;  // all before the first file
  enum class At { head, files, over } at = At::head;
  std::size_t file = 0;
  std::optional<std::uint32_t> chunk;  // of the file; nothing: its header comes next
  base::Sha256Stream digest;
  std::uint64_t size = 0;
  Base64Writer base64;
};

Status Composition::State::plan() {
  for (Enclosure& enclosure : letter.enclosures) {
    auto one = planned(std::move(enclosure));
    if (!one) return one.error();
    if (one->eight_bit) composed.body = BodyType::eight_bit_mime;
    files.push_back(*std::move(one));
  }
  letter.enclosures.clear();
  return {};
}

Status Composition::State::write_header() {
  Reading& reading = composed.reading;
  reading.date = std::chrono::floor<std::chrono::seconds>(letter.date);
  head += field("Date", {base::rfc5322(letter.date)});
  const auto add = [&](std::string_view name, const std::vector<Address>& list,
                       std::vector<Address>& read_as) {
    return add_addresses(name, list, head, read_as, composed.smtputf8);
  };
  if (auto added = add("From", {letter.from}, reading.from); !added) return added;
  if (auto added = add("To", letter.to, reading.to); !added) return added;
  if (auto added = add("Cc", letter.cc, reading.cc); !added) return added;
  if (auto added = add("Reply-To", letter.reply_to, reading.reply_to); !added) return added;
  reading.subject = header_line(letter.subject);
  head += field("Subject", unstructured(reading.subject, 9));
  if (is_id(letter.message_id)) {
    reading.message_id = letter.message_id;
    head += field("Message-ID", bracketed({letter.message_id}));
  }
  reading.references = references_of(letter);
  if (is_id(letter.in_reply_to)) {
    reading.in_reply_to = {letter.in_reply_to};
    head += field("In-Reply-To", bracketed(reading.in_reply_to));
  }
  if (!reading.references.empty()) head += field("References", bracketed(reading.references));
  if (is_visible_ascii(letter.auto_submitted)) {
    reading.auto_submitted = base::lower(letter.auto_submitted);
    head += field("Auto-Submitted", {letter.auto_submitted});
  }
  if (is_visible_ascii(letter.mark)) {
    reading.loop_marks = {base::lower(letter.mark)};
    head += field("X-Beredd-Ticket", {letter.mark});
  }
  head += "MIME-Version: 1.0\r\n";
  return {};
}

void Composition::State::write_text() {
  if (!files.empty()) {
    head += field("Content-Type", {"multipart/mixed;", "boundary=\"" + boundary + "\""});
    const bool eight_bit = composed.body == BodyType::eight_bit_mime;
    head += field("Content-Transfer-Encoding", {eight_bit ? "8bit" : "7bit"});
    head += open_part();
  }
  composed.reading.text = canonical_text(letter.text);
  composed.reading.new_text = without_quotation(composed.reading.text);
  const TransferText encoded = encode_text(flow(composed.reading.text));
  head += field("Content-Type", {"text/plain;", "charset=utf-8;", "format=flowed"});
  head += fmt::format("Content-Transfer-Encoding: {}\r\n\r\n", encoded.encoding);
  head += encoded.bytes;
}

std::string Composition::State::open_part() const { return "\r\n--" + boundary + "\r\n"; }

Result<std::string> Composition::State::next_of_files() {
  if (file == files.size()) {
    at = At::over;
    return files.empty() ? std::string() : "\r\n--" + boundary + "--\r\n";
  }
  const Planned& one = files[file];
  if (!chunk) {
    chunk = 0;
    size = 0;
    return open_part() + part_header(one);
  }
  if (*chunk < one.enclosure.chunks) {
    auto bytes = one.enclosure.chunk((*chunk)++);
    if (!bytes) return bytes;
    digest.update(*bytes);
    size += bytes->size();
    return one.as_it_is ? std::move(bytes) : base64.write(*bytes);
  }
  const auto index = static_cast<std::uint32_t>(file + 2);
  composed.reading.attachments.push_back(
      {index, one.name, one.type, base::Bytes(size), digest.finish()});
  chunk.reset();
  ++file;
  return base64.finish();
}

Composition::Composition(std::unique_ptr<State> state) : state_(std::move(state)) {}
Composition::~Composition() = default;
Composition::Composition(Composition&&) noexcept = default;
Composition& Composition::operator=(Composition&&) noexcept = default;

Result<Composition> Composition::begin(Letter letter) {
  if (letter.to.empty() && letter.cc.empty()) {
    return base::permanent(base::Code::invalid, "the mail has nobody to go to");
  }
  auto state = std::make_unique<State>(std::move(letter));
  if (auto planned = state->plan(); !planned) return planned.error();
  if (auto written = state->write_header(); !written) return written.error();
  state->write_text();
  return Composition(std::move(state));
}

// A file's piece may be empty (less than a line of base64 is there); the end alone is.
Result<std::string> Composition::next() {
  if (state_->at == State::At::head) {
    state_->at = State::At::files;
    return std::move(state_->head);
  }
  while (state_->at == State::At::files) {
    auto piece = state_->next_of_files();
    if (!piece || !piece->empty()) return piece;
  }
  return std::string();
}

const Composed& Composition::composed() const { return state_->composed; }

Result<Address> parse_address(std::string_view text) {
  const std::string line = header_line(text);
  // The reader of addresses forgives; what a person writes is to be what they mean.
  std::string_view bare = line;
  if (line.ends_with('>')) bare = bare.substr(line.rfind('<') + 1);
  if (line.ends_with('>')) bare.remove_suffix(1);
  const auto found = parse_addresses(line);
  const bool one = found.size() == 1 && found.front().address == bare &&
                   bare.find('@') != std::string_view::npos && parse_mailbox(bare, true).ok();
  if (one) return found.front();
  return base::permanent(base::Code::invalid,
                         fmt::format("\"{}\" is not one mail address", base::for_terminal(text)));
}

}  // namespace beredd::mail
