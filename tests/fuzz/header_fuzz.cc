// Any bytes are a header block: what is read of its fields is text on one line, and reading is
// stable.

#include "addresses.h"
#include "calendar.h"
#include "encoded_word.h"
#include "file_name.h"
#include "header_block.h"
#include "message_ids.h"
#include "parameters.h"
#include "require.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace beredd::mail;
using beredd::fuzz::require;
using beredd::fuzz::require_line;

void require_field(const std::string& value) {
  const std::string text = decode_header_text(value, "shift_jis");
  require_line(text);
  for (const Address& one : parse_addresses(value, "koi8-r")) {
    require_line(one.name);
    require_line(one.address);
  }
  require_line(parse_message_id(value));
  for (const std::string& id : parse_references(value)) {
    require_line(id);
    require(!id.empty() && id.find_first_of("<>") == std::string::npos, "an ID has no brackets");
  }
  for (const std::string& id : parse_in_reply_to(value)) require_line(id);
  static_cast<void>(parse_date(value));
  const std::string file = safe_file_name(text);
  require(file.size() <= kLongestFileName, "a file name is short");
  require(file.find_first_of("/\\") == std::string::npos, "a file name has no path");
  require(safe_file_name(file) == file, "a safe name stays as it is");
}

void require_parameters(std::string_view body) {
  const Parametrised all = parse_parameters(body);
  for (const Parametrised::Piece& piece : all.pieces) {
    require(all.raw(piece.name).has_value(), "a parameter that is there is found");
    beredd::fuzz::require_text(all.text(piece.name, "big5"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  for (const HeaderOf of : {HeaderOf::message, HeaderOf::part}) {
    Defects defects;
    const HeaderSlice slice = slice_header(raw, of, defects);
    require(slice.end <= raw.size(), "the body begins inside");
    for (const FieldSlice& field : slice.fields) {
      require(field.body.data() >= raw.data() &&
                  field.body.data() + field.body.size() <= raw.data() + slice.end,
              "fields stand in the header");
      require_parameters(field.body);
    }
    if (of == HeaderOf::part) continue;
    for (const Field& field : unfold(slice)) require_field(field.value);
  }
  return 0;
}
