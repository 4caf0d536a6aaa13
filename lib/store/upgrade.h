#pragma once
// The way from an older version to ours: one step per version, all in the transaction that opens.

#include "tables.h"

#include <span>

namespace beredd::store {

struct UpgradeStep {
  std::uint32_t from;  // makes `from + 1` of it
  base::Status (*run)(Tables& tables);
};

// The steps to kVersion. A step stays as long as its version may be met in the field.
std::span<const UpgradeStep> upgrade_steps();

// Runs the steps that lead from version `from` to `to`.
// Errors: permanent/version when `from` is newer than `to`, or a step on the way is missing; those
// of the steps.
base::Status upgrade(Tables& tables, std::uint32_t from, std::uint32_t to,
                     std::span<const UpgradeStep> steps);

}  // namespace beredd::store
