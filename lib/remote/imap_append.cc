// Putting mail into a mailbox.

#include "imap_owned.h"
#include "imap_session.h"
#include "mailbox_name.h"

#include <utility>

#include <fmt/format.h>

namespace beredd::remote {

using base::Bytes;

Appended ImapSession::append(const std::string& mailbox, std::string_view content,
                             base::Instant date) {
  if (content.find('\0') != std::string_view::npos) {
    return {Appended::Kind::never, "it holds a NUL, which no literal of IMAP may (RFC 3501 §4.3)"};
  }
  const std::string name = encoded_mailbox_name(mailbox);
  bool missing = false;
  Appended made = append_once(name, content, date, missing);
  if (!missing || !alive_) return made;
  begin(kAnswers);
  if (const int result = mailimap_create(imap_.get(), name.c_str()); result != MAILIMAP_NO_ERROR) {
    const auto why = failure(result, fmt::format("CREATE {}", mailbox));
    return {Appended::Kind::later, why.error().detail};
  }
  begin(kAnswers);
  static_cast<void>(mailimap_subscribe(imap_.get(), name.c_str()));  // a wish: some servers do not
  return append_once(name, content, date, missing);
}

Appended ImapSession::append_once(const std::string& mailbox, std::string_view content,
                                  base::Instant date, bool& mailbox_missing) {
  mailbox_missing = false;
  begin(kAnswers, Bytes(content.size()));
  const Flags flags(mailimap_flag_list_new_empty());
  const DateTime when = date_time(date);
  const std::uint64_t before = socket_->written();
  std::uint32_t validity = 0;
  std::uint32_t uid = 0;
  const int result = mailimap_uidplus_append(imap_.get(), mailbox.c_str(), flags.get(), when.get(),
                                             content.data(), content.size(), &validity, &uid);
  if (result == MAILIMAP_NO_ERROR) {
    if (uid == 0) return {Appended::Kind::taken, words()};
    return {Appended::Kind::taken,
            fmt::format("UID {} of {}, UIDVALIDITY {}", uid, mailbox, validity)};
  }
  // Only an answer that says no is known to be one: whatever else went wrong, it may lie there.
  if (result != MAILIMAP_ERROR_APPEND) alive_ = false;
  const auto why = failure(result, "APPEND");
  if (!alive_) {
    const bool all_sent = socket_->written() - before >= content.size();
    return {all_sent ? Appended::Kind::unknown : Appended::Kind::later, why.error().detail};
  }
  const auto* info = imap_->imap_response_info;
  mailbox_missing = info != nullptr && info->rsp_trycreate != 0;
  const std::string code = info != nullptr && info->rsp_atom != nullptr ? info->rsp_atom : "";
  // RFC 5530, RFC 7889: no later attempt could succeed.
  const bool never = code == "CANNOT" || code == "TOOBIG" || code == "LIMIT";
  return {never ? Appended::Kind::never : Appended::Kind::later, words()};
}

}  // namespace beredd::remote
