// Where mail is given back to: an adapter for each primary, and the relay that uses it.

#include "daemon.h"
#include "ways.h"

#include <utility>

#include "beredd/remote/imap_target.h"
#include "beredd/remote/password_file.h"
#include "beredd/remote/smtp_target.h"

namespace beredd::daemon {

using base::Result;
using base::Status;

namespace {

constexpr std::string_view kTargetPassword = "primary.target.password_file";
constexpr std::string_view kLookUpPassword = "primary.look_up.password_file";

remote::ImapTls imap_tls(config::Tls tls) {
  return tls == config::Tls::implicit ? remote::ImapTls::implicit : remote::ImapTls::starttls;
}

// Of a Target or a LookUp, which say the same about a mailbox.
remote::ImapOptions imap_options(const auto& from, std::string_view password_key) {
  remote::ImapOptions options;
  options.at = {from.at.host, from.at.port};
  options.tls = imap_tls(from.tls);
  options.ca_file = from.ca_file;
  options.user = from.user;
  options.password = [file = from.password_file.value_or(""), password_key] {
    return remote::read_password(file, password_key);
  };
  options.mailbox = from.mailbox;
  options.timeout = from.timeout;
  return options;
}

}  // namespace

Result<std::unique_ptr<io::Target>> Daemon::make_target(const config::Primary& primary) {
  const config::Target& target = primary.target;
  if (target.kind == config::TargetKind::imap) {
    return remote::imap_target(imap_options(target, kTargetPassword), target.connections);
  }
  io::TlsContext* tls = nullptr;
  if (target.tls != config::Tls::off) {
    auto made = io::client_tls(client_tls(target.tls, target.ca_file));
    if (!made) return made.error();
    target_tls_.push_back(std::move(*made));
    tls = target_tls_.back().get();
  }
  remote::SmtpTargetOptions options;
  options.at = {target.at.host, target.at.port};
  options.helo = config_->smtp.hostname;
  options.lmtp = target.kind == config::TargetKind::lmtp;
  options.tls = policy(target.tls);
  options.timeout = target.timeout;
  if (!target.user.empty()) {
    options.credentials = [user = target.user, file = target.password_file.value_or("")] {
      return remote::read_credentials(user, file, kTargetPassword);
    };
  }
  auto giver = remote::smtp_target(std::move(options), *connector_, tls);
  if (!primary.look_up) return giver;
  return remote::looked_up_by_imap(std::move(giver),
                                   imap_options(*primary.look_up, kLookUpPassword));
}

Status Daemon::open_targets() {
  reconcile_ = std::make_unique<service::Reconcile>(*context_, boost::asio::make_strand(io_));
  for (const config::Primary& primary : config_->primaries) {
    auto target = make_target(primary);
    if (!target) return target.error();
    targets_.push_back(std::move(*target));
    reconcile_->add(primary, *targets_.back());
    relays_.push_back(std::make_unique<service::Relay>(
        *context_, *modes_, *handback_, primary, *targets_.back(), boost::asio::make_strand(io_)));
  }
  return {};
}

}  // namespace beredd::daemon
