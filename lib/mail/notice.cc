#include "notice.h"

#include "content.h"
#include "file_name.h"
#include "invitation.h"
#include "plain_text.h"

#include <array>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLongestValue = 500;

std::string parameter(const Part& part, std::string_view name) {
  std::string value = part.content.type.text(name);
  if (value.size() > kLongestValue) value.resize(kLongestValue);
  for (char& c : value) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return base::to_utf8(value);
}

// Where a body is kept that the mail only points to.
std::string elsewhere(const Part& part) {
  Defects quiet;
  const HeaderSlice header = slice_header(part.body, HeaderOf::part, quiet);
  const Content content = content_of(header, "text/plain", quiet);
  std::string name = safe_file_name(given_name(content));
  std::string place = parameter(part, "url");
  if (place.empty()) {
    for (const std::string_view key : {"server", "site", "directory", "name"}) {
      const std::string value = parameter(part, key);
      if (!value.empty()) place += (place.empty() ? "" : "/") + value;
    }
  }
  if (place.empty()) place = parameter(part, "access-type");
  return "[Attachment that is kept elsewhere: " + (name.empty() ? "" : name + ", ") + place + "]\n";
}

std::string piece_of_longer(const Part& part) {
  const std::string total = parameter(part, "total");
  return "[Piece " + parameter(part, "number") + (total.empty() ? "" : " of " + total) +
         " of a longer mail]\n";
}

bool is_calendar(std::string_view type) {
  return type == "text/calendar" || type == "application/ics";
}

std::string_view system_of(const Part& part) {
  const std::string protocol = base::lower(part.content.type.raw("protocol").value_or(""));
  if (protocol.find("pgp") != std::string::npos) return "PGP";
  return protocol.find("pkcs7") != std::string::npos ? "S/MIME" : "an unknown system";
}

class Notices {
 public:
  Notices(const Body& body, Defects& defects)
      : silent_(is_blank_text(body.text)), defects_(defects) {}

  void take(const Part& part) {
    const std::string& type = part.content.type.value;
    if (is_calendar(type)) {
      calendar(part);
    } else if (type == "message/external-body") {
      defects_.add("attachment is kept elsewhere");
      if (out_.size() < kMostText) out_ += elsewhere(part);
    } else if (type == "message/partial") {
      defects_.add("piece of a longer mail");
      if (out_.size() < kMostText) out_ += piece_of_longer(part);
    } else if (type == "multipart/signed") {
      defects_.add("signed with " + std::string(system_of(part)) + ", not verified");
    } else if (type == "multipart/encrypted") {
      defects_.add("encrypted with " + std::string(system_of(part)));
    }
  }

  std::string take_text() { return std::move(out_); }

 private:
  static constexpr std::size_t kMostText = std::size_t{16} * 1024;

  // Clients send the same event as an alternative and as a file: one is enough.
  void calendar(const Part& part) {
    if (part.multipart || invited_) return;
    const std::string text = invitation_text(part_text(part, defects_), silent_);
    invited_ = !text.empty();
    out_ += text;
  }

  bool silent_;
  Defects& defects_;
  bool invited_ = false;
  std::string out_;
};

constexpr std::string_view kSigned = "-----BEGIN PGP SIGNED MESSAGE-----\n";
constexpr std::string_view kSignature = "-----BEGIN PGP SIGNATURE-----\n";
constexpr std::string_view kSignatureEnd = "-----END PGP SIGNATURE-----";
constexpr std::string_view kEncrypted = "-----BEGIN PGP MESSAGE-----\n";

// Of `line`, which ends with LF, where it stands as a whole line.
std::size_t find_line(std::string_view text, std::string_view line, std::size_t from = 0) {
  std::size_t at = text.find(line, from);
  while (at != std::string_view::npos && at != 0 && text[at - 1] != '\n')
    at = text.find(line, at + 1);
  return at;
}

// Lines that open with a dash were sent as "- -…" (§7.2).
void append_undashed(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    if (line.starts_with("- ")) line.remove_prefix(2);
    out.append(line);
    text.remove_prefix(end);
  }
}

}  // namespace

std::string notices_of(const Skeleton& skeleton, const Body& body, Defects& defects) {
  Notices notices(body, defects);
  for (const Part& part : skeleton.parts) notices.take(part);
  return notices.take_text();
}

std::string without_pgp_armour(std::string text, Defects& defects) {
  if (text.find("-----BEGIN PGP ") == std::string::npos) return text;
  if (find_line(text, kEncrypted) != std::string::npos) defects.add("encrypted with PGP");
  const std::size_t begin = find_line(text, kSigned);
  if (begin == std::string::npos) return text;
  const std::size_t header_end = text.find("\n\n", begin + kSigned.size() - 1);
  const std::size_t signature = find_line(text, kSignature, begin);
  if (header_end == std::string::npos || signature == std::string::npos || signature < header_end)
    return text;
  defects.add("signed with PGP, not verified");
  std::string out = text.substr(0, begin);
  const std::string_view all = text;
  append_undashed(out, all.substr(header_end + 2, signature - header_end - 2));
  const std::size_t end = text.find(kSignatureEnd, signature);
  if (end == std::string::npos) return out;
  std::size_t rest = end + kSignatureEnd.size();
  if (rest < text.size() && text[rest] == '\n') ++rest;
  out.append(all.substr(rest));
  return out;
}

}  // namespace beredd::mail
