// Our client against our server, in memory: random cuts, random answers, real handshakes left out.
// Every byte of every accepted message arrives, by DATA or by BDAT, and both sides agree on what
// became of it.

#include "smtp_client_trace.h"
#include "smtp_server_trace.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using Kind = Outcome::Kind;

struct Sample {
  Transaction transaction;
  std::string message;
};

std::string random_message(std::mt19937_64& dice) {
  const std::string words[] = {"\r\n", ".",        "\r\n.",    "\r\n..\r\n",
                               "text", "\xff\xfe", "QUIT\r\n", "\r\n\r\n"};
  std::string message = "Subject: " + std::to_string(dice()) + "\r\n\r\n";
  for (std::size_t i = dice() % 40; i > 0; --i) message += words[dice() % std::size(words)];
  return message + (dice() % 2 == 0 ? "\r\n" : "no line end");
}

Sample random_sample(std::mt19937_64& dice, std::size_t number) {
  Sample sample;
  sample.message = random_message(dice);
  // The number travels in the local part, so that the server's host can tell which one it is.
  if (dice() % 8 != 0)
    sample.transaction.envelope.reverse_path = {"n" + std::to_string(number), "from.example"};
  for (std::size_t i = 1 + (dice() % 3 == 0 ? dice() % 5 : 0); i > 0; --i) {
    sample.transaction.envelope.forward_paths.push_back(
        {"n" + std::to_string(number), "to.example"});
  }
  sample.transaction.size = base::Bytes(sample.message.size());
  if (dice() % 2 == 0) sample.transaction.envelope.body = mail::BodyType::eight_bit_mime;
  if (dice() % 2 == 0)
    sample.transaction.transaction_id = std::to_string(number) + "@beredd.example";
  return sample;
}

// The server's host: answers at random and remembers what it has done with each sample.
class RandomHost {
 public:
  RandomHost(ServerOptions options, std::mt19937_64& dice)
      : session_(std::move(options)), dice_(dice) {}

  // Takes the client's bytes in random pieces; what is written goes to `out`.
  void feed(std::string_view bytes, std::string& out) {
    drain(out);
    for (const auto piece : testing::at_random(bytes, dice_())) {
      if (closed_) return;
      session_.receive(piece);
      drain(out);
    }
  }

  std::map<std::string, std::string> taken;  // by the recipient's local part
  std::map<std::string, Kind> last_word;     // refused or deferred, as far as it was settled here
  bool closed() const { return closed_; }

 private:
  void drain(std::string& out) {
    for (;;) {
      ServerEvent event = session_.next();
      if (std::holds_alternative<NeedInput>(event)) return;
      if (std::holds_alternative<Close>(event)) {
        closed_ = true;
        return;
      }
      if (const auto* write = std::get_if<Write>(&event)) out += write->bytes;
      if (const auto* data = std::get_if<Data>(&event)) message_ += data->bytes;
      if (std::holds_alternative<DropData>(event))
        ADD_FAILURE() << "our client sent what it must not";
      if (const auto* ask = std::get_if<AskMail>(&event)) on_mail(*ask);
      if (const auto* ask = std::get_if<AskRecipient>(&event)) on_recipient(*ask);
      if (std::holds_alternative<AskData>(event)) on_data();
      if (std::holds_alternative<AskAccept>(event)) on_accept();
    }
  }

  void on_mail(const AskMail& ask) {
    recipients_.clear();
    message_.clear();
    const std::string id = ask.transaction_id.substr(0, ask.transaction_id.find('@'));
    if (!id.empty() && dice_() % 4 == 0) {
      const std::uint64_t held = ask.size->count() - (dice_() % 2 == 0 ? 1 : 0);
      if (held == ask.size->count()) last_word["n" + id] = Kind::already;
      return session_.answer(reply(355, "", std::to_string(held) + " is the transaction offset"));
    }
    session_.answer(dice_() % 10 == 0 ? reply(451, "4.7.1", "later") : reply(250, "2.1.0", "ok"));
  }

  void on_recipient(const AskRecipient& ask) {
    recipients_.push_back(ask.to.local);
    session_.answer(dice_() % 10 == 0 ? reply(550, "5.1.1", "nobody") : reply(250, "2.1.5", "ok"));
  }

  void on_data() {
    session_.answer(dice_() % 15 == 0 ? reply(452, "4.3.1", "full") : reply(354, "", "go"));
  }

  void on_accept() {
    const Kind kinds[] = {Kind::refused, Kind::deferred, Kind::acknowledged, Kind::acknowledged,
                          Kind::acknowledged};
    const Kind kind = kinds[dice_() % std::size(kinds)];
    EXPECT_EQ(taken.count(recipients_.front()), 0u) << "the same message twice";
    last_word[recipients_.front()] = kind;
    if (kind == Kind::acknowledged) taken[recipients_.front()] = message_;
    session_.answer(kind == Kind::refused    ? reply(554, "5.6.0", "spam")
                    : kind == Kind::deferred ? reply(451, "4.3.0", "disk")
                                             : reply(250, "2.0.0", "taken"));
  }

  ServerSession session_;
  std::mt19937_64& dice_;
  std::vector<std::string> recipients_;
  std::string message_;
  bool closed_ = false;
};

ServerOptions random_options(std::mt19937_64& dice) {
  ServerOptions options;
  options.hostname = "mx.example";
  options.offer_checkpoint = dice() % 2 == 0;
  options.offer_chunking = dice() % 2 == 0;
  options.max_errors = 1000;
  return options;
}

// DATA ends in a line end, whatever the message does.
std::string arrived(const std::string& message, const ServerOptions& options) {
  return options.offer_chunking || message.ends_with("\r\n") ? message : message + "\r\n";
}

// `cut_off`: after that many octets from the server the connection breaks.
void run(std::uint64_t seed, std::size_t cut_off) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 dice(seed);
  const ServerOptions options = random_options(dice);
  RandomHost host(options, dice);
  testing::ClientTrace client(
      {"beredd.example", TlsPolicy::opportunistic, 1 + dice() % 60, 1 + dice() % 4});
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < 12; ++i) {
    samples.push_back(random_sample(dice, i));
    client.begin(samples.back().transaction, samples.back().message);
  }
  client.session().quit();
  std::size_t heard = 0;
  while (!client.over()) {
    std::string from_server;
    host.feed(client.take_sent(), from_server);
    heard += from_server.size();
    if (from_server.empty() || heard > cut_off) {
      client.lost("cut off");
    } else {
      client.feed(testing::at_random(from_server, dice()));
    }
  }
  ASSERT_EQ(client.finished(), 12);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::string name = "n" + std::to_string(i);
    const Kind kind = client.outcomes().at(i).kind;
    SCOPED_TRACE(name + ": " + client.outcomes().at(i).words);
    const bool has = host.taken.count(name) > 0;
    if (has) {
      EXPECT_EQ(testing::escaped(host.taken[name]),
                testing::escaped(arrived(samples[i].message, options)));
    }
    if (kind != Kind::unknown) {
      EXPECT_EQ(has, kind == Kind::acknowledged);
    }
    const auto word = host.last_word.find(name);
    if (kind != Kind::unknown && kind != Kind::deferred && word != host.last_word.end()) {
      EXPECT_EQ(word->second, kind);
    }
  }
}

TEST(Conversation, DeliversEveryByteAndAgreesOnTheOutcome) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) run(seed, SIZE_MAX);
}

// Wherever the connection breaks, what the server has is acknowledged or unknown, never deferred.
TEST(Conversation, IsNeverSureOfMoreThanItKnowsWhenCutOff) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) run(seed, 40 + (seed * 37) % 1500);
}

}  // namespace
}  // namespace beredd::smtp
