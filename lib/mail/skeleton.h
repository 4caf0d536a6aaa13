#pragma once
// The MIME structure of a message (RFC 2046): which bytes are which part. An iterative scanner over
// raw lines that yields views only; no part is copied, and none decoded but those of invariant 3.
//
// Invariants
//  1. parts[0] is the message; a child stands behind its parent, in the order of the bytes.
//  2. A part is either a multipart with children or a leaf with a body.
//  3. What encloses others without being a multipart (winmail.dat, S/MIME, uuencoded files) is
//  opened
//     by scan(): it becomes a multipart, and its children view `opened`.
//  4. A message/rfc822 part is a leaf: what is forwarded is not part of what is said.

#include "defects.h"
#include "header_block.h"
#include "parameters.h"
#include "transfer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

constexpr std::uint32_t kDeepestNesting = 50;
constexpr std::size_t kMostParts = 5000;
constexpr std::size_t kLongestBoundary = 70;    // RFC 2046 §5.1.1
constexpr std::size_t kMatchedBoundary = 1000;  // longer ones than the standard's are borne to here

struct Content {
  Parametrised type;
  bool typed = false;  // the part says its type, in a form that can be read
  Parametrised disposition;
  Transfer transfer = Transfer::identity;
  std::string_view id;        // of Content-ID, raw
  std::string_view location;  // of Content-Location, raw
};

struct Part {
  std::uint32_t parent = 0;
  std::uint32_t depth = 0;
  bool multipart = false;
  bool stand_in = false;  // shown only where the mail says nothing else
  Content content;
  std::string_view body;
};

struct Skeleton {
  HeaderSlice header;  // of the message
  std::vector<Part> parts;
  std::vector<std::unique_ptr<std::string>> opened = {};  // what views into opened parts see
};

Skeleton scan(std::string_view raw, Defects& defects);

}  // namespace beredd::mail
