#include "sort_run.h"

#include <chrono>
#include <future>
#include <optional>
#include <stdexcept>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "beredd/base/thread.h"
#include "beredd/io/blocking_pool.h"
#include "beredd/jail/jail.h"
#include "beredd/service/indexing.h"
#include "beredd/service/modes.h"
#include "beredd/service/sort.h"
#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace beredd::bench {
namespace {

using Steady = std::chrono::steady_clock;

void must(const base::Status& status) {
  if (!status) throw std::runtime_error(base::to_string(status.error()));
}

std::shared_ptr<const config::Config> configuration() {
  auto config = std::make_shared<config::Config>();
  config->desks.push_back({"support", {"support@help.example"}, "", "helpdesk"});
  config::Primary primary;
  primary.name = "helpdesk";
  config->primaries.push_back(primary);
  return config;
}

class SortRun {
 public:
  explicit SortRun(const std::filesystem::path& folder) : folder_(folder), store_(open(folder)) {
    must(modes_.recover());
  }

  double sort(const std::vector<std::string>& mails, Index index) {
    if (index == Index::yes) open_index();
    service::Sort sort(context_, modes_, loop_.get_executor(), [&](std::string_view) {
      if (indexing_) indexing_->wake();
    });
    sort.start();
    loop_.poll();  // it finds nothing, and waits
    constexpr std::size_t kTogether = 1000;
    for (std::size_t n = 0; n < mails.size(); n += kTogether) {
      fill(mails, n, std::min(mails.size(), n + kTogether));
    }
    if (indexing_) indexing_->start();
    const auto began = Steady::now();
    sort.wake();
    io::spawn(loop_.get_executor(), wait_for(mails.size()), "bench");
    loop_.run();
    const std::chrono::duration<double> took = Steady::now() - began;
    sort.stop();
    if (indexing_) indexing_->stop();
    loop_.restart();
    loop_.run();
    return took.count();
  }

 private:
  std::unique_ptr<store::Store> open(const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    auto key = vault::create_key(folder / "master.key", random_);
    if (!key) throw std::runtime_error(key.error().detail);
    store::LmdbOptions options;
    options.directory = folder;
    search_key_ = vault::derive(*key, "search");
    auto store = store::open_lmdb(options, *key, random_);
    if (!store) throw std::runtime_error(store.error().detail);
    return *std::move(store);
  }

  // As the daemon opens it.
  void open_index() {
    service::IndexPorts ports;
    ports.open = [this] {
      base::give_way();
      return search::open_index(folder_ / "search", *search_key_, random_);
    };
    ports.discard = [this] { return search::discard_index(folder_ / "search"); };
    indexing_ = std::make_unique<service::Indexing>(context_, *index_thread_, std::move(ports),
                                                    loop_.get_executor());
  }

  bool through(std::size_t all) {
    if (metrics_.counter("beredd_mail_sorted_total", "Messages joined to a ticket").value() < all)
      return false;
    return !indexing_ ||
           metrics_.counter("beredd_mail_indexed_total", "Messages taken up by the search")
                   .value() >= all;
  }

  io::Task<void> wait_for(std::size_t all) {
    constexpr std::chrono::milliseconds kLook{20};
    const auto timer = timers_->make(loop_.get_executor());
    while (!through(all)) co_await timer->wait(kLook);
    loop_.stop();
  }

  void fill(const std::vector<std::string>& mails, std::size_t first, std::size_t end) {
    std::promise<base::Status> done;
    store::Operation operation = [&](store::WriteTxn& txn) -> base::Status {
      for (std::size_t n = first; n < end; ++n) {
        if (auto put = accept(txn, mails[n], n); !put) return put;
      }
      return {};
    };
    writer_.submit(std::move(operation), base::Bytes(1),
                   [&](base::Status status) { done.set_value(std::move(status)); });
    must(done.get_future().get());
  }

  base::Status accept(store::WriteTxn& txn, const std::string& raw, std::size_t n) {
    store::BodyWriter body = store_->new_body();
    std::vector<store::SealedChunk> chunks = body.append(raw);
    store::BodyWriter::Finished finished = body.finish();
    if (finished.last) chunks.push_back(*std::move(finished.last));
    for (const auto& chunk : chunks) {
      if (auto put = txn.put_chunk(chunk); !put) return put;
    }
    store::Message message;
    message.desk = "support";
    message.envelope.reverse_path = *mail::parse_mailbox("customer@mail.example");
    message.envelope.forward_paths = {*mail::parse_mailbox("support@help.example")};
    message.trace = "Received: from mx.help.example by mx2.help.example with ESMTP id 0; now\r\n";
    message.trace_id = std::to_string(n);
    message.peer = "192.0.2.7 (mx.help.example)";
    message.received = clock_.now();
    message.body = finished.ref;
    const auto id = txn.accept(message);
    if (!id) return id.error();
    return {};
  }

  base::SystemClock clock_;
  base::SystemRandom random_;
  base::Metrics metrics_;
  boost::asio::io_context loop_;
  const std::filesystem::path folder_;
  std::optional<vault::Key> search_key_;
  std::unique_ptr<store::Store> store_;
  store::Writer writer_{*store_, store::WriterLimits{}, metrics_};
  std::unique_ptr<io::Committer> committer_ = io::group_committer(writer_);
  std::unique_ptr<io::Timers> timers_ = io::system_timers();
  std::unique_ptr<io::BlockingPool> pool_ = io::thread_pool(1);
  std::unique_ptr<io::BlockingPool> index_thread_ = io::thread_pool(1);
  std::unique_ptr<io::MailReader> reader_ = jail::jailed_reader({}, metrics_);
  service::Context context_{configuration(), *store_, *committer_, *timers_, *pool_,
                            clock_,          random_, metrics_,    *reader_};
  service::Modes modes_{context_};
  std::unique_ptr<service::Indexing> indexing_;
};

}  // namespace

double sort_all(const std::filesystem::path& folder, const std::vector<std::string>& mails,
                Index index) {
  return SortRun(folder).sort(mails, index);
}

}  // namespace beredd::bench
