#include "upgrade.h"

#include "journal.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::store {

namespace {

// 1 → 2: an intake log stands in front of the tables. The tables are as they were; an older beredd
// would not look into the log, and lose what lies there.
base::Status add_intake_log(Tables&) { return {}; }

// 2 → 3: tickets may have gone up in others. No row changes; an older beredd would look for a
// ticket that went up, and find none.
base::Status add_merged_tickets(Tables&) { return {}; }

// 3 → 4: every ticket has a history, of what the journal says about it.
base::Status add_histories(Tables& tables) { return index_journal(tables); }

constexpr std::array kSteps = {UpgradeStep{1, &add_intake_log}, UpgradeStep{2, &add_merged_tickets},
                               UpgradeStep{3, &add_histories}};

}  // namespace

std::span<const UpgradeStep> upgrade_steps() { return kSteps; }

base::Status upgrade(Tables& tables, std::uint32_t from, std::uint32_t to,
                     std::span<const UpgradeStep> steps) {
  if (from > to) {
    return base::permanent(
        base::Code::version,
        fmt::format("the store is of version {} and this beredd knows up to {}: start the newer "
                    "beredd again, or restore a backup that this one made",
                    from, to));
  }
  for (std::uint32_t version = from; version < to; ++version) {
    auto step = std::ranges::find(steps, version, &UpgradeStep::from);
    if (step == steps.end()) {
      return base::permanent(
          base::Code::version,
          fmt::format("the store is of version {}, too old for this beredd: open it once with a "
                      "beredd that still upgrades it",
                      from));
    }
    if (base::Status status = step->run(tables); !status) return status;
  }
  return tables.status();
}

}  // namespace beredd::store
