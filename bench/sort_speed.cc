// How fast mail is read and sorted, one way at a time; bench/sort.py asks for all of them in turn.
//
//   sort_speed process|jail|gmime|sort|search [--messages N] [--folder DIR] [--store DIR]
//
// process: our reader, in this process. jail: the same through a worker. gmime: the same answers
// from GMime. sort: jail, threading, store, from a store (--store, made anew) that holds N messages
// nobody has sorted. search: that, and the index beside it. The mail is made up (letters.h), or the
// files of DIR again and again. Prints messages, bytes,
// seconds, and, of reading, seconds of processor time, the worker's with it.

#include "gmime_reader.h"
#include "letters.h"
#include "sort_run.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <getopt.h>
#include <sys/resource.h>

#include "beredd/jail/jail.h"
#include "beredd/jail/worker.h"

namespace {

using namespace beredd;

struct Plan {
  std::string way;
  std::size_t messages = 4000;
  std::filesystem::path folder, store;
};

using Mails = std::vector<std::string>;

Mails made_up(std::size_t count) {
  constexpr std::uint64_t kTurns = 4;  // letters of one conversation
  std::mt19937_64 dice(42);
  Mails out;
  for (std::uint64_t n = 0; n < count; ++n) {
    out.push_back(
        bench::letter(n / kTurns, static_cast<int>(n % kTurns), "support@help.example", dice));
  }
  return out;
}

Mails from(const std::filesystem::path& folder, std::size_t count) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".eml")
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw std::runtime_error(folder.string() + " holds no .eml");
  Mails out;
  for (std::size_t n = 0; n < count; ++n) {
    if (n >= files.size()) {
      out.push_back(out[n - files.size()]);
      continue;
    }
    std::ifstream in(files[n], std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return out;
}

io::Task<void> read_in_jail(io::MailReader& reader, const Mails& mails, std::size_t& read) {
  constexpr std::size_t kBatch = 64;
  for (std::size_t next = 0; next < mails.size();) {
    std::shared_ptr<io::MailBatch> batch = reader.batch();
    const std::size_t count = std::min(kBatch, mails.size() - next);
    for (std::size_t n = next; n < next + count; ++n) {
      if (auto put = batch->append(mails[n]); !put) throw std::runtime_error(put.error().detail);
      batch->end_mail();
    }
    auto answer = co_await reader.read(batch, 0, count, io::MailReader::Company::shared);
    if (!answer) throw std::runtime_error(base::to_string(answer.error()));
    if (answer->ended) throw std::runtime_error("a mail ended its reader");
    next += answer->readings.size();
    read += answer->readings.size();
  }
}

void through_jail(const Mails& mails) {
  base::Metrics metrics;
  const auto reader = jail::jailed_reader({}, metrics);
  boost::asio::io_context loop;
  std::size_t read = 0;
  io::spawn(loop.get_executor(), read_in_jail(*reader, mails, read), "bench");
  loop.run();
  if (read != mails.size()) throw std::runtime_error("not all mails were read");
}

struct Took {
  std::chrono::duration<double> wall{}, processor{};
};

// Of this process and of those that it has waited for.
std::chrono::duration<double> processor_time() {
  std::chrono::duration<double> all{};
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used{};
    ::getrusage(who, &used);
    for (const timeval& one : {used.ru_utime, used.ru_stime}) {
      all += std::chrono::seconds(one.tv_sec) + std::chrono::microseconds(one.tv_usec);
    }
  }
  return all;
}

Took run(const Plan& plan, const Mails& mails) {
  // What a store needs that is made anew is not to be counted: of these there is no processor time.
  const auto sorted = [&](bench::Index index) {
    return Took{std::chrono::duration<double>(bench::sort_all(plan.store, mails, index)), {}};
  };
  if (plan.way == "sort") return sorted(bench::Index::no);
  if (plan.way == "search") return sorted(bench::Index::yes);
  const auto began = std::chrono::steady_clock::now();
  const auto processor_began = processor_time();
  std::size_t sink = 0;
  if (plan.way == "process") {
    for (const std::string& raw : mails) sink += mail::read(raw).text.size();
  } else if (plan.way == "gmime") {
    for (const std::string& raw : mails) sink += bench::read_with_gmime(raw).text.size();
  } else if (plan.way == "jail") {
    through_jail(mails);
  } else {
    throw std::runtime_error("unknown way: " + plan.way);
  }
  const Took took{std::chrono::steady_clock::now() - began, processor_time() - processor_began};
  fmt::print(stderr, "{} octets of text\n", sink);
  return took;
}

Plan arguments(int argc, char** argv) {
  static const option kOptions[] = {{"messages", required_argument, nullptr, 'm'},
                                    {"folder", required_argument, nullptr, 'f'},
                                    {"store", required_argument, nullptr, 's'},
                                    {nullptr, 0, nullptr, 0}};
  Plan plan;
  for (int found = 0; (found = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    switch (found) {
      case 'm': plan.messages = std::strtoull(optarg, nullptr, 10); break;
      case 'f': plan.folder = optarg; break;
      case 's': plan.store = optarg; break;
      default: std::exit(2);
    }
  }
  if (optind + 1 != argc) {
    fmt::print(stderr,
               "usage: sort_speed process|jail|gmime|sort|search [--messages N] [--folder DIR] "
               "[--store DIR]\n");
    std::exit(2);
  }
  plan.way = argv[optind];
  return plan;
}

}  // namespace

int main(int argc, char** argv) {
  if (jail::is_worker(argc, argv)) return jail::run_worker(argc, argv, jail::honest());
  const Plan plan = arguments(argc, argv);
  try {
    const Mails mails =
        plan.folder.empty() ? made_up(plan.messages) : from(plan.folder, plan.messages);
    std::size_t bytes = 0;
    for (const std::string& raw : mails) bytes += raw.size();
    const Took took = run(plan, mails);
    fmt::print("{} {} {:.6f} {:.6f}\n", mails.size(), bytes, took.wall.count(),
               took.processor.count());
  } catch (const std::exception& error) {
    fmt::print(stderr, "sort_speed: {}\n", error.what());
    return 1;
  }
  return 0;
}
