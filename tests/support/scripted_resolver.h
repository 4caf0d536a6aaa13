#pragma once
// A domain name system of a few names, with delays in the time of the given timers. What is not
// scripted is not there.

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beredd/io/resolver.h"
#include "beredd/io/timer.h"

namespace beredd::simulation {

class ScriptedResolver final : public io::Resolver {
 public:
  struct Script {
    std::vector<std::string> records;
    base::Duration delay{};
    bool fails = false;  // as a name server that cannot answer
    std::chrono::seconds ttl{300};
  };

  ScriptedResolver(io::Timers& timers, io::Executor executor)
      : timers_(timers), executor_(std::move(executor)) {}

  void say(const std::string& name, io::RecordType type, Script script) {
    scripts_[{name, type}] = std::move(script);
  }

  io::Task<base::Result<io::DnsAnswer>> query(std::string name, io::RecordType type,
                                              base::Duration timeout) override {
    asked.push_back(name);
    const auto found = scripts_.find({name, type});
    const Script script = found != scripts_.end() ? found->second : Script{};
    most_at_once = std::max(most_at_once, ++at_once_);
    if (script.delay > base::Duration::zero()) {
      const auto timer = timers_.make(executor_);
      co_await timer->wait(std::min(script.delay, timeout));
    }
    --at_once_;
    if (script.delay > timeout) {
      co_return base::transient(base::Code::timeout, name + ": no answer in time");
    }
    if (script.fails) co_return base::transient(base::Code::unreachable, name + ": SERVFAIL");
    io::DnsAnswer answer;
    answer.records = script.records;
    answer.ttl = script.ttl;
    co_return answer;
  }

  std::vector<std::string> asked;
  int most_at_once = 0;

 private:
  io::Timers& timers_;
  const io::Executor executor_;
  std::map<std::pair<std::string, io::RecordType>, Script> scripts_;
  int at_once_ = 0;
};

}  // namespace beredd::simulation
