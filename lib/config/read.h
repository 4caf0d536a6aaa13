#pragma once
// From an inspected document to the structs. Values that do not fit were reported by inspect() and
// keep their defaults here.

#include "tree.h"

#include "beredd/config/config.h"

namespace beredd::config {

// `directory`: what relative paths are relative to; empty: they stay as they are.
Config read(const Value& root, const std::filesystem::path& directory);

}  // namespace beredd::config
