#pragma once
// The domain name system through libunbound: any number of questions at once, proven by DNSSEC.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beredd/io/resolver.h"

namespace beredd::remote {

struct UnboundOptions {
  std::vector<std::string> servers;  // "192.0.2.53" or "192.0.2.53@5353"; none: /etc/resolv.conf
  // Of the root, as dns-root-data installs it; when the file is not there, or without one, nothing
  // is proven and `secure` stays false.
  std::optional<std::filesystem::path> trust_anchor = "/usr/share/dns/root.key";
};

// Two threads of its own, none of the caller's blocks; joins on destruction, where questions under
// way end as transient/cancelled. Errors: permanent/invalid (a server or the anchor cannot be
// used).
base::Result<std::unique_ptr<io::Resolver>> unbound_resolver(const UnboundOptions& options = {});

}  // namespace beredd::remote
