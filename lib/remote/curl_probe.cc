#include "curl_probe.h"

#include <algorithm>
#include <array>
#include <system_error>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::remote {
namespace {

constexpr std::size_t kBodyLimit = 64 * 1024;
constexpr std::size_t kLongestWords = 200;

std::string url_of(const io::Probe& probe) {
  if (probe.kind == io::ProbeKind::http) return probe.url;
  const bool literal6 = probe.at.host.find(':') != std::string::npos && probe.at.host[0] != '[';
  const std::string host = literal6 ? "[" + probe.at.host + "]" : probe.at.host;
  // With CONNECT_ONLY the scheme says no more than whether there is TLS.
  return fmt::format("{}://{}:{}/", probe.tls ? "https" : "http", host, probe.at.port);
}

long milliseconds(base::Duration duration) {
  constexpr base::Duration kLongest = std::chrono::hours(1);
  const auto bounded = std::clamp<base::Duration>(duration, std::chrono::milliseconds(1), kLongest);
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(bounded).count());
}

// One line that is safe to show, whatever a server sent.
std::string presentable(std::string_view text) {
  std::string clean = base::for_terminal(base::to_utf8(base::trim(text)));
  if (clean.size() <= kLongestWords) return clean;
  std::size_t cut = kLongestWords;
  while (cut > 0 && (static_cast<unsigned char>(clean[cut]) & 0xC0) == 0x80) --cut;
  return clean.substr(0, cut) + "…";
}

// "server certificate verification failed", without the files that curl looked into.
std::string certificate_words(std::string_view words) {
  words = words.substr(0, words.find(" CAfile"));
  while (words.ends_with('.')) words.remove_suffix(1);
  return "certificate: " + presentable(words);
}

// RFC 5321 §4.1.4: a client without a name gives its address.
std::string address_literal(CURL* handle) {
  const char* local = nullptr;
  curl_easy_getinfo(handle, CURLINFO_LOCAL_IP, &local);
  const std::string address = local != nullptr ? local : "127.0.0.1";
  return address.find(':') == std::string::npos ? "[" + address + "]" : "[IPv6:" + address + "]";
}

}  // namespace

CurlProbe::CurlProbe(io::Probe probe, const std::optional<std::filesystem::path>& ca_file,
                     Done done)
    : probe_(std::move(probe)),
      done_(std::move(done)),
      start_(std::chrono::steady_clock::now()),
      end_(start_ + std::chrono::milliseconds(milliseconds(probe_.timeout))),
      handle_(curl_easy_init()) {
  if (handle_) {
    configure(ca_file);
  } else {
    conclude(false, "no memory for a probe");
  }
}

void CurlProbe::configure(const std::optional<std::filesystem::path>& ca_file) {
  CURL* easy = handle_.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_URL, url_of(probe_).c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, words_);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(probe_.timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(probe_.timeout));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // A name that takes long to resolve must not hold up the thread when its probe is over.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);  // to connect is part of what is probed
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  if (ca_file) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file->c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // or the system's would be trusted as well
  }
  if (probe_.kind == io::ProbeKind::http) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    // Not with CONNECT_ONLY, where curl would close the connection before it can be used.
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "beredd");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlProbe::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  } else {
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);  // no mail server expects "h2"
  }
}

// Reads no further than the limit: a short count ends the transfer.
std::size_t CurlProbe::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  std::string& body = static_cast<CurlProbe*>(self)->body_;
  const std::size_t taken = std::min(size * count, kBodyLimit - body.size());
  body.append(bytes, taken);
  return body.size() < kBodyLimit ? size * count : 0;
}

void CurlProbe::on_curl_done(CURLcode code) {
  const bool enough = code == CURLE_WRITE_ERROR && body_.size() >= kBodyLimit;
  if (code != CURLE_OK && !enough) return conclude(false, failure(code));
  switch (probe_.kind) {
    case io::ProbeKind::http: return conclude_http();
    case io::ProbeKind::tcp: return conclude(true, "connected in " + took());
    case io::ProbeKind::smtp:
    case io::ProbeKind::imap: return start_dialogue();
  }
}

void CurlProbe::conclude_http() {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  std::string saw = fmt::format("HTTP {} in {}", status, took());
  const bool expected = probe_.expect != 0 ? status == probe_.expect : status / 100 == 2;
  if (!expected) {
    if (probe_.expect != 0) saw += fmt::format(", expected {}", probe_.expect);
    return conclude(false, std::move(saw));
  }
  if (body_.find(probe_.body) == std::string::npos) {
    return conclude(false, saw + ", without \"" + presentable(probe_.body) + "\" in its body");
  }
  conclude(true, std::move(saw));
}

// --- servers that speak first

void CurlProbe::start_dialogue() {
  dialogue_ = probe_.kind == io::ProbeKind::imap ? imap_dialogue()
                                                 : smtp_dialogue(address_literal(handle_.get()));
  talk(std::chrono::steady_clock::now());
}

std::optional<curl_socket_t> CurlProbe::watched() const {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (over_ || !dialogue_ ||
      curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
      socket == CURL_SOCKET_BAD) {
    return std::nullopt;
  }
  return socket;
}

void CurlProbe::talk(std::chrono::steady_clock::time_point now) {
  while (!over_) {
    std::array<char, 4096> buffer;
    std::size_t count = 0;
    const CURLcode code = curl_easy_recv(handle_.get(), buffer.data(), buffer.size(), &count);
    if (code == CURLE_AGAIN) break;
    if (code != CURLE_OK) return conclude(false, failure(code));
    if (count == 0) return conclude(false, failure(CURLE_GOT_NOTHING));
    const std::string answer = dialogue_->receive(std::string_view(buffer.data(), count));
    const bool sent = send(answer);
    if (dialogue_->over()) {
      const char* name = probe_.kind == io::ProbeKind::imap ? "IMAP" : "SMTP";
      return dialogue_->good() ? conclude(true, fmt::format("{} ready in {}", name, took()))
                               : conclude(false, presentable(dialogue_->words()));
    }
    if (!sent) return conclude(false, failure(CURLE_SEND_ERROR));
  }
  if (!over_ && now >= end_) conclude(false, failure(CURLE_OPERATION_TIMEDOUT));
}

// A few dozen bytes fit into the buffer of a connection on which nothing else waits.
bool CurlProbe::send(const std::string& bytes) {
  if (bytes.empty()) return true;
  std::size_t sent = 0;
  return curl_easy_send(handle_.get(), bytes.data(), bytes.size(), &sent) == CURLE_OK &&
         sent == bytes.size();
}

// --- results

std::string CurlProbe::took() const {
  const auto time = std::chrono::steady_clock::now() - start_;
  return fmt::format("{} ms", std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

std::string CurlProbe::failure(CURLcode code) const {
  const std::string words = words_[0] != '\0' ? words_ : curl_easy_strerror(code);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return "no answer within " + base::to_string(probe_.timeout);
    case CURLE_COULDNT_RESOLVE_HOST: return presentable("name not found: " + words);
    case CURLE_PEER_FAILED_VERIFICATION: return certificate_words(words);
    case CURLE_SSL_CONNECT_ERROR: return presentable("TLS: " + words);
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return "the connection was closed without an answer";
    case CURLE_COULDNT_CONNECT: {
      long number = 0;
      curl_easy_getinfo(handle_.get(), CURLINFO_OS_ERRNO, &number);
      if (number == 0) return presentable(words);
      const std::string system = std::generic_category().message(static_cast<int>(number));
      return base::lower(system.substr(0, 1)) + system.substr(1);
    }
    default: return presentable(words);
  }
}

void CurlProbe::conclude(bool ok, std::string saw) {
  if (over_) return;
  over_ = true;
  io::ProbeResult result{ok, std::move(saw)};
  done_(std::move(result));
}

}  // namespace beredd::remote
