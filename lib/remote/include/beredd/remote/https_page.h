#pragma once
// One page by HTTPS, as MTA-STS wants it fetched (RFC 8461 §3.3): a certificate that holds, no
// redirection, plain text, no more than 64 KiB.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/blocking_pool.h"
#include "beredd/io/task.h"

namespace beredd::remote {

struct HttpsPage {
  std::string host;
  std::string path = "/";
  std::vector<std::string> addresses;  // of the host; empty: the system's resolver is asked
  std::uint16_t port = 443;
  std::optional<std::filesystem::path> ca_file;  // nothing: the system's authorities
};

// Blocks a thread of the pool for `timeout` at most. Errors: transient/unreachable,
// transient/timeout, permanent/tls, permanent/refused (another status than 200, or another type),
// permanent/too_large.
io::Task<base::Result<std::string>> fetch(io::BlockingPool& pool, HttpsPage page,
                                          base::Duration timeout);

}  // namespace beredd::remote
