#include "header_block.h"

#include <array>
#include <cstring>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::array<std::string_view, 19> kNames = {
    "from",
    "to",
    "cc",
    "reply-to",
    "sender",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-id",
    "content-location",
    "content-description",
    "mime-version",
    "received",
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_name_char(char c) { return c > 32 && c < 127 && c != ':'; }

bool speaks_of_content(FieldId id) {
  return id >= FieldId::content_type && id <= FieldId::mime_version;
}

struct Line {
  std::string_view text;  // without its end
  std::size_t next;       // where the one behind it begins
};

Line line_at(std::string_view raw, std::size_t at) {
  const void* feed = std::memchr(raw.data() + at, '\n', raw.size() - at);
  const std::size_t end =
      feed == nullptr ? raw.size()
                      : static_cast<std::size_t>(static_cast<const char*>(feed) - raw.data());
  std::size_t stop = end;
  if (stop > at && raw[stop - 1] == '\r') --stop;
  return {raw.substr(at, stop - at), feed == nullptr ? end : end + 1};
}

struct Colon {
  std::size_t at = std::string_view::npos;
  std::size_t name_size = 0;
};

// Where a field's name ends; npos when the line is no field. Blanks before the colon are borne.
Colon find_colon(std::string_view line) {
  std::size_t i = 0;
  while (i < line.size() && is_name_char(line[i])) ++i;
  const std::size_t name_size = i;
  while (i < line.size() && is_blank(line[i])) ++i;
  if (name_size == 0 || i == line.size() || line[i] != ':') return {};
  return {i, name_size};
}

class Slicer {
 public:
  Slicer(std::string_view raw, HeaderOf of, Defects& defects)
      : raw_(raw), of_(of), defects_(defects) {}

  HeaderSlice run() {
    std::size_t at = 0;
    while (at < raw_.size()) {
      const Line line = line_at(raw_, at);
      if (line.text.empty()) {
        finish_field();
        out_.end = line.next;
        return std::move(out_);
      }
      if (!take(line, at)) return stop_at(at);
      at = line.next;
    }
    finish_field();
    out_.end = raw_.size();
    return std::move(out_);
  }

 private:
  // False: the line belongs to the body.
  bool take(const Line& line, std::size_t at) {
    if (line.text.starts_with("--")) return false;
    if (is_blank(line.text[0])) return fold(line);
    const Colon colon = find_colon(line.text);
    if (colon.at != std::string_view::npos && !is_mbox_line(line.text, at)) {
      begin_field(line, at, colon);
      return true;
    }
    if (line.text[0] == ';' && begun_) return fold(line);
    return skip_junk(line, at);
  }

  bool fold(const Line& line) {
    if (begun_) {
      field_end_ = static_cast<std::size_t>(line.text.data() + line.text.size() - raw_.data());
    } else if (!out_.any_field) {
      // A message may open with a folded rest of what was cut off; a part's text may be indented.
      return of_ == HeaderOf::message && known_ahead(0);
    }
    return true;
  }

  void begin_field(const Line& line, std::size_t at, const Colon& colon) {
    finish_field();
    out_.any_field = true;
    if (colon.at != colon.name_size) defects_.add("blank before a header's colon");
    if (at > kLargestHeaderBlock) {
      defects_.add("header block over 256 KiB");
      return;
    }
    begun_ = true;
    id_ = field_named(line.text.substr(0, colon.name_size));
    field_begin_ = at + colon.at + 1;
    field_end_ = at + line.text.size();
  }

  void finish_field() {
    if (!begun_) return;
    begun_ = false;
    std::string_view body = raw_.substr(field_begin_, field_end_ - field_begin_);
    if (body.size() > kLargestField) {
      defects_.add("header field over 64 KiB");
      body = body.substr(0, kLargestField);
    }
    if (id_ != FieldId::unknown) out_.fields.push_back({id_, body});
  }

  // "From bob@example.org Mon Nov 23 …:" as mbox files put it above a message.
  static bool is_mbox_line(std::string_view line, std::size_t at) {
    return at == 0 && (line.starts_with("From ") || line.starts_with(">From ")) &&
           line.find('@') < line.find(':');
  }

  // A line that is no field is junk when fields that we know still follow; else the body begins.
  bool skip_junk(const Line& line, std::size_t at) {
    if (!is_mbox_line(line.text, at) && !known_ahead(at)) return false;
    finish_field();
    defects_.add(at == 0 ? "first line is no header" : "junk line in the header");
    return true;
  }

  bool known_ahead(std::size_t at) {
    if (!looked_ahead_) {
      looked_ahead_ = true;
      last_known_ = find_last_known(at);
    }
    return at < last_known_;
  }

  // One look for the whole block keeps slicing linear.
  std::size_t find_last_known(std::size_t at) const {
    std::size_t last = 0;
    const std::size_t limit = std::min(raw_.size(), at + kLargestHeaderBlock);
    while (at < limit) {
      const Line line = line_at(raw_, at);
      if (line.text.empty() || line.text.starts_with("--")) break;
      const Colon colon = find_colon(line.text);
      if (colon.at != std::string_view::npos) {
        const FieldId id = field_named(line.text.substr(0, colon.name_size));
        const bool counts = of_ == HeaderOf::part ? speaks_of_content(id) : id != FieldId::unknown;
        if (counts) last = at + 1;
      }
      at = line.next;
    }
    return last;
  }

  HeaderSlice stop_at(std::size_t at) {
    finish_field();
    out_.end = at;
    if (of_ == HeaderOf::message && out_.fields.empty()) {
      out_.end = 0;
      out_.any_field = false;
      return std::move(out_);
    }
    if (at != 0) defects_.add("no blank line between header and body");
    return std::move(out_);
  }

  std::string_view raw_;
  HeaderOf of_;
  Defects& defects_;
  HeaderSlice out_;
  bool begun_ = false;
  FieldId id_ = FieldId::unknown;
  std::size_t field_begin_ = 0;
  std::size_t field_end_ = 0;
  bool looked_ahead_ = false;
  std::size_t last_known_ = 0;
};

}  // namespace

FieldId field_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i].size() == name.size() && (kNames[i][0] | 0x20) == (name[0] | 0x20) &&
        base::same_ignoring_case(kNames[i], name)) {
      return static_cast<FieldId>(i);
    }
  }
  return FieldId::unknown;
}

std::string_view name(FieldId id) {
  return id == FieldId::unknown ? std::string_view("unknown")
                                : kNames[static_cast<std::size_t>(id)];
}

std::string_view HeaderSlice::first(FieldId id) const {
  for (const FieldSlice& field : fields) {
    if (field.id == id) return field.body;
  }
  return {};
}

HeaderSlice slice_header(std::string_view raw, HeaderOf of, Defects& defects) {
  return Slicer(raw, of, defects).run();
}

}  // namespace beredd::mail
