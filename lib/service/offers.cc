#include "offers.h"

#include "beredd/store/store.h"

namespace beredd::service {

void offer_what_hand_back_passes_on(const Context& context, smtp::ServerOptions& options) {
  const auto& primaries = context.config->primaries;
  bool smtputf8 = context.config->smtp.smtputf8 == config::Offer::automatic && !primaries.empty();
  bool dsn = context.config->smtp.dsn == config::Offer::automatic && !primaries.empty();
  if (!smtputf8 && !dsn) return;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    for (const config::Primary& primary : primaries) {
      const auto known = txn.abilities(primary.name);
      if (!known) return known.error();
      smtputf8 = smtputf8 && *known && (*known)->smtputf8;
      dsn = dsn && *known && (*known)->dsn;
    }
    return {};
  });
  options.offer_smtputf8 = read.ok() && smtputf8;
  options.offer_dsn = read.ok() && dsn;
}

}  // namespace beredd::service
