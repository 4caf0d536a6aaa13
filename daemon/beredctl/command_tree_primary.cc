#include "command_tree.h"

namespace beredd::beredctl {

void Tree::grow_failover(CLI::App& failover) {
  leaf<ShowFailover>(failover, "status", "The mode of every primary, and why");
  auto [forced, force] = leaf<ForceMode>(failover, "force", "Pin a mode by hand");
  force->add_option("PRIMARY", forced->primary)->required();
  force->add_option("MODE", forced->mode, "fallback or normal")
      ->required()
      ->check(CLI::IsMember({"fallback", "normal"}));
  auto [released, release] =
      leaf<ReleaseMode>(failover, "auto", "Give the mode back to the checks");
  release->add_option("PRIMARY", released->primary)->required();
  auto [query, history] = leaf<ShowHistory>(failover, "history", "Changes of mode, newest first");
  history->add_option("--primary", query->primary, "Only this one's");
  add_limit(*history, query->limit);
}

void Tree::grow_check(CLI::App& checks) {
  leaf<ListChecks>(checks, "list", "Every check and what it saw last");
  auto [one, run] = leaf<RunCheck>(checks, "run", "Run one check now");
  run->add_option("NAME", one->name, "CHECK, or PRIMARY/CHECK")->required();
}

void Tree::grow_handback(CLI::App& handback) {
  leaf<ShowHandback>(handback, "status", "How far the giving back is");
  auto [query, plan] = leaf<PlanHandback>(handback, "plan", "What would go back now");
  plan->add_option("PRIMARY", query->primary, "All of them, when left out");
  add_limit(*plan, query->limit);
  const auto step = [&](const char* name, HandbackStep which, const char* help) {
    auto [value, app] = leaf<StepHandback>(handback, name, help);
    value->step = which;
    app->add_option("PRIMARY", value->primary, "All of them, when left out");
  };
  step("run", HandbackStep::run, "Start a hand-back that waits for a person");
  step("pause", HandbackStep::pause, "Stop giving back");
  step("resume", HandbackStep::resume, "Go on giving back");
  auto [look, reconcile] =
      leaf<ReadBack>(handback, "reconcile", "Look into a primary for all that it took");
  reconcile->add_option("PRIMARY", look->primary, "All of them, when left out");
  reconcile->add_option("--since", look->since, "Only what was to be given since: 2h, a date, …");
  grow_quarantine(group(handback, "quarantine", "What a primary would not take"));
}

void Tree::grow_quarantine(CLI::App& quarantine) {
  leaf<ListQuarantine>(quarantine, "list", "What is there, and why");
  auto [again, retry] = leaf<RetryQuarantined>(quarantine, "retry", "Try to give it back again");
  const auto all = std::make_shared<bool>(false);
  auto* which =
      retry->add_option("MID", again->message)->check(CLI::Range(std::uint64_t{1}, kLargestId));
  auto* every = retry->add_flag("--all", *all, "All that is there");
  which->excludes(every);
  retry->parse_complete_callback([which, every, all] {
    if (which->count() + every->count() == 0) throw CLI::RequiredError("MID or --all");
  });
  auto [given_up, drop] = leaf<DropQuarantined>(
      quarantine, "drop", "Give up its delivery for good; the message stays here");
  add_id(*drop, "MID", given_up->message);
  drop->add_option("--reason", given_up->reason, "Why, for the journal")->required();
}

}  // namespace beredd::beredctl
