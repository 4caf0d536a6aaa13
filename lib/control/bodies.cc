// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

// The bytes of messages: whole as received, and single parts decoded.

#include "answers.h"
#include "handlers.h"

#include <fmt/format.h>

#include "beredd/mail/reading.h"

namespace beredd::control {
namespace {

using store::BodyRef;

base::Result<store::Message> message_of(const Services& services, const Call& call) {
  const auto id = number(call.arguments[0], "message");
  if (!id) return id.error();
  base::Result<store::Message> message = base::bug("not read");
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    message = txn.message(base::MessageId(*id));
    return message ? base::Status() : message.error();
  });
  if (!read) return read.error();
  return message;
}

base::Result<std::string> chunk_of(const store::Store& store, const BodyRef& body,
                                   std::uint32_t index) {
  base::Result<std::string> chunk = std::string();
  const auto read = store.read([&](const store::ReadTxn& txn) -> base::Status {
    chunk = txn.chunk(body, index);
    return chunk ? base::Status() : chunk.error();
  });
  if (!read) return read.error();
  return chunk;
}

struct Position {
  BodyRef body;
  std::uint32_t next = 0;
};

io::Task<base::Result<std::string>> next_chunk(service::Context& context,
                                               std::shared_ptr<Position> position) {
  if (position->next == position->body.chunks) co_return std::string();
  base::Result<std::string> chunk = std::string();
  std::function<void()> work = [&] {
    chunk = chunk_of(context.store, position->body, position->next);
  };
  co_await context.pool.run(std::move(work));
  ++position->next;
  co_return chunk;
}

base::Status load(const store::Store& store, const BodyRef& body, io::MailBatch& into) {
  for (std::uint32_t i = 0; i < body.chunks; ++i) {
    const auto chunk = chunk_of(store, body, i);
    if (!chunk) return chunk.error();
    if (auto appended = into.append(*chunk); !appended) return appended;
  }
  into.end_mail();
  return {};
}

// A mail that killed its reader once would do so here again.
base::Status readable(const store::Store& store, base::MessageId id) {
  return store.read([&](const store::ReadTxn& txn) -> base::Status {
    const auto sorted = txn.sorted(id);
    if (!sorted) return sorted.error();
    if (*sorted && !(*sorted)->reading.opaque) return {};
    return base::permanent(base::Code::conflict,
                           fmt::format("message {} has no parts that could be read", id.value()));
  });
}

}  // namespace

Answer raw_message(const Services& services, Call call) {
  const auto message = message_of(services, call);
  if (!message) co_return problem(message.error());
  auto position = std::make_shared<Position>(Position{message->body, 0});
  service::Context& context = services.context;
  HttpResponse response{200, "application/octet-stream", {}, {}};
  response.pieces = [&context, position] { return next_chunk(context, position); };
  co_return response;
}

Answer message_part(const Services& services, Call call) {
  const auto message = message_of(services, call);
  if (!message) co_return problem(message.error());
  const auto index = number(call.arguments[1], "part");
  if (!index) co_return problem(index.error());
  service::Context& context = services.context;
  if (const auto fit = readable(context.store, message->id); !fit) {
    co_return problem(fit.error(), fmt::format("beredctl message raw {} gives all of its bytes",
                                               message->id.value()));
  }
  std::shared_ptr<io::MailBatch> batch = context.reader.batch();
  base::Status loaded;
  std::function<void()> work = [&] { loaded = load(context.store, message->body, *batch); };
  co_await context.pool.run(std::move(work));
  if (!loaded) co_return problem(loaded.error());
  const auto leaf = static_cast<std::uint32_t>(*index);
  auto part = co_await context.reader.part(std::move(batch), leaf);
  if (!part)
    co_return problem(part.error(), "beredctl message show lists the parts by their index");
  co_return HttpResponse{200, "application/octet-stream", *std::move(part), {}};
}

}  // namespace beredd::control
