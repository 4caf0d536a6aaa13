#pragma once
// Which documents have a term of each of several sets.

#include <vector>

#include <xapian.h>

namespace beredd::search {

using TermSet = std::vector<std::string>;

// Ascending. Throws what Xapian throws.
std::vector<Xapian::docid> documents_with(const Xapian::Database& database,
                                          const std::vector<TermSet>& all_of);

}  // namespace beredd::search
