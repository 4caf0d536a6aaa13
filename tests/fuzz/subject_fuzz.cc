// Any text is a subject: what is left of it is normal, and is itself when it is read again.

#include "encoded_word.h"
#include "require.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "beredd/mail/subject.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using beredd::fuzz::require;
  namespace mail = beredd::mail;
  const std::string subject =
      mail::decode_header_text({reinterpret_cast<const char*>(data), size}, "utf-8");
  const mail::SubjectLine once = mail::normalise_subject(subject);
  beredd::fuzz::require_line(once.base);
  const mail::SubjectLine twice = mail::normalise_subject(once.base);
  require(twice.base == once.base, "a normal subject stays as it is");
  require(!twice.is_reply && !twice.is_forward, "no prefix is left");
  const mail::SubjectLine answer = mail::normalise_subject("Re: Sv[2]: " + subject);
  require(answer.is_reply && answer.base == once.base, "an answer has the same subject");
  return 0;
}
