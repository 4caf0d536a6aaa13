#include "beredd/smtp/proxy_header.h"

#include "cuts.h"

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using namespace std::string_literals;

// "client rest" of a header, "own rest" without a client, "more", or "refused".
std::string outcome(const testing::Pieces& pieces) {
  ProxyHeaderReader reader;
  std::string behind;
  std::optional<ProxyHeader> header;
  for (const std::string_view piece : pieces) {
    if (header) {
      behind += piece;
      continue;
    }
    auto got = reader.receive(piece);
    if (!got) return "refused";
    header = *got;
  }
  if (!header) return "more";
  return header->client.value_or("own") + " " + std::string(reader.rest()) + behind;
}

std::string v2(char command, char family, const std::string& extent) {
  std::string out = "\r\n\r\n\0\r\nQUIT\n"s;
  out += {command, family, static_cast<char>(extent.size() >> 8), static_cast<char>(extent.size())};
  return out + extent;
}

const std::string kInet = "\xC0\x00\x02\x07\xC6\x33\x64\x01\xDC\x04\x00\x19"s;
const std::string kInet6 = "\x20\x01\x0D\xB8" + std::string(11, '\0') + "\x07" +
                           std::string(16, '\1') + "\xDC\x04\x00\x19"s;

struct Case {
  std::string bytes, result;
};

std::vector<Case> cases() {
  const std::string longest =
      "PROXY TCP6 ffff:f...f:ffff"s;  // no address, and no end of the line either
  return {
      {"PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\r\nEHLO x\r\n", "192.0.2.7 EHLO x\r\n"},
      {"PROXY TCP6 2001:DB8::7 ::1 56324 25\r\n", "2001:db8::7 "},
      {"PROXY UNKNOWN\r\n", "own "},
      {"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\nx", "own x"},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 0 65535\r\n", "192.0.2.7 "},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\r", "more"},
      {"PRO", "more"},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\n", "refused"},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 65536 25\r\n", "refused"},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 -1 25\r\n", "refused"},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 01 25\r\n", "refused"},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n", "refused"},
      {"PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n", "refused"},
      {"PROXY  TCP4 192.0.2.7 198.51.100.1 1 2\r\n", "refused"},
      {"PROXY TCP4 2001:db8::7 ::1 1 2\r\n", "refused"},
      {"PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n", "refused"},
      {"PROXY TCP4 192.0.2.300 198.51.100.1 1 2\r\n", "refused"},
      {"PROXY TCP4 192.0.2.7\0x 198.51.100.1 1 2\r\n"s, "refused"},
      {"PROXY TCP6 ::7 ::1\0x 1 2\r\n"s, "refused"},
      {"PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n", "refused"},
      {"PROXY tcp4 192.0.2.7 198.51.100.1 1 2\r\n", "refused"},
      {"PROXY \r\n", "refused"},
      {"proxy TCP4 192.0.2.7 198.51.100.1 1 2\r\n", "refused"},
      {"EHLO x\r\n", "refused"},
      {"\r\nPROXY", "refused"},
      {longest, "more"},
      {"PROXY UNKNOWN " + std::string(91, 'x') + "\r\n", "own "},  // 107 octets
      {"PROXY UNKNOWN " + std::string(92, 'x') + "\r\n", "refused"},
      {v2('\x21', '\x11', kInet) + "EHLO x\r\n", "192.0.2.7 EHLO x\r\n"},
      {v2('\x21', '\x21', kInet6), "2001:db8::7 "},
      {v2('\x21', '\x12', kInet), "192.0.2.7 "},                                  // datagrams
      {v2('\x21', '\x11', kInet + "\x04\x00\x03"s + "abc"), "192.0.2.7 "},        // a TLV
      {v2('\x21', '\x11', kInet + std::string(2036, 'x')) + "y", "192.0.2.7 y"},  // the cap
      {v2('\x21', '\x11', kInet + std::string(2037, 'x')), "refused"},
      {v2('\x21', '\x31', std::string(216, '/')), "own "},
      {v2('\x21', '\x31', std::string(215, '/')), "refused"},
      {v2('\x21', '\x00', ""), "own "},
      {v2('\x21', '\x00', "whatever") + "x", "own x"},
      {v2('\x20', '\x11', kInet) + "x", "own x"},  // LOCAL: what it says is ignored
      {v2('\x20', '\x00', ""), "own "},
      {v2('\x21', '\x11', kInet.substr(1)), "refused"},
      {v2('\x21', '\x21', kInet6.substr(1)), "refused"},
      {v2('\x21', '\x41', kInet), "refused"},
      {v2('\x22', '\x11', kInet), "refused"},
      {v2('\x11', '\x11', kInet), "refused"},
      {v2('\x21', '\x11', kInet).substr(0, 27), "more"},
      {"\r\n\r\n\0\r\nQUIX"s, "refused"},
  };
}

TEST(ProxyHeader, IsReadTheSameHoweverItIsCut) {
  for (const Case& c : cases()) {
    EXPECT_EQ(outcome(testing::in_one(c.bytes)), c.result) << ::testing::PrintToString(c.bytes);
    EXPECT_EQ(outcome(testing::byte_by_byte(c.bytes)), c.result)
        << ::testing::PrintToString(c.bytes);
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      EXPECT_EQ(outcome(testing::at_random(c.bytes, seed)), c.result)
          << ::testing::PrintToString(c.bytes) << " seed " << seed;
    }
  }
}

TEST(ProxyHeader, IsRefusedForGoodOnce) {
  ProxyHeaderReader reader;
  EXPECT_FALSE(reader.receive("EHLO").ok());
  EXPECT_FALSE(reader.receive("PROXY UNKNOWN\r\n").ok());
}

TEST(ProxyHeader, IsNeverGatheredBeyondItsLimit) {
  ProxyHeaderReader line;
  EXPECT_TRUE(line.receive("PROXY UNKNOWN " + std::string(92, 'x')).ok());  // 106
  EXPECT_FALSE(line.receive("x").ok());
}

}  // namespace
}  // namespace beredd::smtp
