#include "enclosure.h"

#include "body.h"
#include "smime.h"
#include "tnef.h"
#include "uudecode.h"

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

enum class Enclosure { none, tnef, smime, uu };

bool is_named(const Content& content, std::string_view name) {
  return base::same_ignoring_case(given_name(content), name);
}

bool is_smime_type(std::string_view type) {
  return type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime";
}

Enclosure enclosure_of(const Part& part) {
  const std::string& type = part.content.type.value;
  if (part.multipart || part.body.empty()) return Enclosure::none;
  if (type == "application/ms-tnef" || type == "application/vnd.ms-tnef") return Enclosure::tnef;
  if (is_smime_type(type)) return Enclosure::smime;
  if (type == "application/octet-stream") {
    if (is_named(part.content, "winmail.dat")) return Enclosure::tnef;
    if (is_named(part.content, "smime.p7m")) return Enclosure::smime;
  }
  // A file that is uuencoded though its header does not say so. In a text the files stay where they
  // stand: what the sender wrote is the text.
  if (part.content.transfer == Transfer::identity && !type.starts_with("text/") &&
      begins_uu(part.body))
    return Enclosure::uu;
  return Enclosure::none;
}

Part leaf(std::string type, std::string_view body) {
  Part part;
  part.content.type.value = std::move(type);
  part.content.typed = true;
  part.body = body;
  return part;
}

Parametrised::Piece given(std::string_view name, std::string value) {
  Parametrised::Piece piece;
  piece.name = name;
  piece.value = std::move(value);
  return piece;
}

void name(Part& part, std::string value) {
  part.content.disposition.value = "attachment";
  part.content.disposition.pieces.push_back(given("filename", std::move(value)));
}

class Opener {
 public:
  Opener(Skeleton& skeleton, Defects& defects, unsigned level)
      : out_(skeleton), defects_(defects), level_(level) {}

  void run() {
    std::vector<Part> before = std::move(out_.parts);
    out_.parts.clear();
    moved_.resize(before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      Part& part = before[i];
      part.parent = moved_[part.parent];
      moved_[i] = size();
      const Enclosure kind = enclosure_of(part);
      out_.parts.push_back(std::move(part));
      if (kind != Enclosure::none) open(moved_[i], kind);
    }
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(out_.parts.size()); }
  bool has_room() const { return out_.parts.size() < kMostParts; }

  void open(std::uint32_t index, Enclosure kind) {
    switch (kind) {
      case Enclosure::tnef: return open_tnef(index);
      case Enclosure::smime: return open_smime_part(index);
      case Enclosure::uu: return open_uu(index);
      case Enclosure::none: return;
    }
  }

  std::string_view keep(std::string bytes) {
    out_.opened.push_back(std::make_unique<std::string>(std::move(bytes)));
    return *out_.opened.back();
  }

  // The part's own bytes, decoded, for as long as the skeleton lives.
  std::string_view bytes_of(std::uint32_t index) {
    const Part& part = out_.parts[index];
    if (part.content.transfer == Transfer::identity) return part.body;
    return keep(decoded(part.body, part.content.transfer));
  }

  void add(std::uint32_t parent, Part part) {
    if (!has_room()) return defects_.add("more than 5,000 parts");
    part.parent = parent;
    part.depth = out_.parts[parent].depth + 1;
    out_.parts.push_back(std::move(part));
  }

  // Whole structures, which may hold enclosures of their own.
  void add(std::uint32_t parent, Skeleton inner, bool stand_in) {
    if (level_ < kDeepestEnclosure) Opener(inner, defects_, level_ + 1).run();
    const std::uint32_t first = size();
    for (Part& part : inner.parts) {
      if (!has_room()) return defects_.add("more than 5,000 parts");
      const bool root = part.depth == 0;
      part.parent = root ? parent : first + part.parent;
      part.depth += out_.parts[parent].depth + 1;
      part.stand_in = part.stand_in || stand_in;
      out_.parts.push_back(std::move(part));
    }
    for (auto& bytes : inner.opened) out_.opened.push_back(std::move(bytes));
  }

  void open_smime_part(std::uint32_t index) {
    Smime smime = open_smime(bytes_of(index));
    switch (smime.kind) {
      case Smime::Kind::signed_data: break;
      case Smime::Kind::enveloped: return defects_.add("encrypted with S/MIME");
      case Smime::Kind::compressed: return defects_.add("compressed with S/MIME");
      case Smime::Kind::certificates: return;
      case Smime::Kind::other:
      case Smime::Kind::unreadable: return defects_.add("S/MIME cannot be read");
    }
    defects_.add("signed with S/MIME, not verified");
    out_.parts[index].multipart = true;
    add(index, scan_lines(keep(std::move(smime.content)), defects_), false);
  }

  void open_tnef(std::uint32_t index) {
    Tnef tnef = read_tnef(bytes_of(index));
    if (!tnef.readable) return defects_.add("winmail.dat cannot be read");
    if (tnef.damaged) defects_.add("damaged winmail.dat");
    out_.parts[index].multipart = true;
    add_tnef_body(index, tnef);
    for (TnefFile& file : tnef.files) add_tnef_file(index, file);
  }

  // The mail mostly says the same in a part of its own.
  void add_tnef_body(std::uint32_t index, Tnef& tnef) {
    Part body;
    if (!tnef.text.empty()) {
      body = leaf("text/plain", keep(std::move(tnef.text)));
      body.content.type.pieces.push_back(given("charset", "utf-8"));
    } else if (!tnef.html.empty()) {
      body = leaf("text/html", keep(std::move(tnef.html)));
      body.content.type.pieces.push_back(given("charset", tnef.html_charset));
    } else if (!tnef.rtf.empty()) {
      body = leaf("application/rtf", keep(std::move(tnef.rtf)));
      name(body, "message.rtf");
      return add(index, std::move(body));
    } else {
      return;
    }
    body.stand_in = true;
    add(index, std::move(body));
  }

  void add_tnef_file(std::uint32_t index, TnefFile& file) {
    const bool typed = file.type.find('/') != std::string::npos &&
                       !base::same_ignoring_case(file.type.substr(0, 10), "multipart/");
    std::string type = typed ? base::lower(file.type) : "application/octet-stream";
    if (file.message) type = "application/ms-tnef";
    Part part = leaf(std::move(type), file.bytes);
    name(part, std::move(file.name));
    if (!file.message) return add(index, std::move(part));
    Skeleton inner;
    inner.parts.push_back(std::move(part));
    add(index, std::move(inner), true);
  }

  void open_uu(std::uint32_t index) {
    UuText found = split_uu(out_.parts[index].body);
    if (found.files.empty()) return;
    out_.parts[index].multipart = true;
    for (UuFile& file : found.files) {
      Part part = leaf("application/octet-stream", keep(std::move(file.bytes)));
      name(part, std::move(file.name));
      add(index, std::move(part));
    }
  }

  Skeleton& out_;
  Defects& defects_;
  unsigned level_;
  std::vector<std::uint32_t> moved_;
};

}  // namespace

void open_enclosures(Skeleton& skeleton, Defects& defects) {
  for (const Part& part : skeleton.parts) {
    if (enclosure_of(part) != Enclosure::none) return Opener(skeleton, defects, 1).run();
  }
}

}  // namespace beredd::mail
