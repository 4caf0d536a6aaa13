#include "beredd/preflight/gather.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "beredd/io/callback.h"

namespace beredd::preflight {
namespace {

using Tasks = std::vector<io::Task<void>>;

io::Task<void> counted(io::Task<void> task, std::shared_ptr<std::size_t> left,
                       std::function<void(bool)> done) {
  co_await std::move(task);
  if (--*left == 0) done(true);
}

// Goes on when all have ended.
io::Task<void> together(io::Executor executor, std::shared_ptr<Tasks> tasks) {
  if (tasks->empty()) co_return;
  std::function<void(std::function<void(bool)>)> start = [executor,
                                                          tasks](std::function<void(bool)> done) {
    const auto left = std::make_shared<std::size_t>(tasks->size());
    for (io::Task<void>& task : *tasks) {
      io::spawn(executor, counted(std::move(task), left, done), "preflight");
    }
  };
  co_await io::await_callback<bool>(std::move(start));
}

class Gathering {
 public:
  Gathering(io::Executor executor, const Subject& subject, const World& world)
      : executor_(std::move(executor)),
        subject_(subject),
        world_(world),
        end_(world.clock.steady() + world.in_all) {}

  // Ends, because every round answers what it was asked for, and SPF bounds what is asked next.
  io::Task<std::vector<Finding>> run() {
    for (;;) {
      Judgement judgement = judge(subject_, facts_);
      if (judgement.complete()) co_return std::move(judgement.findings);
      auto tasks = std::make_shared<Tasks>();
      for (const Question& question : judgement.wanted) tasks->push_back(ask(question));
      for (const std::string& domain : judgement.wanted_policies) tasks->push_back(fetch(domain));
      co_await together(executor_, tasks);
    }
  }

 private:
  base::Duration time_left() const {
    return std::min(world_.per_question, end_ - world_.clock.steady());
  }

  static base::Error out_of_time() {
    return base::transient(base::Code::timeout, "there was no time left to ask");
  }

  io::Task<void> ask(Question question) {
    Looked looked;
    const base::Duration time = time_left();
    if (time > base::Duration::zero()) {
      auto answer = co_await world_.resolver.query(question.name, question.type, time);
      if (answer) {
        looked = {std::move(answer->records), answer->secure, {}};
      } else {
        looked.failure = std::move(answer).error();
      }
    } else {
      looked.failure = out_of_time();
    }
    facts_.answers.insert_or_assign(std::move(question), std::move(looked));
  }

  io::Task<void> fetch(std::string domain) {
    Fetched fetched;
    const base::Duration time = time_left();
    if (time > base::Duration::zero()) {
      auto page = co_await world_.fetch_policy(domain, time);
      if (page) {
        fetched.text = *std::move(page);
      } else {
        fetched.failure = std::move(page).error();
      }
    } else {
      fetched.failure = out_of_time();
    }
    facts_.policies.insert_or_assign(std::move(domain), std::move(fetched));
  }

  const io::Executor executor_;
  const Subject& subject_;
  const World& world_;
  const base::Instant end_;
  Facts facts_;
};

}  // namespace

io::Task<std::vector<Finding>> gather_and_judge(io::Executor executor, const Subject& subject,
                                                const World& world) {
  Gathering gathering(std::move(executor), subject, world);
  co_return co_await gathering.run();
}

}  // namespace beredd::preflight
