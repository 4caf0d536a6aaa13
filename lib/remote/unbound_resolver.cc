#include "beredd/remote/unbound_resolver.h"

#include "dns_text.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unbound.h>
#include <unistd.h>

#include "beredd/io/callback.h"

namespace beredd::remote {
namespace {

using base::Code;
using base::permanent;
using base::Result;
using base::transient;
using Answer = Result<io::DnsAnswer>;
using Clock = std::chrono::steady_clock;

constexpr int kServfail = 2;
constexpr int kNxdomain = 3;

struct FreeContext {
  void operator()(ub_ctx* context) const { ub_ctx_delete(context); }
};
using Context = std::unique_ptr<ub_ctx, FreeContext>;

struct Question {
  std::string name;
  io::RecordType type = io::RecordType::a;
  Clock::time_point end;
  std::function<void(Answer)> done;
  int id = 0;
  bool over = false;

  void conclude(Answer answer) {
    over = true;
    done(std::move(answer));
  }
};

Answer answer_of(const Question& question, int failed, const ub_result* result) {
  if (failed != 0 || result == nullptr) {
    return transient(Code::unreachable, fmt::format("{}: {}", question.name, ub_strerror(failed)));
  }
  if (result->bogus != 0) {
    const char* why = result->why_bogus != nullptr ? result->why_bogus : "DNSSEC says so";
    return permanent(Code::refused, fmt::format("{}: a forged answer: {}", question.name, why));
  }
  if (result->rcode != 0 && result->rcode != kNxdomain) {
    return transient(
        Code::unreachable,
        fmt::format("{}: no server could answer ({})", question.name,
                    result->rcode == kServfail ? "SERVFAIL" : std::to_string(result->rcode)));
  }
  io::DnsAnswer answer;
  answer.secure = result->secure != 0;
  answer.ttl = std::chrono::seconds(std::max(result->ttl, 0));
  for (int i = 0; result->havedata != 0 && result->data[i] != nullptr; ++i) {
    const std::string_view data(result->data[i], static_cast<std::size_t>(result->len[i]));
    if (auto text = dns_text(question.type, data)) answer.records.push_back(std::move(*text));
  }
  return answer;
}

void on_answer(void* question, int failed, ub_result* result) {
  auto* asked = static_cast<Question*>(question);
  Answer answer = answer_of(*asked, failed, result);
  ub_resolve_free(result);
  asked->conclude(std::move(answer));
}

// One thread asks, collects and keeps the time; libunbound's own does the looking up.
class UnboundResolver final : public io::Resolver {
 public:
  UnboundResolver(Context context, int wake)
      : context_(std::move(context)), wake_(wake), thread_([this] { run(); }) {}
  ~UnboundResolver() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake();
    thread_.join();
    ::close(wake_);
  }

  io::Task<Answer> query(std::string name, io::RecordType type, base::Duration timeout) override {
    if (!is_dns_name(name)) co_return permanent(Code::invalid, "\"" + name + "\" is no name");
    const auto end = Clock::now() + timeout;
    std::function<void(std::function<void(Answer)>)> start =
        [this, name = std::move(name), type, end](std::function<void(Answer)> done) {
          auto question = std::make_unique<Question>();
          question->name = name;
          question->type = type;
          question->end = end;
          question->done = std::move(done);
          const std::lock_guard lock(mutex_);
          asked_.push_back(std::move(question));
          wake();
        };
    co_return co_await io::await_callback<Answer>(std::move(start));
  }

 private:
  void wake() { eventfd_write(wake_, 1); }

  // --- on the thread

  void run() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (take_asked()) {
      ub_process(context_.get());
      expire(Clock::now());
      wait();
    }
    for (const auto& question : under_way_) {
      if (question->over) continue;
      ub_cancel(context_.get(), question->id);
      question->conclude(transient(Code::cancelled, question->name + ": shutting down"));
    }
  }

  bool take_asked() {
    std::vector<std::unique_ptr<Question>> asked;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      asked.swap(asked_);
      stopping = stopping_;
    }
    for (auto& question : asked) {
      Question* one = question.get();
      under_way_.push_back(std::move(question));
      constexpr int kInternet = 1;
      const int failed =
          ub_resolve_async(context_.get(), one->name.c_str(), static_cast<int>(one->type),
                           kInternet, one, &on_answer, &one->id);
      if (failed != 0) one->conclude(answer_of(*one, failed, nullptr));
    }
    return !stopping;
  }

  void expire(Clock::time_point now) {
    std::erase_if(under_way_, [this, now](const std::unique_ptr<Question>& question) {
      if (!question->over && question->end <= now) {
        ub_cancel(context_.get(), question->id);
        question->conclude(transient(Code::timeout, question->name + ": no answer in time"));
      }
      return question->over;
    });
  }

  void wait() {
    int pause = -1;
    for (const auto& question : under_way_) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(question->end - Clock::now());
      const int bounded = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
      pause = pause < 0 ? bounded : std::min(pause, bounded);
    }
    pollfd watched[] = {{ub_fd(context_.get()), POLLIN, 0}, {wake_, POLLIN, 0}};
    if (::poll(watched, 2, pause) > 0 && watched[1].revents != 0) {
      eventfd_t ignored = 0;
      eventfd_read(wake_, &ignored);
    }
  }

  Context context_;
  const int wake_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Question>> asked_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<Question>> under_way_;  // the thread's
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<io::Resolver>> unbound_resolver(const UnboundOptions& options) {
  Context context(ub_ctx_create());
  if (!context) return transient(Code::io, "libunbound cannot be set up");
  ub_ctx_async(context.get(), 1);
  // A forwarder on this host is usual.
  ub_ctx_set_option(context.get(), "do-not-query-localhost:", "no");
  for (const std::string& server : options.servers) {
    if (const int failed = ub_ctx_set_fwd(context.get(), server.c_str()); failed != 0) {
      return permanent(Code::invalid,
                       fmt::format("DNS server \"{}\": {}", server, ub_strerror(failed)));
    }
  }
  // Without a resolv.conf libunbound asks the root servers itself.
  if (options.servers.empty()) ub_ctx_resolvconf(context.get(), nullptr);
  std::error_code ignored;
  if (options.trust_anchor && std::filesystem::exists(*options.trust_anchor, ignored)) {
    if (ub_ctx_add_ta_file(context.get(), options.trust_anchor->c_str()) != 0) {
      return permanent(Code::invalid,
                       "trust anchor " + options.trust_anchor->string() + ": cannot be used");
    }
  }
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) return transient(Code::io, "eventfd: no more files");
  std::unique_ptr<io::Resolver> made = std::make_unique<UnboundResolver>(std::move(context), wake);
  return made;
}

}  // namespace beredd::remote
