#include "beredd/mail/compose.h"

#include "charset.h"
#include "flowed.h"
#include "header_writer.h"
#include "letter_file.h"
#include "letter_header.h"
#include "quotation.h"

#include <utility>

#include <fmt/format.h>

#include "beredd/base/digest.h"

namespace beredd::mail {

using base::Result;
using base::Status;

struct Composition::State {
  explicit State(Letter its_letter)
      : letter(std::move(its_letter)), boundary("=_" + letter.boundary) {}

  Status plan();
  void write_text();
  std::string open_part() const;
  Result<std::string> next_of_files();

  Letter letter;
  std::string boundary;
  std::vector<PlannedFile> files;
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
    auto one = plan_file(std::move(enclosure));
    if (!one) return one.error();
    if (one->eight_bit) composed.body = BodyType::eight_bit_mime;
    files.push_back(*std::move(one));
  }
  letter.enclosures.clear();
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
  const PlannedFile& one = files[file];
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
  auto header = letter_header(state->letter, state->composed);
  if (!header) return header.error();
  state->head = *std::move(header);
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

}  // namespace beredd::mail
