#include "daemon.h"

#include "systemd.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/use_awaitable.hpp>
#include <fmt/ranges.h>

#include "beredd/base/log.h"
#include "beredd/base/thread.h"
#include "beredd/jail/jail.h"
#include "beredd/remote/curl_prober.h"
#include "beredd/remote/mx_target.h"
#include "beredd/remote/password_file.h"
#include "beredd/remote/smtp_target.h"
#include "beredd/remote/unbound_resolver.h"
#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace beredd::daemon {

using base::Result;
using base::Status;

namespace {

constexpr int kThreads = 2;  // of the services and the control socket
// Of the sessions: half of the processors. The other half has the log, whose one sync many sessions
// share, and the clients on their way; with two threads on two processors a fast sender had a tenth
// less (docs/performance.md).
constexpr unsigned kMostSessionThreads = 8;
constexpr std::size_t kPoolThreads = 2;
constexpr base::Duration kLeastPatience = std::chrono::seconds(1);
// Of the low-water mark; twice the reserve must fit below it, see store/reserve.h.
constexpr std::uint64_t kReserveShare = 4;
constexpr base::Bytes kMostReserve = base::mebibytes(16);
// Of the low-water mark, too: bursts of mail go into the log, and small disks have small ones.
constexpr std::uint64_t kLogShare = 4;
constexpr base::Bytes kLeastLog = base::mebibytes(4);
constexpr base::Bytes kMostLog = base::mebibytes(64);
constexpr base::Duration kPatience = std::chrono::seconds(15);  // for what is under way at the end

int session_threads() {
  const unsigned processors = std::thread::hardware_concurrency();  // 0: not known
  return static_cast<int>(std::clamp(processors / 2, 1U, kMostSessionThreads));
}

smtp::TlsPolicy policy(config::Tls tls) {
  switch (tls) {
    case config::Tls::off: return smtp::TlsPolicy::off;
    case config::Tls::opportunistic: return smtp::TlsPolicy::opportunistic;
    case config::Tls::required: return smtp::TlsPolicy::required;
    case config::Tls::implicit: return smtp::TlsPolicy::implicit;
  }
  return smtp::TlsPolicy::required;
}

io::ClientTls client_tls(config::Tls tls, std::optional<std::filesystem::path> ca_file) {
  return {std::move(ca_file), tls == config::Tls::required || tls == config::Tls::implicit};
}

// The configured key, or the store's own, which is made at the first start.
Result<vault::Key> master_key(const config::Node& node, base::Random& random) {
  if (node.key_file) return vault::read_key(*node.key_file);
  const auto own = node.state / "master.key";
  auto key = vault::read_key(own);
  if (key || key.error().code != base::Code::not_found) return key;
  if (std::filesystem::exists(node.state / "data.mdb")) {
    return base::permanent(
        base::Code::not_found,
        fmt::format("{}: there is a store, but its key is gone; restore the key from "
                    "where it is kept apart, or move the store away",
                    own.string()));
  }
  base::log_warning(
      "made a master key at {}: it lies beside the data that it seals; keep a copy elsewhere, "
      "and use node.key_file to keep it apart",
      own.string());
  return vault::create_key(own, random);
}

}  // namespace

Daemon::Daemon(std::shared_ptr<const config::Config> config)
    : config_(std::move(config)),
      io_(kThreads),
      sessions_(session_threads()),
      core_(boost::asio::make_strand(io_)) {}

// The writer first: what waits for it is committed while whoever asked for it still lives. Then the
// services, then what they stand on.
Daemon::~Daemon() { writer_.reset(); }

// The sockets first: a second daemon on the same address ends before it touches anything.
Status Daemon::open() {
  if (auto opened = open_listeners(); !opened) return opened;
  if (auto opened = open_store(); !opened) return opened;
  if (auto opened = open_services(); !opened) return opened;
  if (auto opened = open_targets(); !opened) return opened;
  if (auto opened = open_outgoing(); !opened) return opened;
  return open_control();
}

Status Daemon::open_store() {
  std::error_code code;
  std::filesystem::create_directories(config_->node.state, code);
  if (code) {
    return base::permanent(base::Code::io,
                           fmt::format("{}: the state directory cannot be made: {}",
                                       config_->node.state.string(), code.message()));
  }
  std::filesystem::permissions(config_->node.state, std::filesystem::perms::owner_all, code);
  auto key = master_key(config_->node, random_);
  if (!key) return key.error();
  store::LmdbOptions options;
  options.directory = config_->node.state;
  options.map_size = config_->node.map_size;
  options.reserve =
      std::min(kMostReserve, base::Bytes(config_->node.low_water.count() / kReserveShare));
  options.intake_log =
      std::clamp(base::Bytes(config_->node.low_water.count() / kLogShare), kLeastLog, kMostLog);
  auto store = store::open_lmdb(options, *key, random_);
  if (!store) return store.error();
  store_ = std::move(*store);
  search_key_ = std::make_unique<vault::Key>(vault::derive(*key, "search"));
  writer_ = std::make_unique<store::Writer>(*store_, store::WriterLimits{}, metrics_);
  committer_ = io::group_committer(*writer_);
  return {};
}

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
  actions_ = std::make_unique<service::Actions>(*context_, [this] { reopening_->wake(); });
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

Status Daemon::open_targets() {
  for (const config::Primary& primary : config_->primaries) {
    io::TlsContext* tls = nullptr;
    if (primary.target.tls != config::Tls::off) {
      auto made = io::client_tls(client_tls(primary.target.tls, primary.target.ca_file));
      if (!made) return made.error();
      target_tls_.push_back(std::move(*made));
      tls = target_tls_.back().get();
    }
    remote::SmtpTargetOptions options;
    options.at = {primary.target.at.host, primary.target.at.port};
    options.helo = config_->smtp.hostname;
    options.tls = policy(primary.target.tls);
    options.timeout = primary.target.timeout;
    targets_.push_back(remote::smtp_target(std::move(options), *connector_, tls));
    relays_.push_back(std::make_unique<service::Relay>(
        *context_, *modes_, *handback_, primary, *targets_.back(), boost::asio::make_strand(io_)));
  }
  return {};
}

// Where what the desk writes goes: through the smarthost, or without one to each recipient's host.
Status Daemon::open_outgoing() {
  const auto& smarthost = config_->smarthost;
  if (auto opened = smarthost ? open_smarthost(*smarthost) : open_direct_way(); !opened) {
    return opened;
  }
  uploads_ = std::make_unique<service::Uploads>(*context_);
  postman_ =
      std::make_unique<service::Postman>(*context_, *way_out_, boost::asio::make_strand(io_));
  answers_ = std::make_unique<service::Answers>(*context_, *uploads_, [this] { postman_->wake(); });
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
      return remote::read_credentials(user, file);
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
  control_->act_by(*actions_);
  control_->write_by(*answers_, *uploads_);
  control_->tell_of(*changes_);
  return {};
}

void Daemon::start() {
  // Before anybody is told that we are ready: a SIGHUP that came first would end the process.
  signals_.emplace(core_, SIGTERM, SIGINT, SIGHUP);
  watch_->start();
  for (auto& relay : relays_) relay->start();
  if (postman_) postman_->start();
  sort_->start();
  notices_->start();
  reopening_->start();
  if (indexing_) indexing_->start();
  rota_->start();
  if (deadlines_) deadlines_->start();
  if (certificates_) certificates_->start();
  control_->serve(std::move(control_listener_));
  for (auto& listener : smtp_listeners_) intake_->serve(std::move(listener));
  for (auto& listener : lmtp_listeners_) {
    intake_->serve(std::move(listener), smtp::Protocol::lmtp);
  }
  if (const auto interval = watchdog_interval()) {
    io::spawn(core_, feed_watchdog(*interval / 3), "watchdog");
  }
  io::spawn(core_, wait_for_signal(), "signals");
}

void Daemon::run() {
  start();
  sessions_.start();
  std::vector<std::thread> threads;
  for (int n = 1; n < kThreads; ++n) {
    threads.emplace_back([this] {
      base::name_thread("services");
      io_.run();
    });
  }
  base::log_info("ready: SMTP on {}, control on {}", fmt::join(serving_, ", "),
                 config_->control.socket.string());
  notify_ready();
  io_.run();
  for (std::thread& thread : threads) thread.join();
  sessions_.stop();
  base::log_info("stopped");
}

// From the strand that all services share: it is fed only while they make progress.
io::Task<void> Daemon::feed_watchdog(base::Duration interval) {
  const auto timer = timers_->make(core_);
  for (;;) {
    notify_alive();
    co_await timer->wait(interval);
  }
}

io::Task<void> Daemon::wait_for_signal() {
  int signal = co_await signals_->async_wait(boost::asio::use_awaitable);
  while (signal == SIGHUP) {
    base::log_info("SIGHUP: {}", certificates_ ? "certificates are read anew"
                                               : "there is no certificate to read anew");
    if (certificates_) certificates_->reload();
    signal = co_await signals_->async_wait(boost::asio::use_awaitable);
  }
  base::log_info("stopping on signal {}", signal);
  notify_stopping();
  co_await stop();
  io_.stop();
}

io::Task<void> Daemon::stop() {
  // One patience for all of them: the unit's TimeoutStopSec is not far behind it.
  const auto began = std::chrono::steady_clock::now();
  const bool finished = co_await intake_->drain(kPatience);
  if (!finished)
    base::log_warning("some transactions did not finish in time; none of them had its 250");
  if (certificates_) certificates_->stop();
  watch_->stop();
  sort_->stop();
  reopening_->stop();
  notices_->stop();
  if (indexing_) indexing_->stop();
  if (postman_) co_await postman_->drain(kPatience / 3);
  rota_->stop();
  if (deadlines_) deadlines_->stop();
  changes_->stop();
  for (auto& relay : relays_) {
    const base::Duration spent =
        std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now() - began);
    co_await relay->drain(std::max(kLeastPatience, kPatience - spent));
  }
  control_->stop();
}

}  // namespace beredd::daemon
