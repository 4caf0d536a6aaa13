#include "program.h"

#include "daemon.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <getopt.h>
#include <malloc.h>

#include "beredd/base/log.h"
#include "beredd/config/config.h"
#include "beredd/service/certificates.h"

namespace beredd::daemon {
namespace {

constexpr int kDone = 0, kFailed = 1, kUsage = 2;

struct Arguments {
  std::string config = "/etc/beredd/beredd.toml";
  bool check_only = false;
};

void print_usage(std::FILE* to) {
  fmt::print(to,
             "usage: beredd [--config FILE] [--check]\n"
             "  --config FILE   the configuration (/etc/beredd/beredd.toml)\n"
             "  --check         read the configuration, say what is wrong with it, and end\n"
             "  --version       say which version this is\n"
             "  --help          this text; more in beredd(8)\n");
}

// Ends the process for --help, --version and wrong usage.
Arguments parse(int argc, char** argv) {
  static const option kOptions[] = {{"config", required_argument, nullptr, 'c'},
                                    {"check", no_argument, nullptr, 'k'},
                                    {"version", no_argument, nullptr, 'v'},
                                    {"help", no_argument, nullptr, 'h'},
                                    {nullptr, 0, nullptr, 0}};
  Arguments arguments;
  for (int found = 0; (found = getopt_long(argc, argv, "c:h", kOptions, nullptr)) != -1;) {
    switch (found) {
      case 'c': arguments.config = optarg; break;
      case 'k': arguments.check_only = true; break;
      case 'v': fmt::print("beredd {}\n", BEREDD_VERSION); std::exit(kDone);
      case 'h': print_usage(stdout); std::exit(kDone);
      default: print_usage(stderr); std::exit(kUsage);
    }
  }
  if (optind != argc) {
    print_usage(stderr);
    std::exit(kUsage);
  }
  return arguments;
}

}  // namespace

int run_program(int argc, char** argv, const jail::Reader& reader) {
  if (jail::is_worker(argc, argv)) return jail::run_worker(argc, argv, reader);
  const Arguments arguments = parse(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  // Chunks of mail are made by one thread and freed by another: every further arena would keep a
  // store of freed ones of its own.
  mallopt(M_ARENA_MAX, 2);

  const config::Loaded loaded = config::load(arguments.config);
  for (const config::Problem& problem : loaded.problems) {
    fmt::print(stderr, "beredd: {}{}\n", problem.fatal ? "" : "warning: ", problem.text);
  }
  if (!loaded.config) return kFailed;
  if (arguments.check_only) {
    const base::Status fit = service::try_certificates(loaded.config->smtp);
    if (!fit) fmt::print(stderr, "beredd: {}\n", fit.error().detail);
    return fit ? kDone : kFailed;
  }

  base::open_log(base::Level::info);
  Daemon daemon(loaded.config);
  if (auto opened = daemon.open(); !opened) {
    fmt::print(stderr, "beredd: {}\n", opened.error().detail);
    return kFailed;
  }
  daemon.run();
  return kDone;
}

}  // namespace beredd::daemon
