#pragma once
// HTTP/1.1 as text, sans-IO: bytes to requests, answers to bytes. http_codec.cc is the only unit
// that includes Beast, because each costs 20 seconds to compile.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/control/http.h"
#include "beredd/control/http_server.h"

namespace beredd::control {

struct ParsedRequest {
  HttpRequest request;
  bool keep_alive = true;
  bool chunked = true;  // the client understands chunked answers (HTTP/1.1)
};

// A request that cannot be read, as it is to be answered before the connection is closed.
struct BadRequest {
  int status = 400;
  std::string text;
};

// Not thread-safe; one per connection.
class RequestReader {
 public:
  explicit RequestReader(const HttpLimits& limits);
  ~RequestReader();

  void receive(std::string_view bytes);
  // The next whole request; nothing: more bytes are needed. After a BadRequest the reader is
  // unusable.
  std::optional<ParsedRequest> next();
  const std::optional<BadRequest>& bad() const { return bad_; }

 private:
  struct Parser;
  void start();

  HttpLimits limits_;
  std::string pending_;
  std::unique_ptr<Parser> parser_;
  std::optional<BadRequest> bad_;
};

// The status line and the header. `length`: of the body; nothing: chunked, or up to the end of the
// connection.
struct Framing {
  bool keep_alive = true;
  bool chunked = false;
  std::optional<std::size_t> length;
};
std::string head_of(const HttpResponse& response, const Framing& framing);

std::string chunk_of(std::string_view piece);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace beredd::control
