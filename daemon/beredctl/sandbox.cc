#include "sandbox.h"

#include "sandbox_smtp.h"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {

using base::Status;

Sandbox::Sandbox(SandboxOptions options, io::Executor executor, io::Timers& timers,
                 const base::Clock& clock)
    : options_(std::move(options)),
      executor_(std::move(executor)),
      home_(boost::asio::make_strand(executor_)),
      clock_(clock),
      failure_(timers, options_.fail) {}

Sandbox::~Sandbox() = default;

Status Sandbox::open() {
  auto folder = MailFolder::open(options_.keep);
  if (!folder) return folder.error();
  folder_ = *std::move(folder);
  auto health = io::listen_tcp(executor_, options_.health);
  if (!health) return health.error();
  options_.health = (*health)->local();
  if (auto listening = listen(); !listening) return listening;
  // The port is known now; nobody shall answer there.
  if (failure_.now() == Failure::refuse) close_listener();
  http_ = std::make_unique<control::HttpServer>(
      executor_, [this](control::HttpRequest request) { return answer(std::move(request)); });
  http_->serve(*std::move(health));
  return {};
}

Status Sandbox::listen() {
  if (listener_) return {};
  auto listener = io::listen_tcp(home_, options_.smtp);
  if (!listener) return listener.error();
  options_.smtp = (*listener)->local();
  listener_ = *std::move(listener);
  io::spawn(home_, accept_forever(listener_), "sandbox listener");
  return {};
}

void Sandbox::close_listener() {
  if (listener_) listener_->close();
  listener_.reset();
}

void Sandbox::close_streams() {
  const std::lock_guard lock(mutex_);
  for (const auto& stream : streams_) {
    boost::asio::post(stream->executor(), [stream] { stream->close(); });
  }
}

io::Task<Status> Sandbox::fail(Failure failure) {
  return boost::asio::co_spawn(home_, switch_to(failure), boost::asio::use_awaitable);
}

io::Task<Status> Sandbox::switch_to(Failure failure) {
  failure_.set(failure);
  if (failure != Failure::refuse) co_return listen();
  close_listener();
  close_streams();
  co_return Status();
}

void Sandbox::stop() {
  failure_.stop();
  if (http_) http_->stop();
  boost::asio::post(home_, [this] {
    close_listener();
    close_streams();
  });
}

io::Task<void> Sandbox::accept_forever(std::shared_ptr<io::Listener> listener) {
  for (;;) {
    auto accepted = co_await listener->accept();
    if (!accepted) co_return;
    std::shared_ptr<io::Stream> stream = *std::move(accepted);
    {
      const std::lock_guard lock(mutex_);
      streams_.insert(stream);
    }
    io::spawn(stream->executor(), serve(stream), "sandbox connection");
  }
}

io::Task<void> Sandbox::serve(std::shared_ptr<io::Stream> stream) {
  {
    SandboxConversation conversation(*stream, options_.hostname, *folder_, failure_, clock_);
    co_await conversation.run();
  }
  stream->close();
  const std::lock_guard lock(mutex_);
  streams_.erase(stream);
}

namespace {

control::HttpResponse page(int status, std::string json) {
  return {status, "application/json", std::move(json) + "\n", {}};
}

std::string list_of(const std::vector<KeptMail>& mails) {
  std::string out = "[";
  for (const KeptMail& mail : mails) {
    const std::string envelope = envelope_json(mail);
    out += fmt::format("{}{{\"number\":{},{}", out.size() > 1 ? "," : "", mail.number,
                       envelope.substr(1));
  }
  return out + "]";
}

constexpr std::string_view kFail = "/fail/";

}  // namespace

io::Task<control::HttpResponse> Sandbox::answer(control::HttpRequest request) {
  if (request.method == "POST" && request.path.starts_with(kFail)) {
    const auto failure = failure_named(std::string_view(request.path).substr(kFail.size()));
    if (!failure)
      co_return page(400, R"({"error":"none, refuse, hang, tempfail, reject or drop"})");
    const Status switched = co_await fail(*failure);
    if (!switched) co_return page(503, R"({"error":"the SMTP port cannot be opened again"})");
    co_return page(200, fmt::format(R"({{"fail":"{}"}})", name(*failure)));
  }
  if (request.method == "GET" && request.path == "/messages") {
    co_return page(200, list_of(folder_->mails()));
  }
  if (request.method != "GET" || request.path != "/health") {
    co_return page(404, R"({"error":"GET /health, GET /messages or POST /fail/KIND"})");
  }
  co_await failure_.sit_out();
  const Failure now = failure_.now();
  if (looks_healthy(now)) co_return page(200, R"({"status":"ok"})");
  co_return page(503, fmt::format(R"({{"status":"failing","fail":"{}"}})", name(now)));
}

}  // namespace beredd::beredctl
