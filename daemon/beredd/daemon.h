#pragma once
// The wiring: which real thing stands behind each port, and in which order they start and stop.

#include <csignal>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>

#include "beredd/base/clock.h"
#include "beredd/base/metrics.h"
#include "beredd/base/random.h"
#include "beredd/config/config.h"
#include "beredd/control/server.h"
#include "beredd/io/blocking_pool.h"
#include "beredd/io/commit.h"
#include "beredd/io/mail_reader.h"
#include "beredd/io/network.h"
#include "beredd/io/prober.h"
#include "beredd/io/resolver.h"
#include "beredd/io/session_threads.h"
#include "beredd/io/target.h"
#include "beredd/io/timer.h"
#include "beredd/io/tls.h"
#include "beredd/service/actions.h"
#include "beredd/service/answers.h"
#include "beredd/service/certificates.h"
#include "beredd/service/changes.h"
#include "beredd/service/context.h"
#include "beredd/service/deadlines.h"
#include "beredd/service/handback.h"
#include "beredd/service/indexing.h"
#include "beredd/service/intake.h"
#include "beredd/service/modes.h"
#include "beredd/service/notices.h"
#include "beredd/service/postman.h"
#include "beredd/service/relay.h"
#include "beredd/service/reopening.h"
#include "beredd/service/rota.h"
#include "beredd/service/sort.h"
#include "beredd/service/uploads.h"
#include "beredd/service/watch.h"
#include "beredd/store/store.h"
#include "beredd/store/writer.h"

namespace beredd::daemon {

// One per process. open() and run() from main's thread.
class Daemon {
 public:
  explicit Daemon(std::shared_ptr<const config::Config> config);
  ~Daemon();

  // Opens key, store and sockets. Errors name what could not be had and what to do.
  base::Status open();

  // Serves until SIGTERM or SIGINT; then lets finish what is under way, and returns. SIGHUP reads
  // the certificates anew.
  void run();

 private:
  base::Status open_store();
  base::Status open_services();
  base::Status open_resolver();
  void open_search();
  base::Status open_certificates();
  base::Status open_targets();
  base::Result<std::unique_ptr<io::Target>> make_target(const config::Primary& primary);
  base::Status open_outgoing();
  base::Status open_smarthost(const config::Smarthost& smarthost);
  base::Status open_direct_way();
  base::Result<std::unique_ptr<io::Resolver>> make_resolver() const;
  base::Status open_listeners();
  base::Status open_control();
  void start();
  io::Task<void> feed_watchdog(base::Duration interval);
  io::Task<void> wait_for_signal();
  io::Task<void> stop();

  std::shared_ptr<const config::Config> config_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  base::Metrics metrics_;

  boost::asio::io_context io_;
  io::SessionThreads sessions_;  // mail's; what is left of it goes after the services
  io::Executor core_;            // the strand of everything that is not a session
  std::optional<boost::asio::signal_set> signals_;

  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Writer> writer_;
  std::unique_ptr<io::Committer> committer_;
  std::unique_ptr<io::Timers> timers_;
  std::unique_ptr<io::BlockingPool> pool_;
  std::unique_ptr<io::MailReader> reader_;
  std::unique_ptr<io::Connector> connector_;
  std::unique_ptr<io::Prober> prober_;
  std::unique_ptr<io::Resolver> resolver_;              // null: nobody asks
  std::unique_ptr<io::ServerCertificates> server_tls_;  // null: mail comes in plainly
  std::vector<std::unique_ptr<io::TlsContext>> target_tls_;
  std::vector<std::unique_ptr<io::Target>> targets_;

  std::unique_ptr<service::Context> context_;
  std::unique_ptr<service::Changes> changes_;
  std::unique_ptr<service::Deadlines> deadlines_;  // null: nothing is promised
  std::unique_ptr<service::Modes> modes_;
  std::unique_ptr<service::Watch> watch_;
  std::unique_ptr<service::Handback> handback_;
  std::vector<std::unique_ptr<service::Relay>> relays_;
  std::unique_ptr<service::Reconcile> reconcile_;
  std::unique_ptr<vault::Key> search_key_;
  std::unique_ptr<service::Indexing> indexing_;     // null: search is off
  std::unique_ptr<io::BlockingPool> index_thread_;  // indexing's own; ends before it
  std::unique_ptr<service::Rota> rota_;
  std::unique_ptr<service::Sort> sort_;
  std::unique_ptr<service::Reopening> reopening_;
  std::unique_ptr<service::Actions> actions_;
  std::unique_ptr<service::Certificates> certificates_;
  std::unique_ptr<service::Intake> intake_;
  std::unique_ptr<io::Resolver> mx_resolver_;  // the postman's; made when it asks for the first MX
  std::unique_ptr<io::Target> way_out_;
  std::unique_ptr<service::Postman> postman_;
  std::unique_ptr<service::Uploads> uploads_;
  std::unique_ptr<service::Answers> answers_;
  std::unique_ptr<service::Notices> notices_;
  std::unique_ptr<control::ControlServer> control_;
  std::vector<std::unique_ptr<io::Listener>> smtp_listeners_, lmtp_listeners_;
  std::unique_ptr<io::Listener> control_listener_;
  std::vector<std::string> serving_;  // the addresses, for the log
};

}  // namespace beredd::daemon
