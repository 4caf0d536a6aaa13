#pragma once
// Watches every primary: runs its checks on time and gives what they saw to the modes.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/io/prober.h"
#include "beredd/service/modes.h"

namespace beredd::service {

// A check and what it saw last, for `check list`.
struct CheckView {
  std::string primary;
  std::string check;
  config::CheckKind kind = config::CheckKind::tcp;
  std::string looks_at;  // the URL, or "host:port"
  base::Duration every{};
  std::optional<failover::Observation> last;
};

// One coroutine a check, on `executor`. In suspect and probation a check runs four times as often.
class Watch {
 public:
  Watch(Context& context, Modes& modes, io::Prober& prober, io::Executor executor);
  ~Watch();

  void start();
  void stop();  // from the executor

  std::vector<CheckView> checks() const;  // any thread
  // Runs one check now and gives what it saw to the modes. `name` is "check" or "primary/check".
  // Errors: permanent/not_found, permanent/conflict when the name fits several.
  io::Task<base::Result<failover::Observation>> run(std::string name);

 private:
  struct Loop;
  io::Task<void> look_forever(Loop& loop);
  io::Task<failover::Observation> look(Loop& loop);

  Context& context_;
  Modes& modes_;
  io::Prober& prober_;
  io::Executor executor_;
  std::vector<std::unique_ptr<Loop>> loops_;
  bool stopping_ = false;
};

}  // namespace beredd::service
