#pragma once
// Parts that enclose others without being multiparts: winmail.dat (MS-OXTNEF), opaque-signed S/MIME
// (RFC 8551 §3.5.2) and files that are uuencoded without saying so.

#include "defects.h"
#include "skeleton.h"

#include <string_view>

namespace beredd::mail {

constexpr unsigned kDeepestEnclosure = 4;  // one inside of the other

// Opens every such part of `skeleton`: see invariant 3 of Skeleton. What cannot be read stays a
// leaf and is a defect. The decoded bytes together are no larger than a small multiple of the mail.
void open_enclosures(Skeleton& skeleton, Defects& defects);

// The structure without opening anything.
Skeleton scan_lines(std::string_view raw, Defects& defects);

}  // namespace beredd::mail
