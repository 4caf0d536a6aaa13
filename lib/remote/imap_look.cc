// Looking into a mailbox.

#include "imap_owned.h"
#include "imap_session.h"
#include "mailbox_name.h"

#include <utility>

#include <fmt/format.h>

namespace beredd::remote {

using base::Bytes;
using base::Code;
using base::Result;
using base::Status;

namespace {

// libetpan frees what it is given with free().
char* copy(const std::string& text) { return ::strdup(text.c_str()); }

}  // namespace

Status ImapSession::examine(const std::string& mailbox) {
  begin(kAnswers);
  if (examined_ == mailbox) {
    const int result = mailimap_noop(imap_.get());
    return result == MAILIMAP_NO_ERROR ? Status() : failure(result, "NOOP");
  }
  examined_.clear();
  const int result = mailimap_examine(imap_.get(), encoded_mailbox_name(mailbox).c_str());
  if (result != MAILIMAP_NO_ERROR) {
    auto status = failure(result, fmt::format("EXAMINE {}", mailbox));
    // A server in trouble says no as well, and its mailbox may hold everything (RFC 5530).
    const auto* info = imap_->imap_response_info;
    const bool missing = alive_ && info != nullptr && info->rsp_atom != nullptr &&
                         std::string_view(info->rsp_atom) == "NONEXISTENT";
    return missing ? base::transient(Code::not_found, status.error().detail) : status;
  }
  examined_ = mailbox;
  return {};
}

std::uint32_t ImapSession::uid_validity() const {
  const auto* selection = imap_->imap_selection_info;
  return selection != nullptr ? selection->sel_uidvalidity : 0;
}

Result<std::vector<std::uint32_t>> ImapSession::find(const std::string& field,
                                                     const std::string& part, base::Instant since) {
  const SearchKey key(mailimap_search_key_new_multiple_empty());
  mailimap_search_key_multiple_add(
      key.get(), mailimap_search_key_new_since(day_of(since - std::chrono::hours(24))));
  mailimap_search_key_multiple_add(key.get(),
                                   mailimap_search_key_new_header(copy(field), copy(part)));
  begin(kAnswers);
  clist* found = nullptr;
  const int result = mailimap_uid_search(imap_.get(), nullptr, key.get(), &found);
  if (result != MAILIMAP_NO_ERROR) return failure(result, "UID SEARCH").error();
  const UidList list(found);
  std::vector<std::uint32_t> uids;
  for (clistiter* at = clist_begin(list.get()); at != nullptr; at = clist_next(at)) {
    uids.push_back(*static_cast<std::uint32_t*>(clist_content(at)));
  }
  return uids;
}

Result<Bytes> ImapSession::size(std::uint32_t uid) {
  const UidSet set(mailimap_set_new_single(uid));
  const FetchType what(mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_rfc822_size()));
  begin(kAnswers);
  clist* fetched = nullptr;
  const int result = mailimap_uid_fetch(imap_.get(), set.get(), what.get(), &fetched);
  if (result != MAILIMAP_NO_ERROR) return failure(result, "UID FETCH").error();
  const FetchList list(fetched);
  std::uint32_t size = 0;
  for (clistiter* at = clist_begin(list.get()); at != nullptr; at = clist_next(at)) {
    const auto* message = static_cast<mailimap_msg_att*>(clist_content(at));
    for (clistiter* item = clist_begin(message->att_list); item != nullptr;
         item = clist_next(item)) {
      const auto* one = static_cast<mailimap_msg_att_item*>(clist_content(item));
      if (one->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC) continue;
      if (one->att_data.att_static->att_type != MAILIMAP_MSG_ATT_RFC822_SIZE) continue;
      size = one->att_data.att_static->att_data.att_rfc822_size;
    }
  }
  return Bytes(size);
}

Status ImapSession::read(std::uint32_t uid, Bytes size,
                         const std::function<void(std::string_view piece)>& piece) {
  const UidSet set(mailimap_set_new_single(uid));
  const FetchType what(mailimap_fetch_type_new_fetch_att(
      mailimap_fetch_att_new_body_peek_section(mailimap_section_new(nullptr))));
  begin(kAnswers, size);
  auto* context = const_cast<std::function<void(std::string_view)>*>(&piece);
  mailimap_set_msg_body_handler(
      imap_.get(),
      [](int, mailimap_msg_att_body_section*, const char* bytes, std::size_t length,
         void* given) -> bool {
        (*static_cast<std::function<void(std::string_view)>*>(given))({bytes, length});
        return true;
      },
      context);
  clist* fetched = nullptr;
  const int result = mailimap_uid_fetch(imap_.get(), set.get(), what.get(), &fetched);
  mailimap_set_msg_body_handler(imap_.get(), nullptr, nullptr);
  if (result != MAILIMAP_NO_ERROR) return failure(result, "UID FETCH");
  const FetchList list(fetched);
  return {};
}

}  // namespace beredd::remote
