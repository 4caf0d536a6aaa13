#pragma once
// Transport Neutral Encapsulation Format (MS-OXTNEF): "winmail.dat", in which Outlook sends what
// MIME could have carried. Only bodies and files are read; everything else of the stream is
// skipped.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

constexpr std::size_t kMostTnefFiles = 1000;
constexpr std::size_t kLargestRtf = std::size_t{16} * 1024 * 1024;

struct TnefFile {
  std::string name;  // UTF-8, not yet safe
  std::string type;  // as the stream names it; empty: not said
  std::string_view bytes;
  bool message = false;  // an embedded message: `bytes` is TNEF again
};

struct Tnef {
  bool readable = false;  // it begins as TNEF does
  bool damaged = false;   // it ends before it says it does, or a part of it cannot be read
  std::string text;       // UTF-8; PR_BODY, or attBody
  std::string html;       // bytes in `html_charset`
  std::string html_charset;
  std::string rtf;  // uncompressed
  std::vector<TnefFile> files;
};

// Views stay valid as long as `bytes`. Never fails: what is sound before a damage is kept, and sums
// are not checked. Time and memory are linear in `bytes`; RTF is unpacked to at most kLargestRtf.
Tnef read_tnef(std::string_view bytes);

// Compressed RTF (MS-OXRTFCP). Empty when it is none.
std::string unpack_rtf(std::string_view packed);

}  // namespace beredd::mail
