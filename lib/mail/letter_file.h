#pragma once
// A file of a letter as it will be written: its name and type, and how its bytes go (RFC 2045).

#include <string>

#include "beredd/mail/compose.h"

namespace beredd::mail {

// A file as it will be written.
struct PlannedFile {
  Enclosure enclosure;
  std::string name, type;
  bool as_it_is = false;
  bool eight_bit = false;
};

// Reads an enclosed message once, for it is the bytes that decide. Errors: those of its chunks.
base::Result<PlannedFile> plan_file(Enclosure enclosure);

// The header of its part, with the empty line behind.
std::string part_header(const PlannedFile& one);

}  // namespace beredd::mail
