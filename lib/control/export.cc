// Every message, or every ticket with its history, as JSON lines, oldest first, in pieces: memory
// stays bounded however many there are, and no read transaction is held while the client takes its
// time.

#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <algorithm>
#include <utility>

namespace beredd::control {
namespace {

class Export {
 public:
  Export(const service::Context& context, std::string desk, std::optional<base::Instant> since)
      : store_(context.store), config_(context.config), desk_(std::move(desk)), since_(since) {}

  // Empty: the end.
  base::Result<std::string> next() {
    while (!over_) {
      std::string lines;
      const auto read = store_.read([&](const store::ReadTxn& txn) { return batch(txn, lines); });
      if (!read) return read.error();
      if (!lines.empty()) return lines;
    }
    return std::string();
  }

 private:
  static constexpr std::size_t kBatch = 200;
  static constexpr std::size_t kPiece = 256 * 1024;

  base::Status batch(const store::ReadTxn& txn, std::string& lines) {
    const auto ids = txn.messages(after_, kBatch);
    over_ = ids.empty();
    for (const base::MessageId id : ids) {
      if (lines.size() >= kPiece) return {};
      const auto line = line_of(txn, id);
      if (!line) return line.error();
      lines += *line;
      after_ = id;
    }
    return {};
  }

  // Empty: the message is not asked for.
  base::Result<std::string> line_of(const store::ReadTxn& txn, base::MessageId id) const {
    const auto message = txn.message(id);
    if (!message) return message.error();
    const bool wanted =
        (desk_.empty() || message->desk == desk_) && (!since_ || message->received >= *since_);
    if (!wanted) return std::string();
    const auto view = message_view(txn, *config_, id, Text::included);
    if (!view) return view.error();
    return api::encode(*view) + "\n";
  }

  const store::Store& store_;
  const std::shared_ptr<const config::Config> config_;
  const std::string desk_;
  const std::optional<base::Instant> since_;
  base::MessageId after_;
  bool over_ = false;
};

// Tickets without their messages. Those that come while it runs may be missing.
class TicketExport {
 public:
  TicketExport(const service::Context& context, std::string desk,
               std::optional<base::Instant> since)
      : store_(context.store), desk_(std::move(desk)), since_(since) {}

  // Empty: the end.
  base::Result<std::string> next() {
    std::string lines;
    const auto read = store_.read([&](const store::ReadTxn& txn) -> base::Status {
      if (!ids_) {
        if (auto listed = list(txn); !listed) return listed;
      }
      while (at_ < ids_->size() && lines.size() < kPiece) {
        if (auto added = add_line(txn, (*ids_)[at_++], lines); !added) return added;
      }
      return {};
    });
    if (!read) return read.error();
    return lines;
  }

 private:
  static constexpr std::size_t kPiece = 256 * 1024;

  base::Status list(const store::ReadTxn& txn) {
    ids_.emplace();
    store::TicketQuery query;
    query.desk = desk_;
    query.accepts = [&](const ticket::Ticket& ticket) {
      if (!since_ || ticket.updated >= *since_) ids_->push_back(ticket.id);
      return false;  // its number is enough
    };
    if (const auto walked = txn.tickets(query); !walked) return walked.error();
    std::ranges::sort(*ids_);
    return {};
  }

  static base::Status add_line(const store::ReadTxn& txn, base::TicketId id, std::string& lines) {
    const auto ticket = txn.ticket(id);
    if (!ticket) return ticket.error();
    if (ticket->id != id) return {};  // it went up in another meanwhile
    api::Ticket view = ticket_view(*ticket);
    auto history = history_view(txn, id);
    if (!history) return history.error();
    view.history = *std::move(history);
    lines += api::encode(view) + "\n";
    return {};
  }

  const store::Store& store_;
  const std::string desk_;
  const std::optional<base::Instant> since_;
  std::optional<std::vector<base::TicketId>> ids_;
  std::size_t at_ = 0;
};

template <typename Export>
io::Task<base::Result<std::string>> next_lines(io::BlockingPool& pool,
                                               std::shared_ptr<Export> mail) {
  base::Result<std::string> lines = std::string();
  std::function<void()> work = [&] { lines = mail->next(); };
  co_await pool.run(std::move(work));
  co_return lines;
}

}  // namespace

Answer export_messages(const Services& services, Call call) {
  const auto since = instant(call, "since");
  if (!since) co_return problem(since.error());
  service::Context& context = services.context;
  auto mail = std::make_shared<Export>(context, word(call, "desk"), *since);
  HttpResponse response{200, "application/x-ndjson", {}, {}};
  response.pieces = [&context, mail] { return next_lines(context.pool, mail); };
  co_return response;
}

Answer export_tickets(const Services& services, Call call) {
  const auto since = instant(call, "since");
  if (!since) co_return problem(since.error());
  service::Context& context = services.context;
  auto tickets = std::make_shared<TicketExport>(context, word(call, "desk"), *since);
  HttpResponse response{200, "application/x-ndjson", {}, {}};
  response.pieces = [&context, tickets] { return next_lines(context.pool, tickets); };
  co_return response;
}

}  // namespace beredd::control
