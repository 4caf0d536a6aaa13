#include "systemd.h"

#include <cstdlib>
#include <string_view>

#include <systemd/sd-daemon.h>

namespace beredd::daemon {

std::vector<int> passed_sockets() {
  std::vector<int> sockets;
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(/*unset_environment=*/1, &names);
  for (int n = 0; n < count; ++n) {
    const std::string_view name = names != nullptr ? names[n] : "";
    if (name == "smtp" || name == "unknown") sockets.push_back(SD_LISTEN_FDS_START + n);
    if (names != nullptr) std::free(names[n]);
  }
  std::free(names);
  return sockets;
}

void notify_ready() { sd_notify(0, "READY=1"); }
void notify_stopping() { sd_notify(0, "STOPPING=1"); }
void notify_alive() { sd_notify(0, "WATCHDOG=1"); }
void notify_status(const std::string& line) { sd_notify(0, ("STATUS=" + line).c_str()); }

std::optional<base::Duration> watchdog_interval() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return base::Duration(static_cast<std::int64_t>(microseconds));
}

}  // namespace beredd::daemon
