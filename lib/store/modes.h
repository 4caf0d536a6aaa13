#pragma once
// What is kept per primary: its standing, its operator's switches, and every change of its mode.

#include "change.h"

namespace beredd::store {

base::Result<std::optional<failover::Standing>> read_standing(const Tables& tables,
                                                              std::string_view primary);
// A record that does not open goes to the fault of the transaction.
Switches read_switches(const Tables& tables, std::string_view primary);
base::Result<std::vector<TransitionRecord>> list_transitions(const Tables& tables,
                                                             std::string_view primary,
                                                             std::size_t limit);

base::Result<std::optional<Abilities>> read_abilities(const Tables& tables,
                                                      std::string_view primary);

base::Status put_abilities(Change& change, std::string_view primary, const Abilities& abilities);
base::Status put_standing(Change& change, std::string_view primary,
                          const failover::Standing& standing);
base::Status put_switches(Change& change, std::string_view primary, const Switches& switches);
// With the journal entry "mode".
base::Status add_transition(Change& change, const TransitionRecord& record);

}  // namespace beredd::store
