#include "skeleton.h"

#include "content.h"
#include "enclosure.h"

#include <cstring>
#include <optional>

namespace beredd::mail {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// A multipart whose end has not come yet.
struct Open {
  std::uint32_t part;
  std::string boundary;
  std::size_t body_begin;
  bool begun = false;  // its delimiter has occurred
};

struct Match {
  std::size_t level;
  bool closing;
};

class Scanner {
 public:
  Scanner(std::string_view raw, Defects& defects) : raw_(raw), defects_(defects) {}

  Skeleton run() {
    out_.header = slice_header(raw_, HeaderOf::message, defects_);
    add({0, 0, false, false, content_of(out_.header, "text/plain", defects_), {}});
    enter(0, out_.header, out_.header.end);
    std::size_t at = out_.header.end;
    while (at < raw_.size() && !open_.empty()) at = line(at);
    close_down_to(0, raw_.size());
    end_leaf(raw_.size());
    return std::move(out_);
  }

 private:
  // Looks at the line that begins at `at` and returns where to go on.
  std::size_t line(std::size_t at) {
    const void* feed = std::memchr(raw_.data() + at, '\n', raw_.size() - at);
    const std::size_t end =
        feed == nullptr ? raw_.size()
                        : static_cast<std::size_t>(static_cast<const char*>(feed) - raw_.data());
    const std::size_t next = feed == nullptr ? end : end + 1;
    if (end - at < 3 || raw_[at] != '-' || raw_[at + 1] != '-') return next;
    const std::optional<Match> match = match_line(raw_.substr(at + 2, end - at - 2));
    if (!match) return next;
    return match->closing ? close(match->level, at, next) : begin_child(match->level, at, next);
  }

  // Exact lines first, so that "--a--" opens a part of the boundary "a--" before it closes "a".
  std::optional<Match> match_line(std::string_view text) const {
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    for (std::size_t level = open_.size(); level-- > 0;) {
      if (text == open_[level].boundary) return Match{level, false};
    }
    for (std::size_t level = open_.size(); level-- > 0;) {
      const std::string& boundary = open_[level].boundary;
      if (!text.starts_with(boundary)) continue;
      const std::string_view rest = text.substr(boundary.size());
      if (rest.starts_with("--")) return Match{level, true};
      if (is_blank(rest[0])) return Match{level, false};
    }
    return std::nullopt;
  }

  std::size_t begin_child(std::size_t level, std::size_t at, std::size_t next) {
    if (out_.parts.size() >= kMostParts) {
      defects_.add("more than 5,000 parts");
      return raw_.size();
    }
    close_down_to(level + 1, at);
    end_leaf(at);
    open_[level].begun = true;
    return add_part(open_[level].part, next);
  }

  // A part whose header begins at `at`; returns where its body does.
  std::size_t add_part(std::uint32_t parent, std::size_t at) {
    const HeaderSlice header = slice_header(raw_.substr(at), HeaderOf::part, defects_);
    const bool digest = out_.parts[parent].content.type.value == "multipart/digest";
    const auto index = static_cast<std::uint32_t>(out_.parts.size());
    add({parent,
         out_.parts[parent].depth + 1,
         false,
         false,
         content_of(header, digest ? "message/rfc822" : "text/plain", defects_),
         {}});
    enter(index, header, at + header.end);
    return at + header.end;
  }

  void add(Part part) { out_.parts.push_back(std::move(part)); }

  // The part's body begins at `at`: as a multipart if it is one that we can follow, else as a leaf.
  void enter(std::uint32_t index, const HeaderSlice& header, std::size_t at) {
    Part& part = out_.parts[index];
    leaf_ = index;
    leaf_begin_ = at;
    if (!part.content.type.value.starts_with("multipart/")) return;
    if (part.depth >= kDeepestNesting) {
      defects_.add("nested more than 50 deep");
      return;
    }
    std::string boundary = boundary_of(header, part.content);
    if (boundary.empty() || boundary.size() > kMatchedBoundary) {
      defects_.add("multipart without a usable boundary");
      boundary = guess_boundary(at);
      if (boundary.empty()) {
        part.content.type.value = "text/plain";
        return;
      }
    }
    if (boundary.size() > kLongestBoundary) defects_.add("boundary over 70 characters");
    part.multipart = true;
    leaf_.reset();
    open_.push_back({index, std::move(boundary), at});
  }

  // Where the boundary is missing, the first line of the body mostly shows it.
  std::string guess_boundary(std::size_t at) const {
    const std::string_view body = raw_.substr(at, kMatchedBoundary);
    const std::size_t start = body.find_first_not_of("\r\n");
    if (start == std::string_view::npos || !body.substr(start).starts_with("--")) return {};
    std::string_view line = body.substr(start + 2, body.find_first_of("\r\n", start) - start - 2);
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    return line.size() < 3 ? std::string() : std::string(line);
  }

  std::size_t close(std::size_t level, std::size_t at, std::size_t next) {
    close_down_to(level + 1, at);
    end_leaf(at);
    finish(open_[level], at);
    open_.pop_back();
    return next;
  }

  // Ends the multiparts at and above `level`, which have not been closed by their own delimiter.
  void close_down_to(std::size_t level, std::size_t at) {
    while (open_.size() > level) {
      if (open_.back().begun) defects_.add("multipart without its closing boundary");
      end_leaf(at);
      finish(open_.back(), at);
      open_.pop_back();
    }
  }

  // A multipart whose delimiter never occurred holds one part without an opening line, or only
  // text.
  void finish(const Open& open, std::size_t at) {
    if (open.begun) return;
    defects_.add("boundary never occurs");
    const std::size_t end = before_line_end(open.body_begin, at);
    const std::string_view body = raw_.substr(open.body_begin, end - open.body_begin);
    Defects quiet;
    const HeaderSlice header = slice_header(body, HeaderOf::part, quiet);
    if (!header.first(FieldId::content_type).empty() && out_.parts.size() < kMostParts) {
      Part child{open.part,
                 out_.parts[open.part].depth + 1,
                 false,
                 false,
                 content_of(header, "text/plain", defects_),
                 body.substr(header.end)};
      if (child.content.type.value.starts_with("multipart/"))
        child.content.type.value = "text/plain";
      out_.parts.push_back(std::move(child));
      return;
    }
    Part& part = out_.parts[open.part];
    part.multipart = false;
    part.content.type.value = "text/plain";
    part.body = body;
  }

  void end_leaf(std::size_t at) {
    if (!leaf_) return;
    const std::size_t end = before_line_end(leaf_begin_, at);
    out_.parts[*leaf_].body = raw_.substr(leaf_begin_, end - leaf_begin_);
    leaf_.reset();
  }

  // The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
  std::size_t before_line_end(std::size_t begin, std::size_t at) const {
    if (at == raw_.size()) return at;
    if (at > begin && raw_[at - 1] == '\n') --at;
    if (at > begin && raw_[at - 1] == '\r') --at;
    return std::max(at, begin);
  }

  std::string_view raw_;
  Defects& defects_;
  Skeleton out_;
  std::vector<Open> open_;
  std::optional<std::uint32_t> leaf_;
  std::size_t leaf_begin_ = 0;
};

}  // namespace

Skeleton scan(std::string_view raw, Defects& defects) {
  Skeleton skeleton = Scanner(raw, defects).run();
  open_enclosures(skeleton, defects);
  return skeleton;
}

Skeleton scan_lines(std::string_view raw, Defects& defects) { return Scanner(raw, defects).run(); }

}  // namespace beredd::mail
