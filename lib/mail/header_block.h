#pragma once
// Header blocks (RFC 5322 §2.2), of a message or of a MIME part.
//
// Slicing walks the raw lines and yields views of the fields that this module reads; it repairs
// what real mail gets wrong. Unfolding hands those fields, and nothing else, to mimetic.

#include "defects.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

constexpr std::size_t kLargestHeaderBlock = std::size_t{256} * 1024;
constexpr std::size_t kLargestField = std::size_t{64} * 1024;

enum class FieldId : std::uint8_t {
  from,
  to,
  cc,
  reply_to,
  sender,
  subject,
  date,
  message_id,
  in_reply_to,
  references,
  auto_submitted,
  content_type,
  content_transfer_encoding,
  content_disposition,
  content_id,
  content_location,
  content_description,
  mime_version,
  received,
  unknown,
};

FieldId field_named(std::string_view name);
std::string_view name(FieldId id);

enum class HeaderOf { message, part };

struct FieldSlice {
  FieldId id;
  std::string_view body;  // behind the colon, folds inside, without the last line end
};

struct HeaderSlice {
  std::vector<FieldSlice> fields;  // the known ones, in their order
  std::size_t end = 0;             // where the body begins
  bool any_field = false;          // known or not

  // The first field of that name, or an empty view.
  std::string_view first(FieldId id) const;
};

// `raw` begins at the block and may go on behind it. Time is linear in the block.
HeaderSlice slice_header(std::string_view raw, HeaderOf of, Defects& defects);

struct Field {
  FieldId id;
  std::string value;  // on one line; bytes as they came
};

// The fields of `slice`, unfolded by mimetic.
std::vector<Field> unfold(const HeaderSlice& slice);

}  // namespace beredd::mail
