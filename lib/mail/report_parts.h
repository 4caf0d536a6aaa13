#pragma once
// The parts of a mail that make it a report (RFC 6522, 3464, 8098), and what they say.

#include "signs.h"
#include "skeleton.h"

#include <cstddef>
#include <optional>
#include <string_view>

#include "beredd/mail/reading.h"

namespace beredd::mail {

struct ReportParts {
  bool declared = false;      // multipart/report that is not of another kind
  bool receipt = false;       // message/disposition-notification: a person or a program read it
  bool notification = false;  // a mail service's notice in JSON
  std::optional<std::size_t> status;    // message/delivery-status; index in Skeleton::parts
  std::optional<std::size_t> returned;  // the mail that it is about, or its header
};

ReportParts report_parts(const Skeleton& skeleton, std::string_view text);

// REQUIRES: `mail` is a delivery report, and its header and text are read.
Report report_of(const Skeleton& skeleton, const ReportParts& parts, const Signs& signs,
                 const Reading& mail);

}  // namespace beredd::mail
