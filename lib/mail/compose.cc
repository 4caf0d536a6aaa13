#include "beredd/mail/compose.h"

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

bool is_id(std::string_view id) {
  return id.size() <= kLongestId && is_visible_ascii(id) &&
         id.find_first_of("<>") == std::string_view::npos;
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

class Composer {
 public:
  Composer(const Letter& letter, const ByteSink& sink)
      : letter_(letter), sink_(sink), boundary_("=_" + letter.boundary) {}

  Result<Composed> run() {
    if (letter_.to.empty() && letter_.cc.empty()) {
      return base::permanent(base::Code::invalid, "the mail has nobody to go to");
    }
    plan();
    if (!failed_) header();
    if (!failed_) body();
    if (failed_) return *failed_;
    return std::move(out_);
  }

 private:
  struct Planned {
    const Enclosure& enclosure;
    std::string name, type;
    bool as_it_is = false;
    bool eight_bit = false;
  };

  void put(std::string_view bytes) {
    if (failed_) return;
    if (auto put = sink_(bytes); !put) failed_ = put.error();
  }

  template <typename Each>
  void read(const Enclosure& enclosure, const Each& each) {
    for (std::uint32_t i = 0; i < enclosure.chunks && !failed_; ++i) {
      auto bytes = enclosure.chunk(i);
      if (!bytes) {
        failed_ = bytes.error();
      } else {
        each(*bytes);
      }
    }
  }

  void plan() {
    for (const Enclosure& enclosure : letter_.enclosures) {
      Planned one{enclosure, safe_file_name(header_line(enclosure.name)), type_of(enclosure)};
      if (one.type == kMessage) {
        MessageCheck check;
        read(enclosure, [&](std::string_view bytes) { check.add(bytes); });
        one.as_it_is = check.fits();
        one.eight_bit = check.eight_bit();
        if (one.name.empty()) one.name = "message.eml";
        if (!one.as_it_is) one.type = kFile;
        if (one.as_it_is && one.eight_bit) out_.body = BodyType::eight_bit_mime;
      }
      planned_.push_back(std::move(one));
    }
  }

  void addresses(std::string_view name, const std::vector<Address>& list,
                 std::vector<Address>& read_as) {
    if (list.empty() || failed_) return;
    auto written = address_list(list, name.size() + 2);
    if (!written) {
      failed_ = written.error();
      return;
    }
    out_.smtputf8 = out_.smtputf8 || written->utf8;
    put(field(name, written->tokens));
    for (const Address& one : list) {
      auto mailbox = parse_mailbox(one.address, true);
      if (!is_ascii(mailbox->domain)) mailbox->domain = comparable_domain(mailbox->domain);
      read_as.push_back({header_line(one.name), mailbox->text()});
    }
  }

  void header() {
    Reading& reading = out_.reading;
    reading.date = std::chrono::floor<std::chrono::seconds>(letter_.date);
    put(field("Date", {base::rfc5322(letter_.date)}));
    addresses("From", {letter_.from}, reading.from);
    addresses("To", letter_.to, reading.to);
    addresses("Cc", letter_.cc, reading.cc);
    addresses("Reply-To", letter_.reply_to, reading.reply_to);
    reading.subject = header_line(letter_.subject);
    put(field("Subject", unstructured(reading.subject, 9)));
    if (is_id(letter_.message_id)) {
      reading.message_id = letter_.message_id;
      put(field("Message-ID", bracketed({letter_.message_id})));
    }
    reading.references = references_of(letter_);
    if (is_id(letter_.in_reply_to)) {
      reading.in_reply_to = {letter_.in_reply_to};
      put(field("In-Reply-To", bracketed(reading.in_reply_to)));
    }
    if (!reading.references.empty()) put(field("References", bracketed(reading.references)));
    if (is_visible_ascii(letter_.auto_submitted)) {
      reading.auto_submitted = base::lower(letter_.auto_submitted);
      put(field("Auto-Submitted", {letter_.auto_submitted}));
    }
    if (is_visible_ascii(letter_.mark)) {
      reading.loop_marks = {base::lower(letter_.mark)};
      put(field("X-Beredd-Ticket", {letter_.mark}));
    }
    put("MIME-Version: 1.0\r\n");
  }

  void body() {
    const bool mixed = !planned_.empty();
    if (mixed) {
      put(field("Content-Type", {"multipart/mixed;", "boundary=\"" + boundary_ + "\""}));
      const bool eight_bit = out_.body == BodyType::eight_bit_mime;
      put(field("Content-Transfer-Encoding", {eight_bit ? "8bit" : "7bit"}));
      put("\r\n--" + boundary_ + "\r\n");
    }
    text();
    std::uint32_t index = 1;
    for (const Planned& one : planned_) {
      put("\r\n--" + boundary_ + "\r\n");
      enclose(one, ++index);
    }
    if (mixed) put("\r\n--" + boundary_ + "--\r\n");
  }

  void text() {
    out_.reading.text = canonical_text(letter_.text);
    out_.reading.new_text = without_quotation(out_.reading.text);
    const TransferText encoded = encode_text(flow(out_.reading.text));
    put(field("Content-Type", {"text/plain;", "charset=utf-8;", "format=flowed"}));
    put(fmt::format("Content-Transfer-Encoding: {}\r\n\r\n", encoded.encoding));
    put(encoded.bytes);
  }

  void enclose(const Planned& one, std::uint32_t index) {
    Tokens text_charset;
    if (one.type.starts_with("text/")) text_charset.emplace_back("charset=utf-8");
    put(field("Content-Type", with_semicolon(one.type, text_charset)));
    const std::string_view raw = one.eight_bit ? "8bit" : "7bit";
    put(field("Content-Transfer-Encoding", {std::string(one.as_it_is ? raw : "base64")}));
    const Tokens named = one.name.empty() ? Tokens() : parameter("filename", one.name);
    put(field("Content-Disposition", with_semicolon("attachment", named)));
    put("\r\n");
    base::Sha256Stream digest;
    std::uint64_t size = 0;
    Base64Writer base64;
    read(one.enclosure, [&](std::string_view bytes) {
      digest.update(bytes);
      size += bytes.size();
      put(one.as_it_is ? std::string(bytes) : base64.write(bytes));
    });
    put(base64.finish());
    out_.reading.attachments.push_back(
        {index, one.name, one.type, base::Bytes(size), digest.finish()});
  }

  const Letter& letter_;
  const ByteSink& sink_;
  std::string boundary_;
  std::vector<Planned> planned_;
  Composed out_;
  std::optional<base::Error> failed_;
};

}  // namespace

Result<Composed> compose(const Letter& letter, const ByteSink& sink) {
  return Composer(letter, sink).run();
}

}  // namespace beredd::mail
