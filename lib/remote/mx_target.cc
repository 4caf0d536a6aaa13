#include "beredd/remote/mx_target.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "beredd/remote/mail_exchangers.h"
#include "beredd/remote/smtp_target.h"

namespace beredd::remote {
namespace {

using Kind = io::Handover::Kind;
using Session = std::unique_ptr<io::TargetSession>;

// The graver fate of two decides for the mail.
int gravity(Kind kind) {
  switch (kind) {
    case Kind::acknowledged: return 0;
    case Kind::already: return 1;
    case Kind::refused: return 2;
    case Kind::deferred: return 3;
    case Kind::unknown: return 4;
  }
  return 4;
}

bool is_taken(Kind kind) { return kind == Kind::acknowledged || kind == Kind::already; }

std::vector<std::string> domains_of(const mail::Envelope& envelope) {
  std::vector<std::string> domains;
  for (const mail::Mailbox& to : envelope.forward_paths) {
    if (std::find(domains.begin(), domains.end(), to.domain) == domains.end()) {
      domains.push_back(to.domain);
    }
  }
  return domains;
}

// The same mail for the recipients of one domain.
io::Parcel part_for(const io::Parcel& whole, const std::string& domain) {
  io::Parcel part = whole;
  part.envelope.forward_paths.clear();
  part.envelope.recipient_dsn.clear();
  for (std::size_t i = 0; i < whole.envelope.forward_paths.size(); ++i) {
    if (whole.envelope.forward_paths[i].domain != domain) continue;
    part.envelope.forward_paths.push_back(whole.envelope.forward_paths[i]);
    part.envelope.recipient_dsn.push_back(whole.envelope.dsn_of(i));
  }
  return part;
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
  // Of mails that are deferred for other domains.
  std::map<base::MessageId, std::set<std::string>> taken_by;
};

class MxSession final : public io::TargetSession {
 public:
  MxSession(std::shared_ptr<Ways> ways, io::Executor executor)
      : ways_(std::move(ways)), executor_(std::move(executor)) {}

  io::Task<void> hand_over(std::vector<io::Parcel> parcels,
                           std::function<void(std::size_t, io::Handover)> done) override {
    out_of_reach_.clear();
    for (std::size_t i = 0; i < parcels.size(); ++i) {
      io::Handover fate = co_await give(parcels[i]);
      done(i, std::move(fate));
    }
  }
  io::Task<io::LookUpResult> look_up(io::Parcel) override { co_return io::LookUpResult{}; }
  io::TargetAbilities abilities() const override { return {true, true, std::nullopt}; }
  bool alive() const override { return alive_; }
  io::Task<void> finish() override {
    alive_ = false;
    for (auto& [domain, session] : sessions_) co_await session->finish();
    sessions_.clear();
  }

 private:
  io::Task<io::Handover> give(const io::Parcel& parcel) {
    const auto domains = domains_of(parcel.envelope);
    std::optional<io::Handover> whole;
    std::string words;
    for (const std::string& domain : domains) {
      if (has_taken(domain, parcel.id)) continue;
      io::Parcel part = part_for(parcel, domain);
      io::Handover fate = co_await give_to(domain, std::move(part));
      if (is_taken(fate.kind)) ways_->taken_by[parcel.id].insert(domain);
      if (domains.size() > 1) {
        fate.words = fmt::format("{}: {}", domain, fate.words);
        words += (words.empty() ? "" : "; ") + fate.words;
      }
      if (!whole || gravity(fate.kind) > gravity(whole->kind)) whole = std::move(fate);
    }
    if (!whole) whole = io::Handover{Kind::already, "taken earlier", true};
    if (!words.empty()) whole->words = words;
    if (whole->kind != Kind::deferred) ways_->taken_by.erase(parcel.id);
    co_return *std::move(whole);
  }

  bool has_taken(const std::string& domain, base::MessageId mail) const {
    const auto found = ways_->taken_by.find(mail);
    return found != ways_->taken_by.end() && found->second.contains(domain);
  }

  io::Task<io::Handover> give_to(const std::string& domain, io::Parcel part) {
    if (const auto known = out_of_reach_.find(domain); known != out_of_reach_.end()) {
      co_return known->second;
    }
    auto found = sessions_.find(domain);
    if (found != sessions_.end() && !found->second->alive()) {
      sessions_.erase(found);
      found = sessions_.end();
    }
    if (found == sessions_.end()) {
      auto opened = co_await open(domain);
      if (!opened) {
        io::Handover fate = fate_of(opened.error());
        out_of_reach_[domain] = fate;
        co_return fate;
      }
      found = sessions_.emplace(domain, std::move(*opened)).first;
    }
    std::vector<io::Parcel> one;
    one.push_back(std::move(part));
    auto fate = std::make_shared<io::Handover>();
    fate->words = "the connection was lost";
    std::function<void(std::size_t, io::Handover)> done = [fate](std::size_t, io::Handover told) {
      *fate = std::move(told);
    };
    co_await found->second->hand_over(std::move(one), std::move(done));
    co_return *fate;
  }

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
  std::map<std::string, Session> sessions_;
  std::map<std::string, io::Handover> out_of_reach_;
  bool alive_ = true;
};

class MxTarget final : public io::Target {
 public:
  explicit MxTarget(std::shared_ptr<Ways> ways) : ways_(std::move(ways)) {}

  io::Task<base::Result<Session>> open(const io::Executor& executor) override {
    Session session = std::make_unique<MxSession>(ways_, executor);
    co_return session;
  }

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
