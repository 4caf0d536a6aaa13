// The first byte chooses the cuts; the rest is what a balancer sends. Oracles: the same outcome
// however it is cut; a header ends where its own line or its own count says; an address is only
// what a line spells out in full, or the octets of version 2.

#include "cuts.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include "beredd/smtp/proxy_header.h"

namespace {

using namespace beredd;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

struct Outcome {
  bool refused = false;
  std::optional<smtp::ProxyHeader> header;
  std::string rest;
};

Outcome run(const testing::Pieces& pieces) {
  smtp::ProxyHeaderReader reader;
  Outcome outcome;
  for (const std::string_view piece : pieces) {
    if (outcome.header) {
      outcome.rest += piece;
      continue;
    }
    auto got = reader.receive(piece);
    outcome.refused = !got.ok();
    if (outcome.refused) return outcome;
    outcome.header = *std::move(got);
    if (outcome.header) outcome.rest = reader.rest();
  }
  return outcome;
}

bool same(const Outcome& a, const Outcome& b) {
  if (a.refused != b.refused || a.header.has_value() != b.header.has_value()) return false;
  return !a.header || (a.header->client == b.header->client && a.rest == b.rest);
}

std::string spelled(int family, const std::string& octets) {
  char out[INET6_ADDRSTRLEN] = {};
  require(inet_ntop(family, octets.data(), out, sizeof out) != nullptr, "an address");
  return out;
}

void line_as_the_reference(const std::string& header, const std::optional<std::string>& client) {
  require(header.size() <= 107 && header.find("\r\n") == header.size() - 2, "one line");
  std::istringstream in(header);
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, ' ');) words.push_back(word);
  if (!client) return require(words.at(1).rfind("UNKNOWN", 0) == 0, "no client, no protocol");
  const bool v4 = words.at(1) == "TCP4";
  const char* letters = v4 ? "0123456789." : "0123456789abcdefABCDEF:.";
  require(words.size() == 6 && (v4 || words[1] == "TCP6"), "six words");
  for (const std::size_t at : {2u, 3u}) {
    require(words[at].find_first_not_of(letters) == std::string::npos, "letters of an address");
  }
  std::string octets(16, '\0');
  require(inet_pton(v4 ? AF_INET : AF_INET6, words[2].c_str(), octets.data()) == 1, "its address");
  require(*client == spelled(v4 ? AF_INET : AF_INET6, octets), "the address of the line");
}

void count_as_the_reference(const std::string& header, const std::optional<std::string>& client) {
  require(header.size() >= 16, "sixteen octets");
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(header[i]); };
  require(header.size() == 16u + at(14) * 256u + at(15), "as long as it counts");
  const int family = at(13) >> 4;
  const bool has_address = at(12) == 0x21 && (family == 1 || family == 2);
  require(client.has_value() == has_address, "a client only where there is one");
  if (!client) return;
  const std::string octets = header.substr(16, family == 1 ? 4 : 16);
  require(*client == spelled(family == 1 ? AF_INET : AF_INET6, octets), "the address it holds");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 8192) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = run(testing::in_one(stream));
  require(same(run(testing::byte_by_byte(stream)), whole), "byte by byte");
  require(same(run(testing::at_random(stream, data[0])), whole), "in random cuts");
  if (!whole.header) return 0;
  require(stream.substr(stream.size() - whole.rest.size()) == whole.rest, "the rest is the end");
  const std::string header(stream.substr(0, stream.size() - whole.rest.size()));
  if (header.front() == 'P') {
    line_as_the_reference(header, whole.header->client);
  } else {
    count_as_the_reference(header, whole.header->client);
  }
  return 0;
}
