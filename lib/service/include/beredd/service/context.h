#pragma once
// What every service works with. Owned by the program (or the scenario test); outlives the
// services.

#include <memory>

#include "beredd/base/clock.h"
#include "beredd/base/metrics.h"
#include "beredd/base/random.h"
#include "beredd/config/config.h"
#include "beredd/io/blocking_pool.h"
#include "beredd/io/commit.h"
#include "beredd/io/mail_reader.h"
#include "beredd/io/timer.h"
#include "beredd/service/pledges.h"
#include "beredd/store/store.h"

namespace beredd::service {

struct Context {
  std::shared_ptr<const config::Config> config;
  store::Store& store;
  io::Committer& committer;
  io::Timers& timers;
  io::BlockingPool& pool;
  base::Clock& clock;
  base::Random& random;
  base::Metrics& metrics;
  io::MailReader& reader;
  Pledges pledges{};
};

}  // namespace beredd::service
