// The first two bytes choose the policy, the login, the chunks, the transactions and the cuts; the
// rest is what a server sends. Oracles: no password leaves before TLS; the same events however the
// stream is cut; each transaction ends exactly once, as acknowledged only if its message was begun;
// behind a BDAT stand the octets that it announces, and then a command.

#include "smtp_client_trace.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace beredd;
using Kind = smtp::Outcome::Kind;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

smtp::Transaction transaction(std::size_t number) {
  smtp::Transaction out;
  if (number != 1) out.envelope.reverse_path = mail::Mailbox{"a", "b"};
  const std::size_t recipients = number == 2 ? 3 : 1;
  for (std::size_t i = 0; i < recipients; ++i) out.envelope.forward_paths.push_back({"c", "d"});
  out.size = base::Bytes(10 * number);
  if (number % 2 == 0) out.transaction_id = "1@x";
  if (number % 3 == 0) out.envelope.body = mail::BodyType::eight_bit_mime;
  if (number == 3) {
    out.envelope.smtputf8 = true;
    out.envelope.reverse_path = mail::Mailbox{"j\xC3\xB6rg", "b"};
  }
  if (number == 2) {
    out.envelope.dsn_return = mail::DsnReturn::headers;
    out.envelope.envelope_id = "QQ+2B1";
    const mail::Notify never{mail::Notify::kNever};
    out.envelope.recipient_dsn.assign(recipients, {never, "rfc822;c@d"});
  }
  return out;
}

struct Run {
  std::vector<std::string> lines;
  std::string sent;
  std::map<std::size_t, smtp::Outcome> outcomes;
};

// SCRAM's first message is made of dice.
std::vector<std::string> without_nonces(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    const auto at = line.find("AUTH SCRAM-");
    if (at != line.npos) line.resize(std::min(line.size(), line.find(' ', at + 5)));
  }
  return lines;
}

Run run(std::uint8_t dice, std::size_t chunk, std::string_view before_tls,
        const testing::Pieces& pieces) {
  smtp::ClientOptions options{"me.example", static_cast<smtp::TlsPolicy>(dice % 4), 1 + chunk % 10,
                              1 + chunk / 10 % 4};
  if (chunk >= 128) options.credentials = {"user", "secret"};
  testing::ClientTrace trace(options);
  for (std::size_t i = 0; i < 4; ++i)
    trace.begin(transaction(i), i == 3 ? "\r\n.\n.\r" : ".8 octets");
  if (dice & 64) trace.session().quit();
  trace.feed({before_tls});
  const bool clear = options.tls != smtp::TlsPolicy::implicit;
  const std::string sent_clear = trace.take_sent();
  require(!clear || sent_clear.find("AUTH") == std::string::npos, "no login before TLS");
  if (trace.shaking_hands()) trace.start_tls();
  trace.feed(pieces);
  trace.lost("gone");
  require(trace.over(), "over once lost");
  require(trace.finished() == 4 && trace.outcomes().size() == 4, "each ends once");
  return {without_nonces(trace.lines()), sent_clear + trace.take_sent(), trace.outcomes()};
}

// What answers a challenge of SASL (RFC 4954 section 4), or gives up.
bool answers_challenge(std::string_view line) {
  const auto is_base64 = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '/' || c == '=';
  };
  return line == "*" || std::all_of(line.begin(), line.end(), is_base64);
}

// Reads what was sent as a server with CHUNKING would: every line outside a chunk is a command, or
// goes on with a login.
void well_chunked(std::string_view sent) {
  bool logging_in = false;
  if (sent.find("\r\nDATA\r\n") != sent.npos) return;  // what follows that may hold anything
  while (!sent.empty()) {
    const auto end = sent.find("\r\n");
    require(end != sent.npos, "a command ends in CRLF");
    const std::string line(sent.substr(0, end));
    sent.remove_prefix(end + 2);
    if (logging_in && answers_challenge(line)) continue;
    logging_in = line.rfind("AUTH ", 0) == 0;
    if (line.rfind("BDAT ", 0) != 0) {
      const std::string verb = line.substr(0, 4);
      const bool known = verb == "EHLO" || verb == "HELO" || verb == "MAIL" || verb == "RCPT" ||
                         verb == "RSET" || verb == "QUIT" || verb == "STAR" || verb == "AUTH";
      require(known, "a command between the chunks");
      continue;
    }
    const std::size_t count = std::stoul(line.substr(5));
    require(count <= sent.size(), "a chunk holds what it announces");
    sent.remove_prefix(count);
  }
}

void plausible(const Run& run) {
  for (const auto& [index, outcome] : run.outcomes) {
    const std::string body = "E: body " + std::to_string(index);
    const bool sent = std::find(run.lines.begin(), run.lines.end(), body) != run.lines.end();
    const bool needs = outcome.kind == Kind::acknowledged || outcome.kind == Kind::unknown;
    require(sent || !needs, "acknowledged or unknown only after the body");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 65536) return 0;
  std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
  std::string_view before_tls;
  if (data[0] & 128) {
    before_tls = "220 hi\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n250 injected\r\n";
  }
  const std::size_t chunk = data[1];
  const Run whole = run(data[0], chunk, before_tls, testing::in_one(stream));
  plausible(whole);
  well_chunked(whole.sent);
  require(run(data[0], chunk, before_tls, testing::byte_by_byte(stream)).lines == whole.lines,
          "byte by byte");
  const std::uint64_t seed = data[0] * 256u + data[1];
  require(run(data[0], chunk, before_tls, testing::at_random(stream, seed)).lines == whole.lines,
          "in random cuts");
  return 0;
}
