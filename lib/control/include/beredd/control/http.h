#pragma once
// What an HTTP handler is asked and what it answers (RFC 9110), without a word about connections.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/io/network.h"
#include "beredd/io/task.h"

namespace beredd::control {

struct HttpRequest {
  std::string method;  // "GET"
  std::string path;    // "/v1/checks/helpdesk%2Fhttp", still encoded
  std::map<std::string, std::string, std::less<>> query;  // decoded; of a repeated key the last
  std::string body;
  std::optional<io::PeerCredentials> peer;  // nothing: not a Unix socket
};

// The next piece of a long body; an empty one is the end. An error cuts the connection, so that the
// client sees that the body is not whole.
using Pieces = std::function<io::Task<base::Result<std::string>>()>;

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  Pieces pieces = {};  // when set, the body comes from here, a chunk a piece (RFC 9112 §7.1)
};

using Handler = std::function<io::Task<HttpResponse>(HttpRequest)>;

// "%2F" to "/", and with `plus_is_blank` "+" to " ". A broken escape stays as it is.
std::string percent_decoded(std::string_view text, bool plus_is_blank = false);

}  // namespace beredd::control
