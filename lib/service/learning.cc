// What a primary can take on is remembered, so that the front door offers nothing that hand-back
// could not pass on, in an outage and after a restart as well.

#include "relay_state.h"

#include "beredd/base/log.h"

namespace beredd::service {

using base::Status;

// Written only when it has changed. A failure costs nothing: less is offered, or the same.
io::Task<void> Relay::State::learn(io::TargetAbilities able) {
  const auto now = context.clock.now();
  const store::Abilities said{able.smtputf8, able.dsn, able.max_size, now};
  bool same = false;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto known = txn.abilities(primary.name);
    if (!known) return known.error();
    if (*known)
      same = store::Abilities{able.smtputf8, able.dsn, able.max_size, (*known)->seen} == **known;
    return {};
  });
  if (read.ok() && same) co_return;
  if (able.max_size && *able.max_size < context.config->smtp.max_message_size) {
    base::log_warning(
        "{} takes mail of at most {} octets, smtp.max_message_size lets in {}: what is larger will "
        "end in the quarantine",
        primary.name, able.max_size->count(), context.config->smtp.max_message_size.count());
  }
  store::Operation operation = [name = primary.name, said](store::WriteTxn& txn) {
    return txn.put_abilities(name, said);
  };
  auto written = co_await context.committer.commit(std::move(operation), base::Bytes(128));
  if (!written) base::log_warning("relay {}: {}", primary.name, base::to_string(written.error()));
}

}  // namespace beredd::service
