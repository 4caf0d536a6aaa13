#pragma once
// What the daemon and its reader say to each other, as bytes: sans-IO. Integers are little-endian.
//
//   daemon → reader  hello:   u32 version; with it, as a descriptor, the answer memory; once
//                    request: u32 version, u8 what, u32 part, u8 slot, u32 count, count × {u64
//                             offset, u64 size}. The mails lie in memory that comes with it as a
//                             descriptor, for this once (slot 0), or in the region of a slot, whose
//                             descriptor comes with it where the reader does not have it yet
//   reader → daemon  ready:   u32 version, u64 size, so many bytes of what kept it from shutting
//                             the jail; once, before anything else
//                    reading: u32 answers, u32 bytes: what lies in the answer memory; then, one
//                    behind
//                             the other, the answers that had no room there. An answer: the fields
//                             of mail::Reading; in the order of the mails
//                    part:    u8 found, u64 size, so many bytes
//   answer memory             u32 answers, u32 bytes: of the request at hand, as of the last answer
//                             that is whole; at kAnswersAt the answers, one behind the other
//
// The reader has met hostile mail and is hostile itself, as far as the daemon knows: Decoder takes
// no length on trust, and never holds more than the budget that it was given. What lies in the
// answer memory may change at any time: it is decoded from a copy, see answer_memory.h.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/mail/reading.h"

namespace beredd::jail {

class Inlet;

constexpr std::uint32_t kWireVersion = 4;
constexpr std::size_t kMostMails = 256;  // in one request
constexpr std::uint8_t kSlots = 2;       // regions of mail that a reader keeps, counted from 1

constexpr std::size_t kAnswerMemory = 1 << 20;
constexpr std::size_t kAnswersHead = 8;
constexpr std::size_t kAnswersAt = 64;

enum class Ask : std::uint8_t { read = 1, part = 2 };

struct Span {
  std::uint64_t offset = 0, size = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

struct Request {
  Ask what = Ask::read;
  std::uint32_t part = 0;
  std::uint8_t slot = 0;  // 0: the memory is for this once
  std::vector<Span> mails;
  friend bool operator==(const Request&, const Request&) = default;
};

constexpr std::size_t kHello = 4;
constexpr std::size_t kRequestHead = 14;
constexpr std::size_t kRequestSpan = 16;

std::string encode(const Request& request);
struct RequestHead {
  std::uint8_t slot = 0;
  std::size_t rest = 0;  // how many bytes follow
};
// Errors: permanent/version; permanent/corrupt.
base::Result<RequestHead> decode_head(std::string_view head);
// `bytes` are head and rest. Errors: as above; permanent/corrupt when a mail lies outside `memory`.
base::Result<Request> decode_request(std::string_view bytes, base::Bytes memory);

// `trouble`: why the jail could not be shut; empty: it is.
std::string encode_ready(std::string_view trouble);

void encode(const mail::Reading& reading, std::string& out);

// How far a reader has come with the answers of a request in the answer memory, as it says.
struct Told {
  std::uint32_t answers = 0;
  std::uint32_t bytes = 0;
  friend bool operator==(const Told&, const Told&) = default;
};

// What an honest reading of a mail of `size` can take at most in the daemon's memory.
base::Bytes budget_of(base::Bytes size);

std::string encode_hello();
// Errors: permanent/version.
base::Status decode_hello(std::string_view bytes);

std::string encode_told(const Told& told);
// Of a request for `mails`. Errors: those of `source`; permanent/corrupt when there cannot be so
// many answers or bytes.
base::Result<Told> decode_told(Inlet& source, std::size_t mails);

// Errors: those of `source`; permanent/version; permanent/unsupported with the reader's trouble.
base::Status decode_ready(Inlet& source);

// Reads one answer from `source`. Text that is not as mail::Reading promises is repaired: valid
// UTF-8 without NUL, one line where a line is meant, no path in a file name.
// Errors: those of `source`; permanent/too_large over the budget; permanent/corrupt.
base::Result<mail::Reading> decode_reading(Inlet& source, base::Bytes budget);
// Errors: those; permanent/not_found.
base::Result<std::string> decode_part(Inlet& source, base::Bytes budget);
std::string encode_part_head(bool found, std::uint64_t size);

}  // namespace beredd::jail
