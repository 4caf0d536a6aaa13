#include "beredd/remote/curl_prober.h"

#include "curl_probe.h"

#include <algorithm>
#include <csignal>
#include <mutex>
#include <thread>
#include <vector>

#include <curl/curl.h>
#include <pthread.h>

#include "beredd/io/callback.h"

namespace beredd::remote {
namespace {

using Clock = std::chrono::steady_clock;

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// One file with all the authorities is read in half the time of a directory of them, which is
// curl's default here; it is read at every probe.
std::optional<std::filesystem::path> system_bundle() {
  const std::filesystem::path bundle = "/etc/ssl/certs/ca-certificates.crt";
  std::error_code ignored;
  if (std::filesystem::exists(bundle, ignored)) return bundle;
  return std::nullopt;
}

class CurlProber final : public io::Prober {
 public:
  explicit CurlProber(std::optional<std::filesystem::path> ca_file)
      : ca_file_(ca_file ? std::move(ca_file) : system_bundle()) {
    initialise_curl();
    multi_.reset(curl_multi_init());
    thread_ = std::thread([this] { run(); });
  }
  ~CurlProber() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
  }

  io::Task<io::ProbeResult> probe(io::Probe probe) override {
    std::function<void(CurlProbe::Done)> start = [this,
                                                  probe = std::move(probe)](CurlProbe::Done done) {
      const std::lock_guard lock(mutex_);
      asked_.push_back(Asked{probe, std::move(done)});
      curl_multi_wakeup(multi_.get());
    };
    co_return co_await io::await_callback<io::ProbeResult>(std::move(start));
  }

 private:
  struct Asked {
    io::Probe probe;
    CurlProbe::Done done;
  };
  struct Cleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  // --- on the thread

  void run() {
    // Signals are for the threads that expect them; those that curl starts inherit this.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (take_asked()) {
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      collect();
      for (const auto& probe : under_way_) {
        if (probe->watched()) probe->talk(Clock::now());
      }
      drop_finished();
      wait();
    }
    for (const auto& probe : under_way_) {
      probe->conclude(false, "cancelled");
      curl_multi_remove_handle(multi_.get(), probe->handle());
    }
    under_way_.clear();
  }

  // False when it is time to end.
  bool take_asked() {
    std::vector<Asked> asked;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      asked.swap(asked_);
      stopping = stopping_;
    }
    for (Asked& one : asked) {
      auto probe = std::make_unique<CurlProbe>(std::move(one.probe), ca_file_, std::move(one.done));
      if (probe->over()) continue;
      curl_multi_add_handle(multi_.get(), probe->handle());
      under_way_.push_back(std::move(probe));
    }
    return !stopping;
  }

  void collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      void* probe = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &probe);
      static_cast<CurlProbe*>(probe)->on_curl_done(code);
    }
  }

  void drop_finished() {
    std::erase_if(under_way_, [this](const std::unique_ptr<CurlProbe>& probe) {
      if (probe->over()) curl_multi_remove_handle(multi_.get(), probe->handle());
      return probe->over();
    });
  }

  // Until a socket is ready, a probe is asked for, or the first dialogue's time is over. curl knows
  // the times of its own transfers.
  void wait() {
    constexpr auto kLongest = std::chrono::seconds(10);
    const auto now = Clock::now();
    auto until = now + kLongest;
    std::vector<curl_waitfd> watched;
    for (const auto& probe : under_way_) {
      const auto socket = probe->watched();
      if (!socket) continue;
      watched.push_back(curl_waitfd{*socket, CURL_WAIT_POLLIN, 0});
      until = std::min(until, probe->end());
    }
    const auto pause = std::chrono::ceil<std::chrono::milliseconds>(std::max(until, now) - now);
    curl_multi_poll(multi_.get(), watched.data(), static_cast<unsigned>(watched.size()),
                    static_cast<int>(pause.count()), nullptr);
  }

  const std::optional<std::filesystem::path> ca_file_;
  std::unique_ptr<CURLM, Cleanup> multi_;
  std::mutex mutex_;
  std::vector<Asked> asked_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<CurlProbe>> under_way_;  // the thread's
  std::thread thread_;
};

}  // namespace

std::unique_ptr<io::Prober> curl_prober(std::optional<std::filesystem::path> ca_file) {
  return std::make_unique<CurlProber>(std::move(ca_file));
}

}  // namespace beredd::remote
