#include "postings.h"

#include <algorithm>

namespace beredd::search {
namespace {

using Documents = std::vector<Xapian::docid>;

// With this many times fewer candidates than postings it is quicker to leap than to read them all.
constexpr Xapian::doccount kLeap = 16;

struct Frequent {
  const TermSet* terms;
  Xapian::doccount postings;
};

Documents documents_of(const Xapian::Database& database, const std::string& term) {
  Documents found;
  found.reserve(database.get_termfreq(term));
  const auto end = database.postlist_end(term);
  for (auto at = database.postlist_begin(term); at != end; ++at) found.push_back(*at);
  return found;
}

Documents with_any(const Xapian::Database& database, const TermSet& terms) {
  Documents all;
  for (const std::string& term : terms) {
    Documents found = documents_of(database, term);
    if (all.empty()) {
      all = std::move(found);
      continue;
    }
    Documents both;
    both.reserve(all.size() + found.size());
    std::set_union(all.begin(), all.end(), found.begin(), found.end(), std::back_inserter(both));
    all = std::move(both);
  }
  return all;
}

// Which of `candidates` have any of `terms`, found by leaping.
Documents leap(const Xapian::Database& database, const TermSet& terms,
               const Documents& candidates) {
  std::vector<bool> has(candidates.size(), false);
  for (const std::string& term : terms) {
    auto at = database.postlist_begin(term);
    const auto end = database.postlist_end(term);
    for (std::size_t n = 0; n < candidates.size() && at != end; ++n) {
      at.skip_to(candidates[n]);
      if (at != end && *at == candidates[n]) has[n] = true;
    }
  }
  Documents kept;
  for (std::size_t n = 0; n < candidates.size(); ++n) {
    if (has[n]) kept.push_back(candidates[n]);
  }
  return kept;
}

Documents with_both(const Xapian::Database& database, const Frequent& next,
                    const Documents& candidates) {
  if (next.postings / kLeap > candidates.size()) return leap(database, *next.terms, candidates);
  const Documents found = with_any(database, *next.terms);
  Documents kept;
  std::set_intersection(candidates.begin(), candidates.end(), found.begin(), found.end(),
                        std::back_inserter(kept));
  return kept;
}

}  // namespace

std::vector<Xapian::docid> documents_with(const Xapian::Database& database,
                                          const std::vector<TermSet>& all_of) {
  std::vector<Frequent> sets;
  for (const TermSet& terms : all_of) {
    Frequent set{&terms, 0};
    for (const std::string& term : terms) set.postings += database.get_termfreq(term);
    if (set.postings == 0) return {};
    sets.push_back(set);
  }
  if (sets.empty()) return {};
  std::sort(sets.begin(), sets.end(),
            [](const Frequent& a, const Frequent& b) { return a.postings < b.postings; });
  Documents found = with_any(database, *sets.front().terms);
  for (std::size_t n = 1; n < sets.size() && !found.empty(); ++n) {
    found = with_both(database, sets[n], found);
  }
  return found;
}

}  // namespace beredd::search
