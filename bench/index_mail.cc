// What the search costs on one core: taking mails up, and finding tickets.
//
//   index_mail DIRECTORY [--tickets N] [--messages N] [--words N]
//
// DIRECTORY gets a store with the tickets and an index with the mails' words, both synced as the
// daemon's are. The words are made up and as unevenly common as a language's (Zipf), one in fifty
// never used before, as names and numbers are.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <getopt.h>

#include "beredd/search/index.h"
#include "beredd/store/lmdb_store.h"

namespace {

using namespace beredd;
using Clock = std::chrono::steady_clock;

struct Plan {
  std::filesystem::path directory;
  std::uint64_t messages = 100'000;
  std::uint64_t tickets = 100'000;
  int words = 150;  // of a mail: 1 KiB
};

constexpr std::uint64_t kBatch = 1000;
constexpr std::uint64_t kSaidEvery = 10'000;
constexpr std::size_t kVocabulary = 200'000;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class Language {
 public:
  Language() {
    static constexpr std::string_view kSyllables[] = {"ba", "ska", "ri", "tor", "än", "lig", "me",
                                                      "fö", "kun", "de", "sto", "ra", "ing", "på"};
    for (std::size_t n = 0; n < kVocabulary; ++n) {
      std::string word;
      for (std::size_t left = n + 14; left > 0; left /= 14) word += kSyllables[left % 14];
      words_.push_back(std::move(word));
    }
  }
  const std::string& common(std::size_t rank) const { return words_[rank]; }
  std::string text(int words) {
    std::string text;
    for (int n = 0; n < words; ++n) {
      text += dice_() % 50 == 0 ? std::to_string(dice_() % 1'000'000'000) : words_[zipf()];
      text += n % 12 == 11 ? ".\n" : " ";
    }
    return text;
  }

 private:
  // The rank of a word: its chance falls as one over its rank.
  std::size_t zipf() {
    const double u = std::uniform_real_distribution<double>(0, std::log(kVocabulary))(dice_);
    return std::min(static_cast<std::size_t>(std::exp(u)) - 1, kVocabulary - 1);
  }

  std::mt19937_64 dice_{42};
  std::vector<std::string> words_;
};

class Bench {
 public:
  Bench(const Plan& plan, store::Store& store, search::Index& index)
      : plan_(plan), store_(store), index_(index), lexicon_(index.key()) {}

  base::Status fill() {
    for (std::uint64_t done = 0; done < plan_.tickets; done += kBatch) {
      const store::Operation operation = [&](store::WriteTxn& txn) { return open(txn, done); };
      if (auto status = store_.apply({&operation, 1}).front(); !status) return status;
    }
    double terms_time = 0, index_time = 0;  // of the processor, of all threads
    std::uint64_t terms = 0;
    for (std::uint64_t done = 0; done < plan_.messages;) {
      std::vector<mail::Reading> mails;
      for (std::uint64_t n = 0; n < kBatch; ++n) mails.push_back(mail_of(done + n));
      const double began = processor_seconds();
      search::Batch batch;
      for (const mail::Reading& reading : mails) {
        auto& addition = batch.tickets[base::TicketId(1 + done % plan_.tickets)];
        const auto found = lexicon_.terms_of({}, reading);
        terms += found.size();
        addition.terms.insert(addition.terms.end(), found.begin(), found.end());
        addition.messages.emplace_back(++done);
      }
      batch.position.last = base::MessageId(done);
      const double analysed = processor_seconds();
      if (auto status = index_.apply(batch); !status) return status;
      terms_time += analysed - began;
      index_time += processor_seconds() - analysed;
      if (done % kSaidEvery == 0) {
        const auto rate = [](double seconds) { return static_cast<double>(kSaidEvery) / seconds; };
        fmt::print(
            "{:>8} mails: terms {:>6.0f}/s, index {:>6.0f}/s, together {:>6.0f}/s; {} terms a "
            "mail\n",
            done, rate(terms_time), rate(index_time), rate(terms_time + index_time),
            terms / kSaidEvery);
        std::fflush(stdout);
        terms_time = index_time = {};
        terms = 0;
      }
    }
    return {};
  }

  void find(std::string_view name, const std::string& text) {
    std::vector<double> took;
    std::size_t found = 0;
    for (int n = 0; n < 11; ++n) {
      const auto began = Clock::now();
      found = list(text);
      took.push_back(seconds_since(began) * 1000);
    }
    std::sort(took.begin(), took.end());
    fmt::print("{:<44} {:>7} tickets, {:>6.1f} ms (median of 11; worst {:.1f})\n", name, found,
               took[5], took.back());
  }

  const Language& language() const { return language_; }

 private:
  base::Status open(store::WriteTxn& txn, std::uint64_t first) const {
    for (std::uint64_t n = first; n < std::min(plan_.tickets, first + kBatch); ++n) {
      ticket::Ticket ticket;
      ticket.desk = n % 5 == 0 ? "billing" : "support";
      ticket.state = n % 3 == 0 ? ticket::State::fresh : ticket::State::open;
      ticket.subject = "A subject of ordinary length, with some words";
      ticket.requester = mail::Address{"Anna Andersson", fmt::format("anna{}@example.org", n)};
      ticket.created = ticket.updated =
          base::from_micros(1'770'000'000'000'000 + static_cast<std::int64_t>(n) * 1'000'000);
      if (auto opened = txn.open_ticket(ticket); !opened) return opened.error();
    }
    return {};
  }

  mail::Reading mail_of(std::uint64_t n) {
    mail::Reading reading;
    reading.subject = language_.text(5);
    reading.from = {{"Anna Andersson", fmt::format("anna{}@example.org", n % plan_.tickets)}};
    reading.to = {{"Support", "support@help.example"}};
    reading.text = language_.text(plan_.words);
    return reading;
  }

  // As the daemon does: what the index finds, newest first, 100 of it.
  std::size_t list(const std::string& text) {
    const auto query = search::parse_query(text, lexicon_.analyzer());
    auto found = index_.find(lexicon_.terms_of(*query));
    if (!found) return 0;
    const std::size_t all = found->size();
    store::TicketQuery tickets;
    tickets.among = std::move(*found);
    const auto read = store_.read([&](const store::ReadTxn& txn) -> base::Status {
      const auto listed = txn.tickets(tickets);
      return listed ? base::Status() : listed.error();
    });
    return read ? all : 0;
  }

  const Plan& plan_;
  store::Store& store_;
  search::Index& index_;
  search::Lexicon lexicon_;
  Language language_;
};

Plan arguments(int argc, char** argv) {
  static const option kOptions[] = {{"messages", required_argument, nullptr, 'm'},
                                    {"tickets", required_argument, nullptr, 't'},
                                    {"words", required_argument, nullptr, 'w'},
                                    {nullptr, 0, nullptr, 0}};
  Plan plan;
  for (int found = 0; (found = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    switch (found) {
      case 'm': plan.messages = std::strtoull(optarg, nullptr, 10); break;
      case 't': plan.tickets = std::strtoull(optarg, nullptr, 10); break;
      case 'w': plan.words = std::atoi(optarg); break;
      default: std::exit(2);
    }
  }
  if (optind + 1 != argc || plan.tickets == 0) {
    fmt::print(stderr, "usage: index_mail DIRECTORY [--tickets N] [--messages N] [--words N]\n");
    std::exit(2);
  }
  plan.directory = argv[optind];
  return plan;
}

std::uintmax_t size_of(const std::filesystem::path& directory) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

base::Status run(const Plan& plan) {
  std::filesystem::create_directories(plan.directory);
  base::SystemRandom random;
  auto key = vault::create_key(plan.directory / "master.key", random);
  if (!key) return key.error();
  store::LmdbOptions options;
  options.directory = plan.directory;
  auto store = store::open_lmdb(options, *key, random);
  if (!store) return store.error();
  auto index = search::open_index(plan.directory / "search", vault::derive(*key, "search"), random);
  if (!index) return index.error();
  Bench bench(plan, **store, **index);
  const auto began = Clock::now();
  if (auto filled = bench.fill(); !filled) return filled;
  fmt::print("{} mails in {} tickets: {:.0f} s with making them up; the index has {:.0f} MiB\n",
             plan.messages, plan.tickets, seconds_since(began),
             static_cast<double>(size_of(plan.directory / "search")) / (1 << 20));
  const Language& language = bench.language();
  fmt::print("finding, newest first, 100 of them; the goal is 100 ms:\n");
  bench.find("the commonest word", language.common(0));
  bench.find("the 10th commonest", language.common(9));
  bench.find("the 1,000th commonest", language.common(999));
  bench.find("four of the commonest", language.common(0) + " " + language.common(1) + " " +
                                          language.common(2) + " " + language.common(3));
  bench.find("a common and a rare one", language.common(0) + " " + language.common(50'000));
  bench.find("an address", "anna4711@example.org");
  bench.find("from: with a name of all", "from:andersson");
  bench.find("a word that nobody uses", "xyzzyplugh");
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (auto done = run(arguments(argc, argv)); !done) {
    fmt::print(stderr, "index_mail: {}\n", base::to_string(done.error()));
    return 1;
  }
  return 0;
}
