#include "command_tree.h"

namespace beredd::beredctl {

void Tree::grow_people(CLI::App& app) {
  CLI::App& people = group(app, "person", "Who works, and who is away");
  leaf<ListPeople>(people, "list", "Everybody, with presence and load");
  auto [shown, show] = leaf<ListPeople>(people, "show", "One person");
  show->add_option("NAME", shown->name, "A person")->required();
  auto [absence, absent] = leaf<SetAbsent>(people, "absent", "Somebody is away");
  absent->add_option("NAME", absence->name, "A person")->required();
  absent->add_option("--until", absence->until,
                     "Back then: 2h, 2026-12-01, 2026-12-01T08:00:00Z; without it, until told");
  absent->add_option("--reason", absence->reason, "Why, for the list and the journal");
  auto [presence, present] = leaf<SetPresent>(people, "present", "Somebody is back");
  present->add_option("NAME", presence->name, "A person")->required();
  leaf<ListTeams>(group(app, "team", "Teams"), "list", "Every team and its people");
  CLI::App& staffing = group(app, "staffing", "How many there are for the work");
  leaf<ShowStaffing>(staffing, "show", "The level, and what it does to the queue");
  auto [level, set] = leaf<SetStaffing>(staffing, "set", "Set the level");
  set->add_option("LEVEL", level->level, "normal, reduced, critical; auto: as many are present")
      ->required()
      ->check(CLI::IsMember({"normal", "reduced", "critical", "auto"}));
}

}  // namespace beredd::beredctl
