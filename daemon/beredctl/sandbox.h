#pragma once
// `beredctl sandbox`: a small primary to practise on. SMTP in, files out, an HTTP page that says
// how it is, and failures on demand.
//
//   GET  /health      200 {"status":"ok"}, or 503
//   GET  /messages    what it keeps, oldest first
//   POST /fail/KIND   none, refuse, hang, tempfail, reject or drop

#include "sandbox_failure.h"
#include "sandbox_folder.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "beredd/base/clock.h"
#include "beredd/control/http_server.h"
#include "beredd/io/network.h"

namespace beredd::beredctl {

struct SandboxOptions {
  io::Address smtp, health;  // port 0: any free one
  std::filesystem::path keep;
  Failure fail = Failure::none;
  std::string hostname;
};

// Everything refers to the sandbox: it must outlive what runs on the executor.
class Sandbox {
 public:
  Sandbox(SandboxOptions options, io::Executor executor, io::Timers& timers,
          const base::Clock& clock);
  ~Sandbox();

  // Opens the folder and the ports and begins. Errors: of both.
  base::Status open();
  // After open(): with the real ports.
  io::Address smtp() const { return options_.smtp; }
  io::Address health() const { return options_.health; }

  // Errors: permanent/exists when the SMTP port was taken by another meanwhile.
  io::Task<base::Status> fail(Failure failure);
  // Ends every connection; the executor runs out of work. Any thread.
  void stop();

 private:
  // On home_.
  base::Status listen();
  io::Task<base::Status> switch_to(Failure failure);
  io::Task<void> accept_forever(std::shared_ptr<io::Listener> listener);
  void close_listener();
  void close_streams();

  io::Task<void> serve(std::shared_ptr<io::Stream> stream);
  io::Task<control::HttpResponse> answer(control::HttpRequest request);

  SandboxOptions options_;
  const io::Executor executor_;
  const io::Executor home_;  // a strand: the listener lives here
  const base::Clock& clock_;
  FailureSwitch failure_;
  std::unique_ptr<MailFolder> folder_;
  std::unique_ptr<control::HttpServer> http_;
  std::shared_ptr<io::Listener> listener_;
  std::mutex mutex_;
  std::set<std::shared_ptr<io::Stream>> streams_;
};

}  // namespace beredd::beredctl
