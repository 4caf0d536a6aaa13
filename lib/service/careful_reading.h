#pragma once
// Reading mails of which any may end its reader.

#include <memory>
#include <vector>

#include "beredd/base/ids.h"
#include "beredd/base/metrics.h"
#include "beredd/base/result.h"
#include "beredd/io/mail_reader.h"

namespace beredd::service {

// Reads every mail of `batch`; `ids` says which they are, in the same order. One that ends its
// reader is read once more, alone and by a new one. When that ends too, the mail is opaque: a
// ticket that says why, with its raw bytes untouched. The mails around it are read as ever.
// Errors: those of MailReader::read.
// Metric: beredd_mail_opaque_total{cause="..."}.
io::Task<base::Result<std::vector<mail::Reading>>> read_carefully(
    io::MailReader& reader, std::shared_ptr<io::MailBatch> batch, std::vector<base::MessageId> ids,
    base::Metrics& metrics);

}  // namespace beredd::service
