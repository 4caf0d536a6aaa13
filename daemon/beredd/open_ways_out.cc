// The ways out of what the desk writes.

#include "daemon.h"
#include "ways.h"

#include <utility>

#include "beredd/base/log.h"
#include "beredd/remote/mx_target.h"
#include "beredd/remote/password_file.h"
#include "beredd/remote/smtp_target.h"

namespace beredd::daemon {

using base::Result;
using base::Status;

// Where what the desk writes goes: through the smarthost, or without one to each recipient's host.
Status Daemon::open_outgoing() {
  const auto& smarthost = config_->smarthost;
  if (auto opened = smarthost ? open_smarthost(*smarthost) : open_direct_way(); !opened) {
    return opened;
  }
  uploads_ = std::make_unique<service::Uploads>(*context_);
  postman_ =
      std::make_unique<service::Postman>(*context_, *way_out_, boost::asio::make_strand(io_));
  answers_ = std::make_unique<service::Answers>(*context_, *uploads_, [this] {
    postman_->wake();
    if (indexing_) indexing_->wake();
  });
  notices_ = std::make_unique<service::Notices>(*context_, core_, [this] { postman_->wake(); });
  return {};
}

Status Daemon::open_smarthost(const config::Smarthost& smarthost) {
  remote::SmtpTargetOptions options;
  options.at = {smarthost.at.host, smarthost.at.port};
  options.helo = config_->smtp.hostname;
  options.tls = policy(smarthost.tls);
  options.timeout = smarthost.timeout;
  io::TlsContext* tls = nullptr;
  if (smarthost.tls != config::Tls::off) {
    auto made = io::client_tls(client_tls(smarthost.tls, smarthost.ca_file));
    if (!made) return made.error();
    target_tls_.push_back(std::move(*made));
    tls = target_tls_.back().get();
  }
  if (!smarthost.user.empty() && smarthost.password_file) {
    options.credentials = [user = smarthost.user, file = *smarthost.password_file] {
      return remote::read_credentials(user, file, "smarthost.password_file");
    };
    // Said now, and not when the first answer waits; no reason to take no mail.
    if (auto login = options.credentials(); !login) {
      base::log_warning("answers will wait: {}", login.error().detail);
    }
  }
  way_out_ = remote::smtp_target(std::move(options), *connector_, tls);
  return {};
}

Status Daemon::open_direct_way() {
  auto made = io::client_tls(client_tls(config::Tls::opportunistic, std::nullopt));
  if (!made) return made.error();
  target_tls_.push_back(std::move(*made));
  remote::MxTargetOptions options;
  options.helo = config_->smtp.hostname;
  options.resolver = [this]() -> Result<io::Resolver*> {
    if (!mx_resolver_) {
      auto resolver = make_resolver();
      if (!resolver) return resolver.error();
      mx_resolver_ = std::move(*resolver);
    }
    return mx_resolver_.get();
  };
  way_out_ = remote::mx_target(std::move(options), *connector_, *target_tls_.back(), random_);
  return {};
}

}  // namespace beredd::daemon
