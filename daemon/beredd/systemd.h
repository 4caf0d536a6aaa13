#pragma once
// What systemd gives us and wants from us: sockets, readiness, the watchdog. Without systemd all of
// it is silent. Once, from main's thread, unless said otherwise.

#include <optional>
#include <string>
#include <vector>

#include "beredd/base/units.h"

namespace beredd::daemon {

// The listening sockets that were passed (sd_listen_fds) under the name "smtp", or without a name.
std::vector<int> passed_sockets();

void notify_ready();
void notify_stopping();
void notify_alive();  // feeds the watchdog; any thread
void notify_status(const std::string& line);

// How often the watchdog wants to hear of us at the latest; nothing: there is none.
std::optional<base::Duration> watchdog_interval();

}  // namespace beredd::daemon
