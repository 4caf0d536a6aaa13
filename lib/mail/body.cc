#include "body.h"

#include "charset.h"
#include "html_text.h"
#include "plain_text.h"

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

bool is_html(const Part& part) { return part.content.type.value == "text/html"; }

bool is_text(const Part& part) {
  const std::string& type = part.content.type.value;
  return type == "text/plain" || type == "text/html" || type == "text" || type == "text/enriched" ||
         type == "text/richtext" || type == "text/x-amp-html";
}

// Text that stands in the mail itself, not in a file that it carries.
bool is_spoken(const Part& part) {
  const Content& content = part.content;
  return !part.multipart && is_text(part) && content.disposition.value != "attachment" &&
         given_name(content).empty();
}

class Chooser {
 public:
  Chooser(const Skeleton& skeleton, Defects& defects)
      : parts_(skeleton.parts), defects_(defects), children_(parts_.size()) {
    for (std::uint32_t i = 1; i < parts_.size(); ++i) children_[parts_[i].parent].push_back(i);
    out_.roles.resize(parts_.size(), Role::container);
    texts_.resize(parts_.size());
  }

  Body run() {
    visit(0);
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
      if (out_.roles[i] == Role::shown) append(i);
    }
    if (is_blank_text(out_.text)) stand_in();
    if (is_blank_text(out_.text)) speak_through_file();
    return std::move(out_);
  }

 private:
  // Some systems give names to all of their parts: where nothing else is said, the first text that
  // is not expressly attached is read as well, and stays an attachment.
  void speak_through_file() {
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
      const bool readable = out_.roles[i] == Role::attached && is_text(parts_[i]) &&
                            parts_[i].content.disposition.value != "attachment";
      if (!readable || is_blank_text(text_of(i))) continue;
      out_.text.clear();
      return append(i);
    }
  }

  // The body of a winmail.dat, where no other part says anything.
  void stand_in() {
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
      if (!parts_[i].stand_in || out_.roles[i] != Role::hidden || is_blank_text(text_of(i)))
        continue;
      out_.roles[i] = Role::shown;
      out_.text.clear();
      return append(i);
    }
  }

  // Depth is bounded by kDeepestNesting and kDeepestEnclosure.
  void visit(std::uint32_t index) {
    const Part& part = parts_[index];
    if (!part.multipart) {
      const Role spoken = part.stand_in ? Role::hidden : Role::shown;
      out_.roles[index] = is_spoken(part) ? spoken : Role::attached;
      return;
    }
    for (const std::uint32_t child : children_[index]) visit(child);
    if (part.content.type.value == "multipart/alternative") keep_best(index);
    if (part.content.type.value == "multipart/related") keep_root(index);
  }

  // Plain text unless it is blank; else the last alternative that says something, which is the
  // richest (RFC 2046 §5.1.4).
  void keep_best(std::uint32_t index) {
    const std::vector<std::uint32_t>& choices = children_[index];
    std::size_t best = choices.size();
    bool best_is_plain = false;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const std::uint32_t leaf = first_shown(choices[i]);
      if (leaf == kNone || is_blank_text(text_of(leaf))) continue;
      const bool plain = !is_html(parts_[leaf]);
      if (best == choices.size() || (plain && !best_is_plain) || (!plain && !best_is_plain)) {
        best = i;
        best_is_plain = plain;
      }
    }
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (i != best) hide(choices[i]);
    }
  }

  // What is related to the root is shown inside of it or not at all.
  void keep_root(std::uint32_t index) {
    bool root = true;
    for (const std::uint32_t child : children_[index]) {
      if (!root && out_.roles[child] == Role::shown) out_.roles[child] = Role::attached;
      root = root && first_shown(child) == kNone;
    }
  }

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  // Parts stand in the order of their bytes, so a subtree is a run that its depth ends.
  std::uint32_t end_of(std::uint32_t index) const {
    std::uint32_t end = index + 1;
    while (end < parts_.size() && parts_[end].depth > parts_[index].depth) ++end;
    return end;
  }

  std::uint32_t first_shown(std::uint32_t index) const {
    for (std::uint32_t i = index, end = end_of(index); i < end; ++i) {
      if (out_.roles[i] == Role::shown) return i;
    }
    return kNone;
  }

  void hide(std::uint32_t index) {
    for (std::uint32_t i = index, end = end_of(index); i < end; ++i) {
      if (out_.roles[i] == Role::shown) out_.roles[i] = Role::hidden;
    }
  }

  const std::string& text_of(std::uint32_t index) {
    if (!texts_[index]) texts_[index] = part_text(parts_[index], defects_);
    return *texts_[index];
  }

  void append(std::uint32_t index) {
    text_of(index);
    std::string text = std::move(*texts_[index]);
    if (text.empty()) return;
    if (out_.text.empty()) {
      out_.text = std::move(text);
    } else {
      out_.text.append(out_.text.ends_with('\n') ? "\n" : "\n\n").append(text);
    }
  }

  const std::vector<Part>& parts_;
  Defects& defects_;
  std::vector<std::vector<std::uint32_t>> children_;
  std::vector<std::optional<std::string>> texts_;
  Body out_;
};

void note(Label label, Defects& defects) {
  if (label == Label::unknown) defects.add("unknown charset");
  if (label == Label::lied) defects.add("text is not in the charset it names");
}

}  // namespace

Body read_body(const Skeleton& skeleton, Defects& defects) {
  return Chooser(skeleton, defects).run();
}

std::string given_name(const Content& content) {
  std::string name = content.disposition.text("filename");
  if (name.empty()) name = content.type.text("name");
  return name;
}

std::string part_text(const Part& part, Defects& defects) {
  Damage damage = Damage::none;
  const std::string bytes = decoded(part.body, part.content.transfer, &damage);
  if (damage == Damage::repaired) defects.add("damaged transfer encoding");
  std::string charset = part.content.type.raw("charset").value_or("");
  if (charset.empty() && is_html(part)) charset = html_charset(bytes);
  Decoded text = decode_charset(bytes, charset);
  note(text.label, defects);
  std::string lines = with_line_feeds(std::move(text.text));
  if (is_html(part)) return html_to_text(lines, defects);
  const std::string format = base::lower(part.content.type.raw("format").value_or(""));
  if (format != "flowed") return lines;
  const std::string delete_space = base::lower(part.content.type.raw("delsp").value_or(""));
  return unflow(lines, delete_space == "yes");
}

}  // namespace beredd::mail
