#include "beredd/remote/https_page.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include <curl/curl.h>
#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::remote {
namespace {

using base::Code;
using base::permanent;
using base::Result;
using base::transient;

constexpr std::size_t kMost = 64 * 1024;

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using List = std::unique_ptr<curl_slist, FreeList>;

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct Body {
  std::string text;
  bool too_large = false;
};

// A short count ends the transfer.
std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto* body = static_cast<Body*>(into);
  if (body->text.size() + size * count > kMost) {
    body->too_large = true;
    return 0;
  }
  body->text.append(bytes, size * count);
  return size * count;
}

List addresses_for(const HttpsPage& page) {
  if (page.addresses.empty()) return nullptr;
  std::vector<std::string> spelt;
  for (const std::string& address : page.addresses) {
    const bool v6 = address.find(':') != std::string::npos;
    spelt.push_back(v6 ? "[" + address + "]" : address);
  }
  const std::string entry = fmt::format("{}:{}:{}", page.host, page.port, fmt::join(spelt, ","));
  return List(curl_slist_append(nullptr, entry.c_str()));
}

base::Error error_of(CURLcode failed, const char* words, const HttpsPage& page) {
  const std::string detail = base::for_terminal(base::to_utf8(
      fmt::format("{}: {}", page.host, *words != '\0' ? words : curl_easy_strerror(failed))));
  switch (failed) {
    case CURLE_OPERATION_TIMEDOUT: return transient(Code::timeout, detail);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE: return permanent(Code::tls, detail);
    default: return transient(Code::unreachable, detail);
  }
}

Result<std::string> judged(CURL* easy, const HttpsPage& page, Body body) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    return permanent(Code::refused, fmt::format("{} answers HTTP {}", page.host, status));
  }
  const char* type = nullptr;
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
  const std::string given = type != nullptr ? type : "";
  const std::string_view media = base::trim(std::string_view(given).substr(0, given.find(';')));
  if (!base::same_ignoring_case(media, "text/plain")) {
    return permanent(Code::refused,
                     base::for_terminal(base::to_utf8(fmt::format(
                         "{} says that it is \"{}\", not text/plain", page.host, media))));
  }
  return std::move(body.text);
}

Result<std::string> fetch_now(const HttpsPage& page, base::Duration timeout) {
  initialise_curl();
  const Easy easy(curl_easy_init());
  if (!easy) return transient(Code::io, "no memory for a page");
  Body body;
  char words[CURL_ERROR_SIZE] = "";
  const List addresses = addresses_for(page);
  const std::string url = fmt::format("https://{}:{}{}", page.host, page.port, page.path);
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, words);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max<std::int64_t>(wait, 1)));
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(easy.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "beredd");
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  if (addresses) curl_easy_setopt(easy.get(), CURLOPT_RESOLVE, addresses.get());
  if (page.ca_file) {
    curl_easy_setopt(easy.get(), CURLOPT_CAINFO, page.ca_file->c_str());
    curl_easy_setopt(easy.get(), CURLOPT_CAPATH, nullptr);  // or the system's would count as well
  }
  const CURLcode failed = curl_easy_perform(easy.get());
  if (body.too_large) {
    return permanent(Code::too_large, page.host + " sends more than 64 KiB");
  }
  if (failed != CURLE_OK) return error_of(failed, words, page);
  return judged(easy.get(), page, std::move(body));
}

}  // namespace

io::Task<Result<std::string>> fetch(io::BlockingPool& pool, HttpsPage page,
                                    base::Duration timeout) {
  Result<std::string> fetched = transient(Code::cancelled, "not fetched");
  std::function<void()> work = [&] { fetched = fetch_now(page, timeout); };
  co_await pool.run(std::move(work));
  co_return fetched;
}

}  // namespace beredd::remote
