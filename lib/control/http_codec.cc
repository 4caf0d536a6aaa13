#include "http_codec.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#pragma GCC diagnostic pop

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::control {

namespace http = boost::beast::http;

struct RequestReader::Parser : http::request_parser<http::string_body> {};

RequestReader::RequestReader(const HttpLimits& limits) : limits_(limits) { start(); }
RequestReader::~RequestReader() = default;

void RequestReader::start() {
  parser_ = std::make_unique<Parser>();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(limits_.header));
  parser_->body_limit(limits_.body);
}

void RequestReader::receive(std::string_view bytes) { pending_.append(bytes); }

namespace {

BadRequest bad_request(const boost::system::error_code& error) {
  if (error == http::error::header_limit) return {431, "the header is too large"};
  if (error == http::error::body_limit) return {413, "the body is too large"};
  return {400, "this is not an HTTP/1.1 request: " + error.message()};
}

void split_target(std::string_view target, HttpRequest& request) {
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question == std::string_view::npos) return;
  for (const std::string_view pair : base::split(target.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    std::string value;
    if (equals != std::string_view::npos) value = percent_decoded(pair.substr(equals + 1), true);
    request.query[percent_decoded(pair.substr(0, equals), true)] = std::move(value);
  }
}

}  // namespace

std::optional<ParsedRequest> RequestReader::next() {
  while (!bad_ && !pending_.empty() && !parser_->is_done()) {
    boost::system::error_code error;
    const std::size_t used = parser_->put(boost::asio::buffer(pending_), error);
    pending_.erase(0, used);
    if (error == http::error::need_more) return std::nullopt;
    if (error) bad_ = bad_request(error);
  }
  if (bad_ || !parser_->is_done()) return std::nullopt;
  ParsedRequest parsed;
  parsed.keep_alive = parser_->keep_alive();
  auto message = parser_->release();
  parsed.chunked = message.version() >= 11;
  parsed.request.method = std::string(message.method_string());
  parsed.request.body = std::move(message.body());
  split_target(std::string_view(message.target().data(), message.target().size()), parsed.request);
  start();
  return parsed;
}

std::string head_of(const HttpResponse& response, const Framing& framing) {
  const auto reason =
      http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nCache-Control: no-store\r\n", response.status,
      std::string_view(reason.data(), reason.size()), response.content_type);
  if (framing.length) {
    head += fmt::format("Content-Length: {}\r\n", *framing.length);
  } else if (framing.chunked) {
    head += "Transfer-Encoding: chunked\r\n";
  }
  if (!framing.keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

std::string chunk_of(std::string_view piece) {
  return fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
}

}  // namespace beredd::control
