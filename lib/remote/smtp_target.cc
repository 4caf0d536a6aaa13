#include "beredd/remote/smtp_target.h"

#include "smtp_connection.h"

#include <algorithm>

#include "beredd/base/log.h"

namespace beredd::remote {
namespace {

using base::Code;
using base::Result;
using Opened = Result<std::unique_ptr<io::TargetSession>>;

// A host that takes longer to say hello is down for every purpose of ours.
constexpr base::Duration kConnect = std::chrono::seconds(30);

class SmtpTarget final : public io::Target {
 public:
  SmtpTarget(SmtpTargetOptions options, io::Connector& connector, io::TlsContext* tls)
      : options_(std::move(options)), connector_(connector), tls_(tls) {}

  io::Task<Opened> open(const io::Executor& executor) override {
    const io::Executor own = executor;
    auto opened = co_await open_with(own, options_.tls);
    const bool retry = !opened && opened.error().code == Code::tls &&
                       options_.tls == smtp::TlsPolicy::opportunistic;
    if (!retry) co_return opened;
    base::log_warning("mail goes in the clear because TLS failed target={} why={}",
                      options_.at.host, opened.error().detail);
    co_return co_await open_with(own, smtp::TlsPolicy::off);
  }

 private:
  io::Task<Opened> open_with(const io::Executor& executor, smtp::TlsPolicy policy) {
    if (policy != smtp::TlsPolicy::off && tls_ == nullptr) {
      co_return base::bug("TLS is asked for, and there is no context for it");
    }
    const base::Duration patience = std::min(options_.timeout, kConnect);
    io::Address to = options_.at;
    auto stream = co_await connector_.connect(executor, std::move(to), patience);
    if (!stream) co_return std::move(stream).error();
    SmtpTargetOptions options = options_;
    options.tls = policy;
    std::optional<smtp::Credentials> login;
    if (options_.credentials) {
      auto given = options_.credentials();
      if (!given) co_return base::transient(given.error().code, given.error().detail);
      login = *std::move(given);
    }
    auto connection = std::make_unique<SmtpConnection>(std::move(*stream), std::move(options), tls_,
                                                       std::move(login));
    auto greeted = co_await connection->greet();
    if (!greeted) co_return std::move(greeted).error();
    std::unique_ptr<io::TargetSession> session = std::move(connection);
    co_return session;
  }

  const SmtpTargetOptions options_;
  io::Connector& connector_;
  io::TlsContext* tls_;
};

}  // namespace

std::unique_ptr<io::Target> smtp_target(SmtpTargetOptions options, io::Connector& connector,
                                        io::TlsContext* tls) {
  return std::make_unique<SmtpTarget>(std::move(options), connector, tls);
}

}  // namespace beredd::remote
