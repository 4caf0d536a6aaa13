#include "run.h"
#include "sandbox.h"

#include <charconv>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

namespace beredd::beredctl {
namespace {

// Each keeps a disk's worth of fdatasync busy; more would only wait for it.
constexpr int kThreads = 4;

// "127.0.0.1:2525", "[::1]:2525".
base::Result<io::Address> address_of(const std::string& text) {
  const auto colon = text.rfind(':');
  const std::string_view digits =
      std::string_view(text).substr(colon == text.npos ? text.size() : colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (colon == text.npos || colon == 0 || error != std::errc() ||
      end != digits.data() + digits.size()) {
    return base::permanent(base::Code::invalid,
                           fmt::format("\"{}\" is no ADDR:PORT such as 127.0.0.1:2525", text));
  }
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return io::Address{host, port};
}

std::string text_of(const io::Address& at) {
  const bool v6 = at.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), at.host, at.port);
}

std::string ready_line(const Sandbox& sandbox, const RunSandbox& command, bool json) {
  const std::string smtp = text_of(sandbox.smtp());
  const std::string health = text_of(sandbox.health());
  if (json) return fmt::format("{{\"smtp\":\"{}\",\"health\":\"{}\"}}\n", smtp, health);
  return fmt::format("sandbox: SMTP on {}, health on http://{}/health, mail in {}\n", smtp, health,
                     command.keep);
}

base::Result<SandboxOptions> options_of(const RunSandbox& command) {
  const auto smtp = address_of(command.smtp);
  if (!smtp) return smtp.error();
  const auto health = address_of(command.health);
  if (!health) return health.error();
  const auto fail = failure_named(command.fail);
  if (!fail)
    return base::permanent(base::Code::invalid, "--fail knows no \"" + command.fail + "\"");
  return SandboxOptions{*smtp, *health, command.keep, *fail, command.hostname};
}

}  // namespace

int run(Session& session, const RunSandbox& command) {
  const auto options = options_of(command);
  if (!options) return session.fail(options.error());
  const base::SystemClock clock;
  const auto timers = io::system_timers();
  boost::asio::io_context io(kThreads);
  Sandbox sandbox(*options, io.get_executor(), *timers, clock);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) sandbox.stop();
  });
  if (const auto opened = sandbox.open(); !opened) return session.fail(opened.error());
  const int status = session.done(ready_line(sandbox, command, session.json));
  if (status != kDone) return status;
  std::vector<std::thread> threads;
  for (int i = 1; i < kThreads; ++i) threads.emplace_back([&] { io.run(); });
  io.run();
  for (std::thread& thread : threads) thread.join();
  return kDone;
}

}  // namespace beredd::beredctl
