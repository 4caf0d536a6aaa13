#include "beredd/ticket/changes.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::ticket {
namespace {

constexpr std::size_t kLongestTag = 64;
constexpr std::size_t kLongestName = 128;

using Tags = std::vector<std::string>;

base::Error invalid(std::string words) {
  return base::permanent(base::Code::invalid, std::move(words));
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= kLongestTag && base::is_utf8(text) && !has_control(text) &&
         text.find_first_of(" ,") == std::string_view::npos;
}

bool is_name(std::string_view text) {
  return text.size() <= kLongestName && base::is_utf8(text) && !has_control(text) &&
         base::trim(text) == text;
}

bool contains(const Tags& tags, const std::string& tag) {
  return std::ranges::find(tags, tag) != tags.end();
}

// What `from` has and `others` have not.
Tags without(const Tags& from, const Tags& others) {
  Tags out;
  for (const std::string& tag : from) {
    if (!contains(others, tag) && !contains(out, tag)) out.push_back(tag);
  }
  return out;
}

std::string state_words(State state, const std::optional<base::Instant>& until) {
  if (state != State::pending || !until) return std::string(name(state));
  return fmt::format("{} until {}", name(state), base::rfc3339(*until));
}

std::string person(const std::string& name) { return name.empty() ? "nobody" : name; }

void set_state(Ticket& ticket, State state, std::optional<base::Instant> until,
               std::vector<Step>& steps) {
  if (state != State::pending) until.reset();
  if (ticket.state == state && ticket.pending_until == until) return;
  const std::string before = state_words(ticket.state, ticket.pending_until);
  ticket.state = state;
  ticket.pending_until = until;
  const std::string after = state_words(state, until);
  // A time that was left behind by a state that had none changes nothing that anybody sees.
  if (before == after) return;
  steps.push_back({"state set", fmt::format("{} (was {})", after, before)});
}

void set_assignee(Ticket& ticket, const std::string& who, std::vector<Step>& steps) {
  if (ticket.assignee == who) return;
  Step step{"released", ticket.assignee};
  if (!who.empty()) step = {"assigned", fmt::format("{} (was {})", who, person(ticket.assignee))};
  ticket.assignee = who;
  steps.push_back(std::move(step));
}

void set_priority(Ticket& ticket, Priority priority, std::vector<Step>& steps) {
  if (ticket.priority == priority) return;
  steps.push_back(
      {"priority set", fmt::format("{} (was {})", name(priority), name(ticket.priority))});
  ticket.priority = priority;
}

void set_tags(Ticket& ticket, const Tags& add, const Tags& remove, std::vector<Step>& steps) {
  const Tags added = without(add, ticket.tags);
  Tags removed;
  for (const std::string& tag : remove) {
    if (contains(ticket.tags, tag) && !contains(removed, tag)) removed.push_back(tag);
  }
  ticket.tags.insert(ticket.tags.end(), added.begin(), added.end());
  ticket.tags = without(ticket.tags, removed);
  if (!added.empty()) steps.push_back({"tagged", fmt::format("{}", fmt::join(added, ", "))});
  if (!removed.empty()) steps.push_back({"untagged", fmt::format("{}", fmt::join(removed, ", "))});
}

base::Status check_tags(const Changes& changes) {
  for (const Tags* tags : {&changes.add_tags, &changes.remove_tags}) {
    for (const std::string& tag : *tags) {
      if (is_tag(tag)) continue;
      return invalid(
          fmt::format("\"{}\" is no tag: up to {} bytes, no blanks, no commas", tag, kLongestTag));
    }
  }
  for (const std::string& tag : changes.add_tags) {
    if (contains(changes.remove_tags, tag)) {
      return invalid(fmt::format("tag {} cannot both come and go", tag));
    }
  }
  return {};
}

base::Error changed_since(std::string what, std::string now) {
  return base::permanent(base::Code::conflict,
                         fmt::format("its {} was changed since, to {}", what, now));
}

}  // namespace

base::Status check(const Changes& changes, base::Instant now) {
  const bool tags = !changes.add_tags.empty() || !changes.remove_tags.empty();
  if (!changes.state && !changes.until && !changes.assignee && !changes.priority && !tags) {
    return invalid("nothing is to be changed");
  }
  if (changes.state == State::fresh) {
    return invalid("a ticket is new until somebody has it in hand, and never again");
  }
  if (changes.until && changes.state != State::pending) {
    return invalid("only the state pending lasts until a time");
  }
  if (changes.until && *changes.until <= now) {
    return invalid(fmt::format("{} is over already", base::rfc3339(*changes.until)));
  }
  if (changes.assignee && !is_name(*changes.assignee)) {
    return invalid(fmt::format("\"{}\" is no name: up to {} bytes, no blanks at the ends",
                               *changes.assignee, kLongestName));
  }
  return check_tags(changes);
}

std::vector<Step> apply(const Changes& changes, Ticket& ticket) {
  std::vector<Step> steps;
  if (changes.state) set_state(ticket, *changes.state, changes.until, steps);
  if (changes.assignee) set_assignee(ticket, *changes.assignee, steps);
  if (changes.priority) set_priority(ticket, *changes.priority, steps);
  set_tags(ticket, changes.add_tags, changes.remove_tags, steps);
  return steps;
}

std::string words(const Changes& changes) {
  std::vector<std::string> out;
  if (changes.state) out.push_back("state " + state_words(*changes.state, changes.until));
  if (changes.assignee) out.push_back("assigned to " + person(*changes.assignee));
  if (changes.priority) out.push_back(fmt::format("priority {}", name(*changes.priority)));
  std::vector<std::string> tags;
  for (const std::string& tag : changes.add_tags) tags.push_back("+" + tag);
  for (const std::string& tag : changes.remove_tags) tags.push_back("-" + tag);
  if (!tags.empty()) out.push_back(fmt::format("tags {}", fmt::join(tags, " ")));
  return fmt::format("{}", fmt::join(out, ", "));
}

base::Result<std::vector<Step>> revert(const Ticket& before, const Ticket& after, Ticket& ticket) {
  const auto state_of = [](const Ticket& t) { return state_words(t.state, t.pending_until); };
  const bool state = state_of(before) != state_of(after);
  const bool assignee = before.assignee != after.assignee;
  const bool priority = before.priority != after.priority;
  if (state && state_of(ticket) != state_of(after)) return changed_since("state", state_of(ticket));
  if (assignee && ticket.assignee != after.assignee) {
    return changed_since("assignee", person(ticket.assignee));
  }
  if (priority && ticket.priority != after.priority) {
    return changed_since("priority", std::string(name(ticket.priority)));
  }
  std::vector<Step> steps;
  if (state) set_state(ticket, before.state, before.pending_until, steps);
  if (assignee) set_assignee(ticket, before.assignee, steps);
  if (priority) set_priority(ticket, before.priority, steps);
  set_tags(ticket, without(before.tags, after.tags), without(after.tags, before.tags), steps);
  return steps;
}

void touch(Ticket& ticket, base::Instant now) {
  ticket.updated = std::max(now, ticket.updated + std::chrono::microseconds(1));
}

}  // namespace beredd::ticket
