#pragma once
// What the daemon and its reader say to each other, as bytes: sans-IO. Integers are little-endian.
//
//   daemon → reader  request: u32 version, u8 what, u32 part, u32 count, count × {u64 offset, u64
//                    size}; with it, as a descriptor, the sealed memory that the mails lie in
//   reader → daemon  ready:   u32 version, u64 size, so many bytes of what kept it from shutting
//                    the jail; once, before anything else
//                    reading: for each mail, in order, the fields of mail::Reading
//                    part:    u8 found, u64 size, so many bytes
//
// The reader has met hostile mail and is hostile itself, as far as the daemon knows: Decoder takes
// no length on trust, and never holds more than the budget that it was given.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/mail/reading.h"

namespace beredd::jail {

constexpr std::uint32_t kWireVersion = 3;
constexpr std::size_t kMostMails = 256;  // in one request

enum class Ask : std::uint8_t { read = 1, part = 2 };

struct Span {
  std::uint64_t offset = 0, size = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

struct Request {
  Ask what = Ask::read;
  std::uint32_t part = 0;
  std::vector<Span> mails;
  friend bool operator==(const Request&, const Request&) = default;
};

constexpr std::size_t kRequestHead = 13;
constexpr std::size_t kRequestSpan = 16;

std::string encode(const Request& request);
// How many bytes follow a head. Errors: permanent/version; permanent/corrupt.
base::Result<std::size_t> rest_of_request(std::string_view head);
// `bytes` are head and rest. Errors: as above; permanent/corrupt when a mail lies outside `memory`.
base::Result<Request> decode_request(std::string_view bytes, base::Bytes memory);

// `trouble`: why the jail could not be shut; empty: it is.
std::string encode_ready(std::string_view trouble);

void encode(const mail::Reading& reading, std::string& out);

// Fills all of the span, or fails: then nothing that was read counts.
using Source = std::function<base::Status(std::span<char>)>;

// What an honest reading of a mail of `size` can take at most in the daemon's memory.
base::Bytes budget_of(base::Bytes size);

// Errors: those of `source`; permanent/version; permanent/unsupported with the reader's trouble.
base::Status decode_ready(const Source& source);

// Reads one answer from `source`. Text that is not as mail::Reading promises is repaired: valid
// UTF-8 without NUL, one line where a line is meant, no path in a file name.
// Errors: those of `source`; permanent/too_large over the budget; permanent/corrupt.
base::Result<mail::Reading> decode_reading(const Source& source, base::Bytes budget);
// Errors: those; permanent/not_found.
base::Result<std::string> decode_part(const Source& source, base::Bytes budget);
std::string encode_part_head(bool found, std::uint64_t size);

}  // namespace beredd::jail
