// Any bytes are a winmail.dat: files view the stream, text is text; the same through a whole mail.

#include "require.h"
#include "tnef.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "beredd/base/digest.h"
#include "beredd/mail/reading.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using beredd::fuzz::require;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const beredd::mail::Tnef tnef = beredd::mail::read_tnef(bytes);
  beredd::fuzz::require_text(tnef.text);
  require(tnef.rtf.size() <= beredd::mail::kLargestRtf, "RTF has a bound");
  require(tnef.files.size() <= beredd::mail::kMostTnefFiles, "files have a bound");
  for (const beredd::mail::TnefFile& file : tnef.files) {
    beredd::fuzz::require_text(file.name);
    require(file.bytes.data() >= bytes.data() &&
                file.bytes.data() + file.bytes.size() <= bytes.data() + bytes.size(),
            "a file's bytes are the stream's");
  }
  static_cast<void>(beredd::mail::unpack_rtf(bytes));

  const std::string raw =
      "Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + std::string(bytes);
  const beredd::mail::Reading mail = beredd::mail::read(raw);
  beredd::fuzz::require_text(mail.text);
  for (const beredd::mail::Attachment& one : mail.attachments) {
    beredd::fuzz::require_line(one.name);
    const auto part = beredd::mail::part_bytes(raw, one.index);
    require(part.ok() && beredd::base::sha256(*part) == one.sha256, "an attachment is its bytes");
  }
  return 0;
}
