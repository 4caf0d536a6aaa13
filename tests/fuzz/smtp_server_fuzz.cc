// The first two bytes choose options, answers and cuts; the rest is what a client sends. Oracles:
// the same events however the stream is cut; data as the reference reads them; chunks end where
// their octets are counted out, whatever they hold.

#include "smtp_data_reference.h"
#include "smtp_server_trace.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace beredd;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

smtp::ServerOptions options(std::uint8_t dice) {
  smtp::ServerOptions options;
  options.hostname = "mx.example";
  options.max_message_size = base::Bytes(dice & 1 ? 30 : 1 << 20);
  options.offer_starttls = (dice & 2) != 0;
  options.offer_checkpoint = (dice & 4) != 0;
  options.max_recipients = dice & 8 ? 2 : 1000;
  options.max_errors = dice & 16 ? 3 : 20;
  options.offer_chunking = (dice & 32) != 0;
  if (dice & 64) options.protocol = smtp::Protocol::lmtp;
  options.offer_smtputf8 = options.offer_dsn = (dice & 128) != 0;
  return options;
}

// With SMTPUTF8 and DSN, and where TLS is not offered: a peer that may do everything.
smtp::Privileges privileges(std::uint8_t dice) {
  smtp::Privileges privileges;
  privileges.xclient = (dice & 130) == 128;
  privileges.etrn = (dice & 128) != 0;
  return privileges;
}

// Refuses one answer in four, by `dice`.
std::deque<smtp::Reply> answers(std::uint8_t dice) {
  std::deque<smtp::Reply> out;
  if (dice < 128) return out;
  for (int i = 0; i < 12; ++i) {
    const int die = (dice >> (i % 5)) & 3;
    out.push_back(die == 0   ? smtp::reply(451, "4.3.0", "no")
                  : die == 1 ? smtp::reply(354, "", "go")
                             : smtp::reply(250, "2.0.0", "yes"));
  }
  return out;
}

std::vector<std::string> events(std::uint8_t first, std::uint8_t second,
                                const testing::Pieces& pieces) {
  testing::ServerTrace trace(options(first), answers(second), privileges(first));
  trace.feed(pieces);
  return trace.lines();
}

void same_in_every_cut(std::uint8_t first, std::uint8_t second, std::string_view stream) {
  const auto expected = events(first, second, testing::in_one(stream));
  require(events(first, second, testing::byte_by_byte(stream)) == expected, "byte by byte");
  const auto random = testing::at_random(stream, first * 256u + second);
  require(events(first, second, random) == expected, "in random cuts");
}

void data_as_the_reference(std::string_view stream, std::uint8_t seed) {
  testing::ServerTrace trace(options(0));
  trace.feed(testing::in_one("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"));
  const auto expected = testing::read_data_reference(stream);
  trace.feed(testing::at_random(stream.substr(0, expected ? expected->used : stream.npos), seed));
  require(trace.session().in_data() == !expected.has_value(), "where the data end");
  if (!expected) return;
  require(trace.messages().size() == (expected->bare ? 0u : 1u), "what is taken");
  if (!expected->bare) require(trace.messages()[0] == expected->message, "which bytes are taken");
}

// The message goes in by chunks of lengths that the dice choose.
void chunks_as_counted(std::string_view message, std::uint8_t seed) {
  smtp::ServerOptions chunking = options(0);
  chunking.offer_chunking = true;
  std::string stream = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";
  for (const std::string_view chunk : testing::at_random(message, seed)) {
    stream += "BDAT " + std::to_string(chunk.size()) + "\r\n" + std::string(chunk);
  }
  stream += "BDAT 0 LAST\r\nNOOP\r\n";
  testing::ServerTrace trace(chunking);
  trace.feed(testing::at_random(stream, seed + 1u));
  const bool bare = testing::has_bare_line_end(std::string(message));
  require(trace.lines().back() == "S: 250 2.0.0 ok", "commands go on behind the last chunk");
  require(trace.messages().size() == (bare ? 0u : 1u), "what is taken of chunks");
  if (!bare) require(trace.messages()[0] == message, "which bytes are taken of chunks");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 65536) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
  same_in_every_cut(data[0], data[1], stream);
  data_as_the_reference(stream, data[0]);
  chunks_as_counted(stream, data[1]);
  return 0;
}
