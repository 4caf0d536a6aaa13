#include "client.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "beredd/api/codec.h"
#include "beredd/base/text.h"

namespace beredd::beredctl {

using base::Error;
using base::Status;

struct Client::Handle {
  CURL* easy = curl_easy_init();
  ~Handle() { curl_easy_cleanup(easy); }
};

// One request and what comes back. The body of a failure is kept, of a success it is passed on.
struct Client::Call {
  std::string target;
  const std::string* body = nullptr;  // nothing: GET
  std::function<bool(std::string_view)> take;
  CURL* easy = nullptr;
  std::string failure{};
  bool began = false;
  const char* method = nullptr;  // nothing: GET, or POST where there is a body

  static std::size_t receive(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& call = *static_cast<Call*>(self);
    call.began = true;
    const std::string_view piece(bytes, count);
    if (call.status() >= 300) {
      call.failure += piece;
      return count;
    }
    return call.take(piece) ? count : 0;
  }

  long status() const {
    long code = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    return code;
  }
};

namespace {

Error refused(std::string text) { return base::permanent(base::Code::refused, std::move(text)); }

// What the daemon said, on one line.
Error said(long status, const std::string& body) {
  const auto problem = api::decode<api::Problem>(body);
  if (!problem) return refused(fmt::format("the daemon answered {} without a reason", status));
  std::string line = problem->error;
  if (!problem->hint.empty()) line += fmt::format(" ({})", problem->hint);
  return refused(base::for_terminal(line));
}

std::string system_words(long number) {
  return std::system_category().message(static_cast<int>(number));
}

}  // namespace

Client::Client(std::string socket)
    : socket_(std::move(socket)), handle_(std::make_unique<Handle>()) {}
Client::~Client() = default;

Error Client::unreachable(std::string_view why) const {
  return base::transient(base::Code::unreachable,
                         fmt::format("cannot reach beredd at {}: {}", socket_, why));
}

Status Client::perform(Call& call) {
  constexpr long kPatience = 120;  // seconds without a byte
  CURL* easy = handle_->easy;
  if (easy == nullptr) return refused("libcurl cannot be used: out of memory");
  curl_easy_reset(easy);
  call.easy = easy;
  const std::string url = "http://beredd" + call.target;
  curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, socket_.c_str());
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, kPatience);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Call::receive);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call);
  if (call.method != nullptr) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method);
  if (call.body != nullptr) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body->size()));
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, call.body->c_str());
  }
  const CURLcode code = curl_easy_perform(easy);
  long number = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
  switch (code) {
    case CURLE_OK: break;
    case CURLE_WRITE_ERROR: return refused("the output cannot be written");
    case CURLE_COULDNT_CONNECT:
      if (number == EACCES || number == EPERM) {
        return unreachable("permission denied; run as root, or join the group of the socket");
      }
      return unreachable((number != 0 ? system_words(number) : curl_easy_strerror(code)) +
                         std::string("; is it running? Try: systemctl status beredd"));
    case CURLE_OPERATION_TIMEDOUT:
      return unreachable("no answer came; is it stuck? Try: journalctl -u beredd");
    default:
      if (call.began)
        return refused(fmt::format("the answer broke off: {}", curl_easy_strerror(code)));
      return unreachable(fmt::format("{}; try: journalctl -u beredd", curl_easy_strerror(code)));
  }
  return call.status() < 300 ? Status() : said(call.status(), call.failure);
}

base::Result<std::string> Client::get(const std::string& target) {
  std::string body;
  Call call{target, nullptr, [&](std::string_view piece) { return body.append(piece), true; }};
  if (auto done = perform(call); !done) return done.error();
  return body;
}

base::Result<std::string> Client::post(const std::string& target, const std::string& body) {
  std::string answer;
  Call call{target, &body, [&](std::string_view piece) { return answer.append(piece), true; }};
  if (auto done = perform(call); !done) return done.error();
  return answer;
}

base::Result<std::string> Client::remove(const std::string& target) {
  std::string answer;
  Call call{target, nullptr, [&](std::string_view piece) { return answer.append(piece), true; }};
  call.method = "DELETE";
  if (auto done = perform(call); !done) return done.error();
  return answer;
}

Status Client::stream(const std::string& target, std::function<bool(std::string_view)> take) {
  Call call{target, nullptr, std::move(take)};
  return perform(call);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace beredd::beredctl
