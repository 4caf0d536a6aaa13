#include "parcel.h"

namespace beredd::service {

using base::Result;
using base::Status;

std::function<Result<std::string>(std::uint32_t index)> chunks_of(const store::Store& store,
                                                                  const store::BodyRef& body) {
  return [&store, body](std::uint32_t index) {
    Result<std::string> bytes = std::string();
    auto read = store.read([&](const store::ReadTxn& txn) -> Status {
      bytes = txn.chunk(body, index);
      return bytes ? Status() : Status(bytes.error());
    });
    return read ? std::move(bytes) : Result<std::string>(read.error());
  };
}

Result<io::Parcel> parcel_of(const store::Store& store, base::MessageId id) {
  io::Parcel parcel;
  auto read = store.read([&](const store::ReadTxn& txn) -> Status {
    auto message = txn.message(id);
    if (!message) return message.error();
    parcel.id = id;
    parcel.desk = message->desk;
    parcel.received = message->received;
    parcel.envelope = message->envelope;
    parcel.trace = message->trace;
    parcel.trace_id = message->trace_id;
    parcel.size = message->body.size;
    parcel.chunks = message->body.chunks;
    parcel.chunk = chunks_of(store, message->body);
    return {};
  });
  if (!read) return read.error();
  return parcel;
}

}  // namespace beredd::service
