#pragma once
// One probe on its way: a curl handle, and for servers that speak first a dialogue over its socket.

#include "dialogue.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <curl/curl.h>

#include "beredd/io/prober.h"

namespace beredd::remote {

// Used by the prober's thread only.
class CurlProbe {
 public:
  using Done = std::function<void(io::ProbeResult)>;

  CurlProbe(io::Probe probe, const std::optional<std::filesystem::path>& ca_file, Done done);
  CurlProbe(const CurlProbe&) = delete;
  CurlProbe& operator=(const CurlProbe&) = delete;

  CURL* handle() const { return handle_.get(); }
  bool over() const { return over_; }

  // curl is through with what it was asked: the answer, or the connection.
  void on_curl_done(CURLcode code);
  // The socket to be watched for input while a dialogue goes on.
  std::optional<curl_socket_t> watched() const;
  // Takes what has come, or sees that the time is over.
  void talk(std::chrono::steady_clock::time_point now);
  std::chrono::steady_clock::time_point end() const { return end_; }

  void conclude(bool ok, std::string saw);

 private:
  void configure(const std::optional<std::filesystem::path>& ca_file);
  void start_dialogue();
  bool send(const std::string& bytes);
  void conclude_http();
  std::string failure(CURLcode code) const;
  std::string took() const;
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);

  struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };

  const io::Probe probe_;
  Done done_;
  const std::chrono::steady_clock::time_point start_;
  const std::chrono::steady_clock::time_point end_;
  std::unique_ptr<CURL, Cleanup> handle_;
  char words_[CURL_ERROR_SIZE] = "";  // curl writes its explanation here
  std::string body_;
  std::unique_ptr<Dialogue> dialogue_;
  bool over_ = false;
};

}  // namespace beredd::remote
