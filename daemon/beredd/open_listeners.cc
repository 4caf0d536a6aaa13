#include "daemon.h"
#include "systemd.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace beredd::daemon {

using base::Result;
using base::Status;

Status Daemon::open_listeners() {
  const auto add = [this](Result<std::unique_ptr<io::Listener>> listener,
                          std::vector<std::unique_ptr<io::Listener>>& to) -> Status {
    if (!listener) return listener.error();
    const io::Address at = (*listener)->local();
    const bool v6 = at.host.find(':') != std::string::npos;
    serving_.push_back(fmt::format("{}:{}", v6 ? "[" + at.host + "]" : at.host, at.port));
    to.push_back(std::move(*listener));
    return {};
  };
  for (const int fd : passed_sockets()) {
    if (auto added = add(io::adopt_tcp(core_, fd, sessions_.homes()), smtp_listeners_); !added)
      return added;
  }
  // Sockets that systemd passed take the place of the configured ones.
  if (smtp_listeners_.empty()) {
    for (const config::Endpoint& at : config_->smtp.listen) {
      if (auto added =
              add(io::listen_tcp(core_, {at.host, at.port}, sessions_.homes()), smtp_listeners_);
          !added) {
        return added;
      }
    }
  }
  for (const config::Endpoint& at : config_->lmtp.listen) {
    if (auto added =
            add(io::listen_tcp(core_, {at.host, at.port}, sessions_.homes()), lmtp_listeners_);
        !added) {
      return added;
    }
  }
  if (smtp_listeners_.empty()) {
    return base::permanent(
        base::Code::invalid,
        "smtp.listen is empty and systemd passed no socket: there is nothing to listen on");
  }
  return {};
}

Status Daemon::open_control() {
  const auto& socket = config_->control.socket;
  std::error_code ignored;  // listen_unix says what is wrong
  std::filesystem::create_directories(socket.parent_path(), ignored);
  auto control = io::listen_unix(core_, socket.string());
  if (!control) return control.error();
  control_listener_ = std::move(*control);
  control_ = std::make_unique<control::ControlServer>(*context_, *modes_, *watch_, *handback_,
                                                      core_, BEREDD_VERSION, indexing_.get());
  control_->know_people([config = config_](std::string_view login) {
    const config::Person* person = config->person_of_login(login);
    return person != nullptr ? person->name : std::string(login);
  });
  control_->share_by(*rota_);
  control_->read_back_by(*reconcile_);
  control_->act_by(*actions_);
  control_->write_by(*answers_, *uploads_);
  control_->tell_of(*changes_);
  return {};
}

}  // namespace beredd::daemon
