#pragma once
// Says of a mail that has been read who or what wrote it, and what a delivery report is about.

#include "skeleton.h"

#include <string_view>

#include "beredd/mail/reading.h"

namespace beredd::mail {

// Fills in what `out` holds of kind, report, former_ids, thread_index and loop_marks. REQUIRES: the
// rest of `out` is read; `skeleton` is of `raw`.
void classify(std::string_view raw, const Skeleton& skeleton, Reading& out);

}  // namespace beredd::mail
