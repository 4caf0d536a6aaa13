#include "beredd/ticket/rota.h"

#include <algorithm>

namespace beredd::ticket {
namespace {

template <typename T>
bool has(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

bool over(const Absence& absence, base::Instant now) {
  return absence.until && *absence.until <= now;
}

const Colleague* colleague(const std::vector<Colleague>& people, std::string_view name) {
  const auto found = std::find_if(people.begin(), people.end(),
                                  [&](const Colleague& one) { return one.name == name; });
  return found != people.end() ? &*found : nullptr;
}

bool can_take(const Colleague& person, const Wanted& wanted) {
  return has(person.lines, wanted.line) &&
         (person.desks.empty() || wanted.desk.empty() || has(person.desks, wanted.desk)) &&
         (wanted.team.empty() || has(person.teams, wanted.team));
}

const Colleague* least_loaded(const std::vector<Colleague>& people, const Wanted& wanted) {
  const Colleague* best = nullptr;
  bool best_speaks = false;
  for (const Colleague& one : people) {
    if (!one.present || !can_take(one, wanted)) continue;
    const bool speaks = wanted.language.empty() || has(one.languages, wanted.language);
    const bool better = best == nullptr || (speaks && !best_speaks) ||
                        (speaks == best_speaks && one.load < best->load);
    if (!better) continue;
    best = &one;
    best_speaks = speaks;
  }
  return best;
}

const Colleague* stand_in(const std::vector<Colleague>& people, std::string_view person) {
  const Colleague* one = colleague(people, person);
  // More steps than there are people are a circle.
  for (std::size_t step = 0; one != nullptr && step < people.size(); ++step) {
    one = one->deputy.empty() ? nullptr : colleague(people, one->deputy);
    if (one != nullptr && one->name != person && one->present) return one;
  }
  return nullptr;
}

int presence(const std::vector<Colleague>& people) {
  if (people.empty()) return 100;
  const auto there =
      std::count_if(people.begin(), people.end(), [](const Colleague& one) { return one.present; });
  return static_cast<int>(there * 100 / static_cast<std::ptrdiff_t>(people.size()));
}

}  // namespace beredd::ticket
