#include "acceptance.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Result;
using base::Status;

Acceptance::Acceptance(Context& context, mail::Envelope envelope, Pledges::Pledge room)
    : context_(context),
      envelope_(std::move(envelope)),
      room_(std::move(room)),
      hops_(context.store.instance()) {}

bool Acceptance::add_recipient(const mail::Mailbox& to, const mail::RecipientDsn& dsn) {
  const config::Desk* desk = context_.config->desk_of(to);
  if (desk == nullptr) return false;
  auto found = std::find_if(addressed_.begin(), addressed_.end(),
                            [&](const Addressed& a) { return a.desk == desk; });
  if (found == addressed_.end()) found = addressed_.insert(found, Addressed{desk, {}, {}});
  if (std::find(found->recipients.begin(), found->recipients.end(), to) ==
      found->recipients.end()) {
    found->recipients.push_back(to);
    found->dsn.push_back(dsn);
  }
  return true;
}

mail::Envelope Acceptance::envelope_of(const Addressed& addressed) const {
  mail::Envelope envelope = envelope_;
  envelope.forward_paths = addressed.recipients;
  const bool asked = std::any_of(addressed.dsn.begin(), addressed.dsn.end(),
                                 [](const auto& d) { return d.asked(); });
  if (asked) envelope.recipient_dsn = addressed.dsn;
  return envelope;
}

bool Acceptance::take(std::string_view bytes) {
  if (failure_) return true;
  if (!body_) body_.emplace(context_.store.new_body());
  if (!body_->fits(bytes.size())) return false;
  hops_.add(bytes);
  static_cast<void>(body_->append(bytes));
  return true;
}

io::Task<void> Acceptance::append(std::string_view bytes) {
  if (failure_) co_return;
  hops_.add(bytes);
  if (!body_) body_.emplace(context_.store.new_body());
  std::vector<store::SealedChunk> full = body_->append(bytes);
  for (store::SealedChunk& chunk : full) {
    co_await write_ahead(std::move(chunk));
    if (failure_) co_return;
  }
}

io::Task<void> Acceptance::write_ahead(store::SealedChunk chunk) {
  wrote_ahead_ = true;
  const base::Bytes weight(chunk.bytes.size());
  auto shared = std::make_shared<const store::SealedChunk>(std::move(chunk));
  store::Operation operation = [shared](store::WriteTxn& txn) { return txn.put_chunk(*shared); };
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  room_.used(weight);
  if (!written) failure_ = written.error();
}

std::vector<store::Message> Acceptance::messages(const store::BodyRef& body, const smtp::Hop& hop,
                                                 const std::string& peer) const {
  std::vector<store::Message> messages;
  for (const Addressed& addressed : addressed_) {
    store::Message message;
    message.desk = addressed.desk->name;
    message.envelope = envelope_of(addressed);
    message.trace_id =
        fmt::format("{}.{}", context_.store.instance(), context_.store.next_serial());
    message.peer = peer;
    message.received = hop.at;
    message.body = body;
    smtp::Hop own = hop;
    own.id = message.trace_id;
    own.smtputf8 = envelope_.smtputf8;
    own.for_mailbox = addressed.recipients.size() == 1 ? addressed.recipients.front().text() : "";
    message.trace = smtp::received_header(own);
    messages.push_back(std::move(message));
  }
  return messages;
}

io::Task<Result<std::string>> Acceptance::commit(smtp::Hop hop, std::string peer) {
  if (!body_) body_.emplace(context_.store.new_body());
  if (!failure_ && hops_.loops()) {
    failure_ = base::permanent(base::Code::conflict, "the mail goes in a circle");
  }
  if (failure_) {
    base::Error failure = *failure_;
    co_await drop();
    co_return failure;
  }
  store::BodyWriter::Finished finished = body_->finish();
  store::Arrival arrival{std::move(finished.last), messages(finished.ref, hop, peer)};
  std::string trace_id = arrival.messages.front().trace_id;
  std::size_t size = 1024 + (arrival.last ? arrival.last->bytes.size() : 0);
  for (const store::Message& message : arrival.messages) {
    size += 512 + 256 * message.envelope.forward_paths.size();
  }
  const base::Bytes weight(size);
  auto written = co_await context_.committer.accept(std::move(arrival), weight);
  if (!written) {
    base::Error failure = written.error();
    co_await drop();
    co_return failure;
  }
  body_.reset();
  co_return trace_id;
}

io::Task<void> Acceptance::drop() {
  if (!body_ || !wrote_ahead_) co_return;
  const base::BodyId id = body_->id();
  body_.reset();
  wrote_ahead_ = false;
  store::Operation operation = [id](store::WriteTxn& txn) { return txn.drop_body(id); };
  auto dropped = co_await context_.committer.commit(std::move(operation), base::Bytes(64));
  if (!dropped) {
    base::log_warning("chunks of an unfinished message stay until the next start: {}",
                      base::to_string(dropped.error()));
  }
}

}  // namespace beredd::service
