#include "imap_session.h"

#include "etpan_stream.h"
#include "mailbox_name.h"

#include <algorithm>
#include <utility>

#include <date/date.h>
#include <fmt/format.h>

namespace beredd::remote {
namespace {

using base::Bytes;
using base::Code;
using base::Result;
using base::Status;

constexpr std::uint64_t kLeastRate = std::uint64_t{16} * 1024;  // octets a second
constexpr std::uint64_t kBudget = std::uint64_t{4} << 20;       // of answers that carry no message

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using SearchKey = std::unique_ptr<mailimap_search_key, FreeWith<&mailimap_search_key_free>>;
using FetchType = std::unique_ptr<mailimap_fetch_type, FreeWith<&mailimap_fetch_type_free>>;
using Set = std::unique_ptr<mailimap_set, FreeWith<&mailimap_set_free>>;
using FetchList = std::unique_ptr<clist, FreeWith<&mailimap_fetch_list_free>>;
using Uids = std::unique_ptr<clist, FreeWith<&mailimap_search_result_free>>;
using DateTime = std::unique_ptr<mailimap_date_time, FreeWith<&mailimap_date_time_free>>;
using Flags = std::unique_ptr<mailimap_flag_list, FreeWith<&mailimap_flag_list_free>>;

// In UTC: the instant is the same, whatever zone it is written in.
DateTime date_time(base::Instant at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto day = std::chrono::floor<date::days>(whole);
  const date::year_month_day ymd(day);
  const date::hh_mm_ss time(whole - day);
  return DateTime(mailimap_date_time_new(
      static_cast<int>(static_cast<unsigned>(ymd.day())),
      static_cast<int>(static_cast<unsigned>(ymd.month())), static_cast<int>(ymd.year()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()), 0));
}

mailimap_date* day_of(base::Instant at) {
  const date::year_month_day ymd(std::chrono::floor<date::days>(at));
  return mailimap_date_new(static_cast<int>(static_cast<unsigned>(ymd.day())),
                           static_cast<int>(static_cast<unsigned>(ymd.month())),
                           static_cast<int>(ymd.year()));
}

// libetpan frees what it is given with free().
char* copy(const std::string& text) { return ::strdup(text.c_str()); }

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  constexpr std::size_t kLongest = 300;
  if (text.size() > kLongest) text.resize(kLongest);
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

bool is_of_the_stream(int result) {
  return result == MAILIMAP_ERROR_STREAM || result == MAILIMAP_ERROR_PARSE ||
         result == MAILIMAP_ERROR_PROTOCOL || result == MAILIMAP_ERROR_FATAL ||
         result == MAILIMAP_ERROR_MEMORY || result == MAILIMAP_ERROR_BAD_STATE;
}

}  // namespace

// --- opening

void ImapSession::FreeImap::operator()(mailimap* session) const {
  // Its destructor would say LOGOUT and wait for an answer.
  session->imap_state = MAILIMAP_STATE_DISCONNECTED;
  if (session->imap_stream != nullptr) mailstream_close(session->imap_stream);
  session->imap_stream = nullptr;
  mailimap_free(session);
}

ImapSession::ImapSession(ImapOptions options, std::unique_ptr<BlockingSocket> socket)
    : options_(std::move(options)), socket_(std::move(socket)), imap_(mailimap_new(0, nullptr)) {}

ImapSession::~ImapSession() = default;

Result<std::unique_ptr<ImapSession>> ImapSession::open(
    const ImapOptions& options, std::shared_ptr<const Cancellation> cancellation) {
  const auto deadline = BlockingSocket::Clock::now() + options.timeout;
  auto socket = BlockingSocket::connect(options.at, std::move(cancellation), deadline);
  Status status = socket ? Status() : Status(socket.error());
  std::unique_ptr<ImapSession> session;
  if (status) {
    session.reset(new ImapSession(options, std::move(*socket)));
    status = session->greet();
  }
  if (status) status = session->log_in();
  if (status) return session;
  base::Error why = status.error();
  why.detail = fmt::format("{}:{}: {}", options.at.host, options.at.port, why.detail);
  return why;
}

void ImapSession::begin(Bytes budget, Bytes transfer) {
  const auto longer = std::chrono::seconds(transfer.count() / kLeastRate);
  socket_->allow(BlockingSocket::Clock::now() + options_.timeout + longer, budget + transfer);
}

Status ImapSession::greet() {
  begin(Bytes(kBudget));
  if (options_.tls == ImapTls::implicit) {
    auto shaken = socket_->start_tls(options_.at.host, options_.ca_file);
    if (!shaken) return shaken;
  }
  mailstream_low* low = etpan_stream(*socket_);
  mailstream* stream = low != nullptr ? mailstream_new(low, 8192) : nullptr;
  if (stream == nullptr) return base::bug("no memory for an IMAP stream");
  const int result = mailimap_connect(imap_.get(), stream);
  if (result != MAILIMAP_NO_ERROR_NON_AUTHENTICATED && result != MAILIMAP_NO_ERROR_AUTHENTICATED &&
      result != MAILIMAP_NO_ERROR) {
    return failure(result, "the greeting");
  }
  return options_.tls == ImapTls::starttls ? start_tls() : Status();
}

Status ImapSession::start_tls() {
  begin(Bytes(kBudget));
  mailimap_capability_data* capabilities = nullptr;
  if (const int result = mailimap_capability(imap_.get(), &capabilities);
      result != MAILIMAP_NO_ERROR) {
    return failure(result, "CAPABILITY");
  }
  mailimap_capability_data_free(capabilities);
  if (!mailimap_has_extension(imap_.get(), "STARTTLS")) {
    return base::transient(
        Code::tls, "the server does not offer STARTTLS, and a password is not sent in the clear");
  }
  if (const int result = mailimap_starttls(imap_.get()); result != MAILIMAP_NO_ERROR) {
    return failure(result, "STARTTLS");
  }
  // What stands behind the answer came in the clear, from anyone: it must not pass for the server's
  // word under TLS.
  if (imap_->imap_stream->read_buffer_len != 0) {
    alive_ = false;
    return base::transient(Code::tls, "bytes in the clear behind the answer to STARTTLS");
  }
  auto shaken = socket_->start_tls(options_.at.host, options_.ca_file);
  if (!shaken) alive_ = false;
  return shaken;
}

Status ImapSession::log_in() {
  if (imap_->imap_state == MAILIMAP_STATE_AUTHENTICATED) return {};  // PREAUTH
  auto password = options_.password ? options_.password() : Result<std::string>(std::string());
  if (!password) return password.error();
  begin(Bytes(kBudget));
  const int result = mailimap_login(imap_.get(), options_.user.c_str(), password->c_str());
  if (result == MAILIMAP_NO_ERROR) return {};
  auto status = failure(result, "LOGIN");
  alive_ = false;
  return status;
}

// --- words

std::string ImapSession::words() const {
  std::string text;
  if (const auto* info = imap_->imap_response_info; info != nullptr && info->rsp_atom != nullptr) {
    text = fmt::format("[{}] ", info->rsp_atom);
  }
  if (imap_->imap_response != nullptr) text += imap_->imap_response;
  return one_line(std::move(text));
}

// A server that says no is transient/refused; anything else ends the session.
Status ImapSession::failure(int result, std::string_view what) {
  if (const auto& broken = socket_->failure()) {
    alive_ = false;
    return base::transient(broken->code, fmt::format("{}: {}", what, broken->detail));
  }
  if (is_of_the_stream(result)) {
    alive_ = false;
    const std::string said = words();
    if (result == MAILIMAP_ERROR_STREAM) {
      return base::transient(Code::closed, fmt::format("{}: the server hung up", what));
    }
    return base::transient(Code::closed,
                           fmt::format("{}: the server speaks no IMAP: {}", what, said));
  }
  return base::transient(Code::refused, fmt::format("{}: {}", what, words()));
}

// --- putting in

Appended ImapSession::append(const std::string& mailbox, std::string_view content,
                             base::Instant date) {
  if (content.find('\0') != std::string_view::npos) {
    return {Appended::Kind::never, "it holds a NUL, which no literal of IMAP may (RFC 3501 §4.3)"};
  }
  const std::string name = encoded_mailbox_name(mailbox);
  bool missing = false;
  Appended made = append_once(name, content, date, missing);
  if (!missing || !alive_) return made;
  begin(Bytes(kBudget));
  if (const int result = mailimap_create(imap_.get(), name.c_str()); result != MAILIMAP_NO_ERROR) {
    const auto why = failure(result, fmt::format("CREATE {}", mailbox));
    return {Appended::Kind::later, why.error().detail};
  }
  begin(Bytes(kBudget));
  static_cast<void>(mailimap_subscribe(imap_.get(), name.c_str()));  // a wish: some servers do not
  return append_once(name, content, date, missing);
}

Appended ImapSession::append_once(const std::string& mailbox, std::string_view content,
                                  base::Instant date, bool& mailbox_missing) {
  mailbox_missing = false;
  begin(Bytes(kBudget), Bytes(content.size()));
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

// --- looking

Status ImapSession::examine(const std::string& mailbox) {
  begin(Bytes(kBudget));
  if (examined_ == mailbox) {
    const int result = mailimap_noop(imap_.get());
    return result == MAILIMAP_NO_ERROR ? Status() : failure(result, "NOOP");
  }
  examined_.clear();
  const int result = mailimap_examine(imap_.get(), encoded_mailbox_name(mailbox).c_str());
  if (result != MAILIMAP_NO_ERROR) {
    auto status = failure(result, fmt::format("EXAMINE {}", mailbox));
    return alive_ ? base::transient(Code::not_found, status.error().detail) : status;
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
  begin(Bytes(kBudget));
  clist* found = nullptr;
  const int result = mailimap_uid_search(imap_.get(), nullptr, key.get(), &found);
  if (result != MAILIMAP_NO_ERROR) return failure(result, "UID SEARCH").error();
  const Uids list(found);
  std::vector<std::uint32_t> uids;
  for (clistiter* at = clist_begin(list.get()); at != nullptr; at = clist_next(at)) {
    uids.push_back(*static_cast<std::uint32_t*>(clist_content(at)));
  }
  return uids;
}

Result<Bytes> ImapSession::size(std::uint32_t uid) {
  const Set set(mailimap_set_new_single(uid));
  const FetchType what(mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_rfc822_size()));
  begin(Bytes(kBudget));
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
  const Set set(mailimap_set_new_single(uid));
  const FetchType what(mailimap_fetch_type_new_fetch_att(
      mailimap_fetch_att_new_body_peek_section(mailimap_section_new(nullptr))));
  begin(Bytes(kBudget), size);
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

void ImapSession::log_out() {
  if (!alive_) return;
  begin(Bytes(kBudget));
  static_cast<void>(mailimap_logout(imap_.get()));
  alive_ = false;
}

}  // namespace beredd::remote
