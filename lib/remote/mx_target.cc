#include "beredd/remote/mx_target.h"

#include <utility>

#include "beredd/remote/mail_exchangers.h"
#include "beredd/remote/smtp_target.h"

namespace beredd::remote {
namespace {

using Kind = io::Handover::Kind;
using Session = std::unique_ptr<io::TargetSession>;

std::string domain_of(const io::Parcel& parcel) {
  const auto& recipients = parcel.envelope.forward_paths;
  return recipients.empty() ? std::string() : recipients.front().domain;
}

io::Handover fate_of(const base::Error& error) {
  const bool never = error.fault == base::Fault::permanent;
  return {never ? Kind::refused : Kind::deferred, error.detail, true};
}

// What all sessions of the target share.
struct Ways {
  Ways(MxTargetOptions given, io::Connector& its_connector, io::TlsContext& its_tls,
       base::Random& its_random)
      : options(std::move(given)), connector(its_connector), tls(its_tls), random(its_random) {}

  const MxTargetOptions options;
  io::Connector& connector;
  io::TlsContext& tls;
  base::Random& random;
};

class MxSession final : public io::TargetSession {
 public:
  MxSession(std::shared_ptr<Ways> ways, io::Executor executor)
      : ways_(std::move(ways)), executor_(std::move(executor)) {}

  io::Task<void> hand_over(std::vector<io::Parcel> parcels,
                           std::function<void(std::size_t, io::Handover)> done) override {
    if (parcels.empty()) co_return;
    if (host_ && !host_->alive()) host_.reset();
    if (!host_) {
      std::string domain = domain_of(parcels.front());
      auto opened = co_await open(std::move(domain));
      if (!opened) {
        for (std::size_t i = 0; i < parcels.size(); ++i) done(i, fate_of(opened.error()));
        co_return;
      }
      host_ = std::move(*opened);
    }
    co_await host_->hand_over(std::move(parcels), std::move(done));
  }
  io::Task<io::LookUpResult> look_up(io::Parcel) override { co_return io::LookUpResult{}; }
  io::TargetAbilities abilities() const override { return {true, true, std::nullopt}; }
  bool alive() const override { return !host_ || host_->alive(); }
  io::Task<void> finish() override {
    if (host_) co_await host_->finish();
    host_.reset();
  }

 private:
  io::Task<base::Result<Session>> open(std::string domain) {
    auto resolver = ways_->options.resolver();
    if (!resolver) co_return base::transient(resolver.error().code, resolver.error().detail);
    std::string own = ways_->options.helo;
    auto hosts =
        co_await find_exchangers(**resolver, std::move(domain), std::move(own), ways_->random);
    if (!hosts) co_return hosts.error();
    base::Error last = base::transient(base::Code::unreachable, "no host");
    for (const std::string& host : *hosts) {
      SmtpTargetOptions options;
      options.at = {host, ways_->options.port};
      options.helo = ways_->options.helo;
      options.timeout = ways_->options.timeout;
      const auto target = smtp_target(std::move(options), ways_->connector, &ways_->tls);
      auto opened = co_await target->open(executor_);
      if (opened) co_return std::move(*opened);
      last = opened.error();
    }
    // Whatever the last of them said: another day there may be one that takes mail.
    co_return base::transient(last.code, last.detail);
  }

  const std::shared_ptr<Ways> ways_;
  const io::Executor executor_;
  Session host_;  // null: none was asked for yet, or the last one is gone
};

class MxTarget final : public io::Target {
 public:
  explicit MxTarget(std::shared_ptr<Ways> ways) : ways_(std::move(ways)) {}

  io::Task<base::Result<Session>> open(const io::Executor& executor) override {
    Session session = std::make_unique<MxSession>(ways_, executor);
    co_return session;
  }
  bool by_domain() const override { return true; }

 private:
  const std::shared_ptr<Ways> ways_;
};

}  // namespace

std::unique_ptr<io::Target> mx_target(MxTargetOptions options, io::Connector& connector,
                                      io::TlsContext& tls, base::Random& random) {
  return std::make_unique<MxTarget>(
      std::make_shared<Ways>(std::move(options), connector, tls, random));
}

}  // namespace beredd::remote
