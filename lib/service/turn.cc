#include "turn.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"
#include "beredd/base/text.h"

namespace beredd::service {

using smtp::reply;

namespace {

bool serves(const config::Desk& desk, const std::string& domain, bool with_subdomains) {
  return std::any_of(desk.addresses.begin(), desk.addresses.end(), [&](const std::string& address) {
    const std::string own = base::lower(address.substr(address.rfind('@') + 1));
    return own == domain || (with_subdomains && own.ends_with("." + domain));
  });
}

struct Waiting {
  std::string primary;
  std::uint64_t messages = 0;
  bool paused = false;
};

base::Result<std::vector<Waiting>> waiting(const Context& context,
                                           std::vector<std::string> primaries) {
  std::vector<Waiting> all;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    for (std::string& primary : primaries) {
      const std::uint64_t messages = txn.counts(primary).waiting();
      const bool paused = txn.switches(primary).paused;
      all.push_back({std::move(primary), messages, paused});
    }
    return {};
  });
  if (!read) return read.error();
  return all;
}

}  // namespace

std::vector<std::string> primaries_of(const config::Config& config, std::string_view node) {
  if (node.starts_with('#')) {
    const config::Primary* primary = config.primary_named(node.substr(1));
    if (primary == nullptr) return {};
    return {primary->name};
  }
  const bool with_subdomains = node.starts_with('@');
  const std::string domain = base::lower(with_subdomains ? node.substr(1) : node);
  std::vector<std::string> primaries;
  for (const config::Desk& desk : config.desks) {
    const bool listed =
        std::find(primaries.begin(), primaries.end(), desk.primary) != primaries.end();
    if (!listed && serves(desk, domain, with_subdomains)) primaries.push_back(desk.primary);
  }
  return primaries;
}

io::Task<smtp::Reply> answer_turn(Context& context, const HandbackRun& run, std::string node) {
  std::vector<std::string> primaries = primaries_of(*context.config, node);
  if (primaries.empty()) co_return reply(459, "4.7.1", "node " + node + " is none of ours");
  const auto all = waiting(context, std::move(primaries));
  if (!all || !run) co_return reply(458, "4.3.0", "unable to queue messages for node " + node);
  std::uint64_t messages = 0;
  for (const Waiting& one : *all) messages += one.messages;
  if (messages == 0) co_return reply(251, "2.0.0", "no messages waiting for node " + node);
  for (const Waiting& one : *all) {
    if (one.messages == 0) continue;
    if (one.paused) co_return reply(458, "4.3.0", "the hand-back to node " + node + " is paused");
    std::string primary = one.primary;
    const base::Status started = co_await run(std::move(primary));
    if (!started) {
      base::log_error("ETRN {}: {}", node, base::to_string(started.error()));
      co_return reply(458, "4.3.0", "unable to queue messages for node " + node);
    }
  }
  co_return reply(253, "2.0.0", fmt::format("{} pending messages for node {}", messages, node));
}

}  // namespace beredd::service
