#include "daemon.h"

#include <utility>

#include <fmt/format.h>

#include "beredd/base/thread.h"
#include "beredd/jail/jail.h"
#include "beredd/remote/curl_prober.h"
#include "beredd/remote/unbound_resolver.h"

namespace beredd::daemon {

using base::Result;
using base::Status;

namespace {

constexpr std::size_t kPoolThreads = 2;

}  // namespace

Status Daemon::open_services() {
  timers_ = io::system_timers();
  pool_ = io::thread_pool(kPoolThreads);
  connector_ = io::tcp_connector();
  prober_ = remote::curl_prober();
  jail::Options jail;
  jail.largest_mail = config_->smtp.max_message_size;
  reader_ = jail::jailed_reader(jail, metrics_);
  context_.reset(new service::Context{config_, *store_, *committer_, *timers_, *pool_, clock_,
                                      random_, metrics_, *reader_});
  changes_ = std::make_unique<service::Changes>(*context_);
  if (!config_->service_levels.empty()) {
    deadlines_ = std::make_unique<service::Deadlines>(*context_, core_);
  }
  committer_->when_changed([this] {
    changes_->notify();
    if (deadlines_) deadlines_->wake();
    if (notices_) notices_->wake();
  });
  modes_ = std::make_unique<service::Modes>(*context_);
  if (auto recovered = modes_->recover(); !recovered) return recovered;
  handback_ = std::make_unique<service::Handback>(*context_, *modes_);
  watch_ = std::make_unique<service::Watch>(*context_, *modes_, *prober_, core_);
  rota_ = std::make_unique<service::Rota>(*context_, core_);
  modes_->subscribe([this](std::string_view, failover::Mode) { rota_->wake(); });
  sort_ =
      std::make_unique<service::Sort>(*context_, *modes_, core_, [this](std::string_view primary) {
        for (std::size_t n = 0; n < relays_.size(); ++n) {
          if (config_->primaries[n].name == primary) relays_[n]->wake();
        }
        if (indexing_) indexing_->wake();
        rota_->wake();
      });
  reopening_ = std::make_unique<service::Reopening>(*context_, core_);
  actions_ = std::make_unique<service::Actions>(*context_, [this] {
    reopening_->wake();
    if (indexing_) indexing_->wake();  // a note is found, too
  });
  open_search();
  if (auto opened = open_certificates(); !opened) return opened;
  committer_->when_readable([this] { sort_->wake(); });
  intake_ = std::make_unique<service::Intake>(*context_, core_,
                                              server_tls_ ? &server_tls_->context() : nullptr);
  intake_->hand_back_by([this](std::string primary) { return handback_->run(std::move(primary)); });
  return open_resolver();
}

// Nothing is proven: the lists are not signed, and mail goes to where DNS says.
Result<std::unique_ptr<io::Resolver>> Daemon::make_resolver() const {
  remote::UnboundOptions options;
  options.trust_anchor = std::nullopt;
  for (const config::Endpoint& at : config_->dns.servers) {
    options.servers.push_back(fmt::format("{}@{}", at.host, at.port));
  }
  return remote::unbound_resolver(options);
}

// Made only for those who ask: it has threads and a cache of its own.
Status Daemon::open_resolver() {
  if (config_->smtp.limits.dnsbl.empty()) return {};
  auto resolver = make_resolver();
  if (!resolver) return resolver.error();
  resolver_ = std::move(*resolver);
  intake_->look_up_by(*resolver_);
  return {};
}

// The index itself is opened by the service, on its own thread: nothing waits for it.
void Daemon::open_search() {
  if (!config_->search.enabled) return;
  const auto directory = config_->search.directory.value_or(config_->node.state / "search");
  service::IndexPorts ports;
  ports.open = [this, directory] {
    base::give_way();
    return search::open_index(directory, *search_key_, random_);
  };
  ports.discard = [directory] { return search::discard_index(directory); };
  index_thread_ = io::thread_pool(1);
  indexing_ =
      std::make_unique<service::Indexing>(*context_, *index_thread_, std::move(ports), core_);
}

Status Daemon::open_certificates() {
  const auto files = service::certificate_files(config_->smtp);
  if (files.empty()) return {};
  auto tls = io::server_certificates(files);
  if (!tls) return tls.error();
  server_tls_ = std::move(*tls);
  certificates_ = std::make_unique<service::Certificates>(*server_tls_, files, *timers_, clock_,
                                                          metrics_, core_);
  return {};
}

}  // namespace beredd::daemon
