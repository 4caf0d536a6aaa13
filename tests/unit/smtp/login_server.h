#pragma once
// The other side of AUTH: libgsasl's server, one exchange, base64 in and out.

#include <optional>
#include <string>
#include <string_view>

#include <gsasl.h>

namespace beredd::smtp {

class LoginServer {
 public:
  LoginServer(const char* mechanism, const char* password, const char* rounds = "4096") {
    gsasl_init(&context_);
    gsasl_server_start(context_, mechanism, &session_);
    gsasl_property_set(session_, GSASL_PASSWORD, password);
    gsasl_property_set(session_, GSASL_SCRAM_ITER, rounds);
    gsasl_property_set(session_, GSASL_SCRAM_SALT, "QSXCR+Q6sek8bf92");
  }
  LoginServer(const LoginServer&) = delete;
  LoginServer& operator=(const LoginServer&) = delete;
  ~LoginServer() {
    gsasl_finish(session_);
    gsasl_done(context_);
  }

  // The next challenge; nothing: the user is refused.
  std::optional<std::string> step(std::string_view answer) {
    char* out = nullptr;
    const int code = gsasl_step64(session_, std::string(answer).c_str(), &out);
    std::optional<std::string> challenge;
    if (code == GSASL_OK || code == GSASL_NEEDS_MORE) challenge = out != nullptr ? out : "";
    gsasl_free(out);
    done = code == GSASL_OK;
    return challenge;
  }

  bool done = false;

 private:
  Gsasl* context_ = nullptr;
  Gsasl_session* session_ = nullptr;
};

}  // namespace beredd::smtp
