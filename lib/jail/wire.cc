#include "wire.h"

#include "little_endian.h"
#include "reading_fields.h"

#include <optional>

namespace beredd::jail {
namespace {

base::Error corrupt(std::string what) {
  return base::permanent(base::Code::corrupt, std::move(what));
}

class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}

  void text(const std::string& value) {
    put(out_, std::uint64_t{value.size()});
    out_ += value;
  }
  void line(const std::string& value) { text(value); }
  // Most often the beginning of `whole`; then how much of it is enough.
  void text_within(const std::string& value, const std::string& whole) {
    const bool begins_it = whole.starts_with(value);
    flag(begins_it);
    if (begins_it) {
      put(out_, std::uint64_t{value.size()});
    } else {
      text(value);
    }
  }
  void lines(const std::vector<std::string>& values) {
    each(values, [this](const std::string& value) { text(value); });
  }
  void addresses(const std::vector<mail::Address>& values) {
    each(values, [this](const mail::Address& value) {
      text(value.name);
      text(value.address);
    });
  }
  void attachments(const std::vector<mail::Attachment>& values) {
    each(values, [this](const mail::Attachment& value) {
      put(out_, value.index);
      text(value.name);
      text(value.type);
      put(out_, value.size.count());
      for (const auto byte : value.sha256) out_.push_back(static_cast<char>(byte));
    });
  }
  void instant(const std::optional<base::Instant>& value) {
    flag(value.has_value());
    put(out_, value ? base::micros(*value) : std::int64_t{0});
  }
  void flag(bool value) { out_.push_back(value ? '\1' : '\0'); }
  template <typename Enum>
  void choice(Enum value, Enum /*last*/) {
    out_.push_back(static_cast<char>(value));
  }
  void report(const std::optional<mail::Report>& value) {
    flag(value.has_value());
    if (value) walk_report(*this, *value);
  }

 private:
  template <typename T, typename One>
  void each(const std::vector<T>& values, One one) {
    put(out_, static_cast<std::uint32_t>(values.size()));
    for (const T& value : values) one(value);
  }

  std::string& out_;
};

}  // namespace

std::string encode(const Request& request) {
  std::string out;
  put(out, kWireVersion);
  put(out, static_cast<std::uint8_t>(request.what));
  put(out, request.part);
  put(out, request.slot);
  put(out, static_cast<std::uint32_t>(request.mails.size()));
  for (const Span& mail : request.mails) {
    put(out, mail.offset);
    put(out, mail.size);
  }
  return out;
}

base::Result<RequestHead> decode_head(std::string_view head) {
  if (head.size() < kRequestHead) return corrupt("half a request");
  const auto version = get<std::uint32_t>(head, 0);
  if (version != kWireVersion) {
    return base::permanent(base::Code::version, "a request of version " + std::to_string(version));
  }
  const auto what = get<std::uint8_t>(head, 4);
  if (what != static_cast<std::uint8_t>(Ask::read) && what != static_cast<std::uint8_t>(Ask::part))
    return corrupt("a request for nothing that is known");
  const auto slot = get<std::uint8_t>(head, 9);
  if (slot > kSlots) return corrupt("a slot that there is not");
  const auto count = get<std::uint32_t>(head, 10);
  if (count == 0 || count > kMostMails) return corrupt(std::to_string(count) + " mails");
  return RequestHead{slot, std::size_t{count} * kRequestSpan};
}

base::Result<Request> decode_request(std::string_view bytes, base::Bytes memory) {
  const auto head = decode_head(bytes);
  if (!head) return head.error();
  if (bytes.size() != kRequestHead + head->rest) return corrupt("a request of another length");
  Request request;
  request.what = static_cast<Ask>(get<std::uint8_t>(bytes, 4));
  request.part = get<std::uint32_t>(bytes, 5);
  request.slot = head->slot;
  for (std::size_t at = kRequestHead; at < bytes.size(); at += kRequestSpan) {
    const Span mail{get<std::uint64_t>(bytes, at), get<std::uint64_t>(bytes, at + 8)};
    if (mail.offset > memory.count() || mail.size > memory.count() - mail.offset)
      return corrupt("a mail outside its memory");
    request.mails.push_back(mail);
  }
  return request;
}

std::string encode_ready(std::string_view trouble) {
  std::string out;
  put(out, kWireVersion);
  put(out, std::uint64_t{trouble.size()});
  out += trouble;
  return out;
}

std::string encode_hello() {
  std::string out;
  put(out, kWireVersion);
  return out;
}

base::Status decode_hello(std::string_view bytes) {
  if (bytes == encode_hello()) return {};
  return base::permanent(base::Code::version, "a daemon of another version");
}

std::string encode_told(const Told& told) {
  std::string out;
  put(out, told.answers);
  put(out, told.bytes);
  return out;
}

void encode(const mail::Reading& reading, std::string& out) {
  Encoder encoder(out);
  walk(encoder, reading);
}

std::string encode_part_head(bool found, std::uint64_t size) {
  std::string out;
  out.push_back(found ? '\1' : '\0');
  put(out, size);
  return out;
}

}  // namespace beredd::jail
