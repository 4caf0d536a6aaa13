#include "beredd/ticket/service_level.h"

#include <algorithm>

namespace beredd::ticket {
namespace {

using Standing = Deadline::Standing;
using Kind = Happening::Kind;

// Counts one deadline's open time.
class Stopwatch {
 public:
  Stopwatch(const calendar::Hours& hours, Measure measure, base::Instant began,
            base::Duration allowed, int warning)
      : hours_(hours), warned_after_(allowed * warning / 100) {
    deadline_.measure = measure;
    deadline_.began = began;
    deadline_.allowed = allowed;
    deadline_.standing = Standing::resting;
    run(began);
  }

  bool ended() const { return deadline_.standing == Standing::ended; }

  void run(base::Instant at) {
    if (deadline_.standing == Standing::running) return;
    deadline_.standing = Standing::running;
    since_ = at;
  }
  void rest(base::Instant at) {
    if (deadline_.standing == Standing::running) halt(at, Standing::resting);
  }
  void end(base::Instant at) {
    if (deadline_.standing == Standing::running) return halt(at, Standing::ended);
    deadline_.standing = Standing::ended;
  }

  // As it stands when nothing more has happened.
  Deadline read() const {
    Deadline now = deadline_;
    if (now.standing != Standing::running) return now;
    if (!now.warning) now.warning = reached(warned_after_);
    if (!now.due) now.due = reached(now.allowed);
    return now;
  }

 private:
  std::optional<base::Instant> reached(base::Duration used) const {
    return hours_.add(since_, used - deadline_.used);
  }

  void halt(base::Instant at, Standing standing) {
    const auto warning = deadline_.warning ? deadline_.warning : reached(warned_after_);
    const auto due = deadline_.due ? deadline_.due : reached(deadline_.allowed);
    if (warning && *warning < at) deadline_.warning = warning;
    if (due && *due < at) deadline_.due = due;
    deadline_.used += hours_.between(since_, at);
    deadline_.standing = standing;
  }

  const calendar::Hours& hours_;
  base::Duration warned_after_;
  Deadline deadline_;
  base::Instant since_{};
};

// Follows one ticket.
class Course {
 public:
  Course(const calendar::Hours& hours, const ServiceLevel& level) : hours_(hours), level_(level) {}

  void take(const Happening& one) {
    switch (one.kind) {
      case Kind::arrival: return arrival(one.at);
      case Kind::answer: return answer(one.at);
      case Kind::state: return state(one.at, one.state);
    }
  }

  std::vector<Deadline> deadlines() const {
    std::vector<Deadline> all;
    for (const Stopwatch& watch : watches_) all.push_back(watch.read());
    return all;
  }

 private:
  using Place = std::optional<std::size_t>;

  void arrival(base::Instant at) {
    if (!question_) {
      question_ = answered_ ? begin(Measure::next_answer, at, level_.next_answer)
                            : begin(Measure::first_answer, at, level_.first_answer);
    }
    if (!solution_) solution_ = begin(Measure::solution, at, level_.solution);
    if (!is_worked_on(state_)) state_ = State::open;
    each([at](Stopwatch& watch) { watch.run(at); });
  }

  void answer(base::Instant at) {
    answered_ = true;
    end_question(at);
    each([at](Stopwatch& watch) { watch.rest(at); });
  }

  void state(base::Instant at, State now) {
    const State before = state_;
    state_ = now;
    if (now == State::solved || now == State::closed) {
      answered_ = true;  // whatever comes after it is another question
      end_question(at);
      if (solution_) watches_[*solution_].end(at);
    } else if (now == State::pending) {
      each([at](Stopwatch& watch) { watch.rest(at); });
    } else if (!is_worked_on(before)) {
      each([at](Stopwatch& watch) { watch.run(at); });
    }
  }

  static bool is_worked_on(State state) { return state == State::fresh || state == State::open; }

  Place begin(Measure measure, base::Instant at, std::optional<base::Duration> allowed) {
    if (!allowed) return std::nullopt;
    watches_.emplace_back(hours_, measure, at, *allowed, level_.warning);
    return watches_.size() - 1;
  }

  void end_question(base::Instant at) {
    if (question_) watches_[*question_].end(at);
    question_.reset();
  }

  // What is still open: the question, and the solution, which a mail or a person can reopen.
  void each(const std::function<void(Stopwatch&)>& act) {
    if (question_) act(watches_[*question_]);
    if (solution_) act(watches_[*solution_]);
  }

  const calendar::Hours& hours_;
  const ServiceLevel& level_;
  std::vector<Stopwatch> watches_;
  Place question_, solution_;
  bool answered_ = false;  // the next question is no longer the first
  State state_ = State::fresh;
};

}  // namespace

std::string_view name(Measure measure) {
  switch (measure) {
    case Measure::first_answer: return "first answer";
    case Measure::next_answer: return "next answer";
    case Measure::solution: return "solution";
  }
  return "";
}

std::string_view name(Crossing::Kind kind) {
  return kind == Crossing::Kind::warning ? "warning" : "breach";
}

std::vector<Deadline> deadlines(const calendar::Hours& hours, const ServiceLevel& level,
                                std::span<const Happening> happenings) {
  Course course(hours, level);
  for (const Happening& one : happenings) course.take(one);
  return course.deadlines();
}

std::vector<Crossing> crossings(std::span<const Deadline> deadlines, base::Instant now) {
  std::vector<Crossing> crossed;
  for (const Deadline& one : deadlines) {
    if (one.warning && *one.warning <= now) {
      crossed.push_back({Crossing::Kind::warning, one.measure, one.began, *one.warning});
    }
    if (one.due && *one.due <= now) {
      crossed.push_back({Crossing::Kind::breach, one.measure, one.began, *one.due});
    }
  }
  std::stable_sort(crossed.begin(), crossed.end(),
                   [](const Crossing& a, const Crossing& b) { return a.at < b.at; });
  return crossed;
}

std::optional<base::Instant> next_crossing(std::span<const Deadline> deadlines, base::Instant now) {
  std::optional<base::Instant> next;
  for (const Deadline& one : deadlines) {
    for (const auto& at : {one.warning, one.due}) {
      if (at && *at > now && (!next || *at < *next)) next = at;
    }
  }
  return next;
}

const Deadline* most_urgent(std::span<const Deadline> deadlines) {
  const Deadline* first = nullptr;
  for (const Deadline& one : deadlines) {
    if (one.standing != Standing::running || !one.due) continue;
    if (first == nullptr || *one.due < *first->due) first = &one;
  }
  return first;
}

}  // namespace beredd::ticket
