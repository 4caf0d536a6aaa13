// Opening and ending an IMAP session, and what its failures mean.

#include "imap_session.h"

#include "etpan_stream.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace beredd::remote {
namespace {

using base::Bytes;
using base::Code;
using base::Result;
using base::Status;

constexpr std::uint64_t kLeastRate = std::uint64_t{16} * 1024;  // octets a second

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
  begin(kAnswers);
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
  begin(kAnswers);
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
  begin(kAnswers);
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

void ImapSession::log_out() {
  if (!alive_) return;
  begin(kAnswers);
  static_cast<void>(mailimap_logout(imap_.get()));
  alive_ = false;
}

}  // namespace beredd::remote
