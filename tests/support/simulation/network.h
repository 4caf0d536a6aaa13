#pragma once
// A network of named addresses in memory: io::Connector and io::Listener over simulated
// connections.

#include "simulation/stream.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beredd/io/network.h"

namespace beredd::simulation {

// Who listens at one address and what is wrong with the way to it.
struct Site {
  explicit Site(const io::Executor& executor) : arrivals(executor) {}
  std::shared_ptr<Faults> faults = std::make_shared<Faults>();
  bool listening = false;
  std::deque<std::unique_ptr<io::Stream>> backlog;
  Bell arrivals;
  std::vector<std::weak_ptr<Link>> links;
};

class Listener final : public io::Listener {
 public:
  Listener(std::shared_ptr<Site> site, io::Address local)
      : site_(std::move(site)), local_(std::move(local)) {}
  ~Listener() override { Listener::close(); }

  io::Task<base::Result<std::unique_ptr<io::Stream>>> accept() override {
    const auto site = site_;
    while (site->listening) {
      if (!site->backlog.empty()) {
        auto stream = std::move(site->backlog.front());
        site->backlog.pop_front();
        co_return stream;
      }
      co_await site->arrivals.wait();
    }
    co_return base::transient(base::Code::cancelled, "the listener was closed");
  }
  void close() override {
    if (closed_) return;
    closed_ = true;
    site_->listening = false;
    site_->backlog.clear();
    site_->arrivals.ring();
  }
  io::Address local() const override { return local_; }

 private:
  std::shared_ptr<Site> site_;
  io::Address local_;
  bool closed_ = false;
};

class Network {
 public:
  Network(const io::Executor& executor, Schedule& schedule, base::Random& random)
      : executor_(executor), schedule_(schedule), random_(random) {}

  // REQUIRES: nobody listens there.
  std::unique_ptr<io::Listener> listen(const io::Address& at) {
    auto site = site_at(at);
    site->listening = true;
    return std::make_unique<Listener>(site, at);
  }

  // Connects as `from`, which the server sees as the peer's address.
  std::unique_ptr<io::Connector> connector(std::string from = "192.0.2.1");

  Faults faults(const io::Address& at) { return *site_at(at)->faults; }
  void set_faults(const io::Address& at, Faults faults) {
    auto site = site_at(at);
    *site->faults = std::move(faults);
    if (site->faults->hang) return;
    for (const auto& link : links_of(*site)) {
      link->to_server->release();
      link->to_client->release();
    }
  }
  // Breaks every connection that is there.
  void cut(const io::Address& at) {
    for (const auto& link : links_of(*site_at(at))) link->sever();
  }
  // How many connections there are, used by either side.
  std::size_t connections(const io::Address& at) { return links_of(*site_at(at)).size(); }

 private:
  friend class Connector;

  std::shared_ptr<Site> site_at(const io::Address& at) {
    auto& site = sites_[{at.host, at.port}];
    if (!site) site = std::make_shared<Site>(executor_);
    return site;
  }
  static std::vector<std::shared_ptr<Link>> links_of(Site& site) {
    std::vector<std::shared_ptr<Link>> alive;
    std::erase_if(site.links, [](const auto& link) { return link.expired(); });
    for (const auto& link : site.links) {
      if (auto strong = link.lock()) alive.push_back(std::move(strong));
    }
    return alive;
  }

  io::Executor executor_;
  Schedule& schedule_;
  base::Random& random_;
  std::map<std::pair<std::string, std::uint16_t>, std::shared_ptr<Site>> sites_;
};

// Outlived by its network.
class Connector final : public io::Connector {
 public:
  Connector(Network& network, std::string from) : network_(network), from_(std::move(from)) {}

  io::Task<base::Result<std::unique_ptr<io::Stream>>> connect(const io::Executor& executor,
                                                              io::Address to,
                                                              base::Duration timeout) override {
    const io::Executor own = executor;
    const auto site = network_.site_at(to);
    const base::Instant end = network_.schedule_.in(timeout);
    Bell pause(own);
    const auto there_and_back = network_.schedule_.in(2 * site->faults->latency);
    co_await pause.wait_until(network_.schedule_, std::min(end, there_and_back));
    // SYN is sent again while nobody answers.
    while (site->faults->hang && network_.schedule_.now() < end) {
      const auto again = network_.schedule_.in(std::chrono::seconds(1));
      co_await pause.wait_until(network_.schedule_, std::min(end, again));
    }
    const std::string where = to.host + ":" + std::to_string(to.port);
    if (site->faults->hang || there_and_back > end) {
      co_return base::transient(base::Code::timeout, where + ": no answer within the time");
    }
    if (site->faults->refuse || !site->listening) {
      co_return base::transient(base::Code::unreachable, where + ": connection refused");
    }
    co_return meet(*site, own, to);
  }

 private:
  std::unique_ptr<io::Stream> meet(Site& site, const io::Executor& executor,
                                   const io::Address& to) {
    Network& net = network_;
    auto link = std::make_shared<Link>(net.executor_, net.schedule_, site.faults);
    site.links.push_back(link);
    site.backlog.push_back(std::make_unique<Stream>(net.executor_, net.schedule_, net.random_, link,
                                                    /*client=*/false, from_));
    site.arrivals.ring();
    return std::make_unique<Stream>(executor, net.schedule_, net.random_, link,
                                    /*client=*/true, to.host);
  }

  Network& network_;
  std::string from_;
};

inline std::unique_ptr<io::Connector> Network::connector(std::string from) {
  return std::make_unique<Connector>(*this, std::move(from));
}

}  // namespace beredd::simulation
