#pragma once
// Asks the world what judge() wants to know, all at once, and no longer than it is allowed to.

#include "judge.h"

#include <functional>

#include "beredd/base/clock.h"
#include "beredd/io/resolver.h"
#include "beredd/io/task.h"

namespace beredd::preflight {

// The page https://mta-sts.DOMAIN/.well-known/mta-sts.txt, with a certificate that holds and no
// redirection (RFC 8461 §3.3). Errors: any.
using FetchPolicy =
    std::function<io::Task<base::Result<std::string>>(std::string domain, base::Duration timeout)>;

struct World {
  io::Resolver& resolver;
  FetchPolicy fetch_policy;
  const base::Clock& clock;
  base::Duration per_question = std::chrono::seconds(5);
  base::Duration in_all = std::chrono::seconds(20);  // then what is missing counts as no answer
};

// On one thread: `executor` is a strand or has one. `subject` and `world` outlive it.
io::Task<std::vector<Finding>> gather_and_judge(io::Executor executor, const Subject& subject,
                                                const World& world);

}  // namespace beredd::preflight
