#include "http_codec.h"

#include "cuts.h"

#include <gtest/gtest.h>

namespace beredd::control {
namespace {

std::vector<ParsedRequest> read_all(const beredd::testing::Pieces& pieces, RequestReader& reader) {
  std::vector<ParsedRequest> requests;
  for (const std::string_view piece : pieces) {
    reader.receive(piece);
    while (auto request = reader.next()) requests.push_back(*std::move(request));
  }
  return requests;
}

std::string described(const std::vector<ParsedRequest>& requests) {
  std::string out;
  for (const ParsedRequest& one : requests) {
    out += one.request.method + " " + one.request.path;
    for (const auto& [key, value] : one.request.query) out += " " + key + "=" + value;
    out += " [" + one.request.body + "]" + (one.keep_alive ? "+" : "-") + (one.chunked ? "c" : "") +
           "\n";
  }
  return out;
}

TEST(RequestReader, ReadsTheSameRequestsHoweverTheyAreCut) {
  const std::string bytes =
      "GET /v1/tickets?search=a%20b+c&limit=5&state= HTTP/1.1\r\nHost: beredd\r\n\r\n"
      "POST /v1/failover/helpdesk/force HTTP/1.1\r\nHost: beredd\r\nContent-Length: "
      "5\r\n\r\n{\"a\"}"
      "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
      "GET /last HTTP/1.0\r\n\r\n";
  for (const auto& pieces : beredd::testing::every_cut(bytes)) {
    RequestReader reader{HttpLimits{}};
    EXPECT_EQ(described(read_all(pieces, reader)),
              "GET /v1/tickets limit=5 search=a b c state= []+c\n"
              "POST /v1/failover/helpdesk/force [{\"a\"}]+c\n"
              "POST /x [abcde]+c\n"
              "GET /last []-\n");
    EXPECT_FALSE(reader.bad().has_value());
  }
}

int badness(const std::string& bytes, HttpLimits limits = {}) {
  RequestReader reader{limits};
  EXPECT_TRUE(read_all({bytes}, reader).empty());
  return reader.bad() ? reader.bad()->status : 0;
}

TEST(RequestReader, RefusesWhatIsNoRequest) {
  EXPECT_EQ(badness("EHLO mail.example.net\r\n\r\n"), 400);
  EXPECT_EQ(badness(std::string("\x16\x03\x01\x02\x00", 5)), 400);
  EXPECT_EQ(badness("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"), 400);
  EXPECT_EQ(badness("GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"), 400);
  EXPECT_EQ(badness("GET / HTTP/1.1\r\nno colon\r\n\r\n"), 400);
}

TEST(RequestReader, RefusesWhatIsTooLarge) {
  HttpLimits limits;
  limits.header = 512;
  limits.body = 100;
  EXPECT_EQ(badness("GET / HTTP/1.1\r\nX: " + std::string(600, 'x') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(badness("POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", limits), 413);
  const std::string chunked =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nc8\r\n" + std::string(200, 'x');
  EXPECT_EQ(badness(chunked, limits), 413);
}

TEST(RequestReader, WaitsForTheRest) {
  EXPECT_EQ(badness("GET / HT"), 0);
  EXPECT_EQ(badness("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcd"), 0);
}

TEST(Answer, CarriesItsLengthOrSaysThatItIsChunked) {
  const HttpResponse response{404, "application/json", "{}", {}};
  EXPECT_EQ(
      head_of(response, {true, true, 2}),
      "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
      "Content-Length: 2\r\n\r\n");
  EXPECT_EQ(
      head_of(response, {true, true, std::nullopt}),
      "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(
      head_of(response, {false, false, std::nullopt}),
      "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
      "Connection: close\r\n\r\n");
  EXPECT_EQ(chunk_of(std::string(26, 'x')), "1a\r\n" + std::string(26, 'x') + "\r\n");
}

TEST(PercentDecoded, LeavesBrokenEscapesAlone) {
  EXPECT_EQ(percent_decoded("helpdesk%2Fhttp"), "helpdesk/http");
  EXPECT_EQ(percent_decoded("100%"), "100%");
  EXPECT_EQ(percent_decoded("%zz%4"), "%zz%4");
  EXPECT_EQ(percent_decoded("a+b"), "a+b");
  EXPECT_EQ(percent_decoded("a+b", true), "a b");
  EXPECT_EQ(percent_decoded("%00%c3%a5"), std::string("\0å", 3));
}

}  // namespace
}  // namespace beredd::control
