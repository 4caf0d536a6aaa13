#include "learning.h"

#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {
namespace {

// True also when nobody can tell, which is left to the writing.
bool is_news(const Context& context, const std::string& primary, const store::Abilities& said) {
  bool news = true;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    auto known = txn.abilities(primary);
    if (!known) return known.error();
    if (!*known) return {};
    (*known)->seen = said.seen;
    news = **known != said;
    return {};
  });
  return news || !read;
}

}  // namespace

io::Task<void> learn(Context& context, std::string primary, io::TargetAbilities able) {
  const store::Abilities said{able.smtputf8, able.dsn, able.max_size, context.clock.now()};
  if (!is_news(context, primary, said)) co_return;
  if (able.max_size && *able.max_size < context.config->smtp.max_message_size) {
    base::log_warning(
        "{} takes mail of at most {} octets, smtp.max_message_size lets in {}: what is larger will "
        "end in the quarantine",
        primary, able.max_size->count(), context.config->smtp.max_message_size.count());
  }
  store::Operation operation = [primary, said](store::WriteTxn& txn) {
    return txn.put_abilities(primary, said);
  };
  auto written = co_await context.committer.commit(std::move(operation), base::Bytes(128));
  if (!written) base::log_warning("relay {}: {}", primary, base::to_string(written.error()));
}

}  // namespace beredd::service
