#pragma once
// uuencode (POSIX), as an encoding of a part and as files in the middle of a text.

#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

// Lenient: the "begin" line may be missing, lines that are none are skipped.
std::string uudecode(std::string_view encoded);

struct UuFile {
  std::string name;
  std::string bytes;
};

struct UuText {
  std::string rest;  // the text without the files
  std::vector<UuFile> files;
};

constexpr std::size_t kMostUuFiles = 100;

// Whether `text` begins with a file, blank lines aside.
bool begins_uu(std::string_view text);

// Strict, so that a text that only speaks of uuencode is left alone: a file is "begin MODE NAME",
// lines as long as they say they are, and "end". One that never ends stays text. Linear.
UuText split_uu(std::string_view text);

}  // namespace beredd::mail
