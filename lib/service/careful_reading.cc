// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include "careful_reading.h"

#include <iterator>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {
namespace {

using base::MessageId;
using base::Result;
using io::MailReader;

mail::Reading given_up(MessageId id, io::ReaderEnd end, base::Metrics& metrics) {
  metrics
      .counter("beredd_mail_opaque_total", "Messages that could not be read",
               base::label("cause", io::name(end)))
      .add();
  base::log_warning(
      "message {} is kept unread: its reader {} twice; it is a ticket, and is handed back as it "
      "came; `beredctl message raw {}` gives its bytes",
      id.value(), io::explanation(end), id.value());
  return mail::opaque(fmt::format("its reader {} twice", io::explanation(end)));
}

}  // namespace

io::Task<Result<std::vector<mail::Reading>>> read_carefully(io::MailReader& reader,
                                                            std::shared_ptr<io::MailBatch> batch,
                                                            std::vector<MessageId> ids,
                                                            base::Metrics& metrics) {
  std::vector<mail::Reading> readings;
  bool suspect = false;  // the next one has ended a reader
  while (readings.size() < ids.size()) {
    const std::size_t first = readings.size();
    const std::size_t count = suspect ? 1 : ids.size() - first;
    const auto company = suspect ? MailReader::Company::alone : MailReader::Company::shared;
    auto read = co_await reader.read(batch, first, count, company);
    if (!read) co_return read.error();
    std::move(read->readings.begin(), read->readings.end(), std::back_inserter(readings));
    if (!read->ended) {
      if (suspect) base::log_info("message {} was read alone", ids[first].value());
      suspect = false;
    } else if (suspect) {
      readings.push_back(given_up(ids[first], *read->ended, metrics));
      suspect = false;
    } else {
      suspect = true;
      base::log_warning("message {}: its reader {}; it is read once more, alone",
                        ids[readings.size()].value(), io::explanation(*read->ended));
    }
  }
  co_return readings;
}

}  // namespace beredd::service
