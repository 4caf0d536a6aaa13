#pragma once
// Holds a document against the schema: unknown and missing keys, types, units, bounds, choices.

#include "findings.h"
#include "tree.h"

namespace beredd::config {

void inspect(const Value& root, Findings& findings);

// The primaries that a desk can name, as the end of a message.
std::string choice_of_primaries(const Value& root);

// How a message names a table: `desk "support"`, or its path where it has no name.
std::string label_of(std::string_view path, const Value& table);

}  // namespace beredd::config
