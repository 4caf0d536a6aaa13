#pragma once
// Proving to a server who we are (RFC 4422), as the client: PLAIN (RFC 4616), LOGIN (as servers
// have it), SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677; without channel binding). The wall
// around libgsasl: messages in and out are base64, as they stand on SMTP's lines (RFC 4954).

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/smtp/client_session.h"

namespace beredd::smtp {

// The strongest mechanism that is offered (in any case of letters), that we speak, and that is not
// among `refused`. Strongest first: SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN: with SCRAM the server
// never sees the password and proves that it knows it.
std::optional<std::string_view> strongest_mechanism(std::span<const std::string> offered,
                                                    std::span<const std::string_view> refused);

// One exchange. Not thread-safe.
class SaslClient {
 public:
  // `mechanism`: one of strongest_mechanism(). Errors: permanent/unsupported, permanent/invalid (an
  // empty user or password, or octets that no mechanism carries).
  static base::Result<SaslClient> start(std::string_view mechanism, const Credentials& as);

  // Whether the first message is ours, so that it can go with AUTH itself.
  bool speaks_first() const { return mechanism_ != "LOGIN"; }
  // Answers `challenge`; the first one is empty where we speak first. Errors: permanent/invalid
  // (malformed), permanent/refused (SCRAM: the server knows no password of this user, or asks for
  // fewer rounds than 4,096 or for more than 600,000).
  base::Result<std::string> answer(std::string_view challenge);
  // Our part is done and, with SCRAM, the server has proved that it knows the password.
  bool complete() const { return complete_; }
  std::string_view mechanism() const { return mechanism_; }

 private:
  struct Close;
  struct Library;
  SaslClient(std::string_view mechanism, std::unique_ptr<Library, Close> library);

  struct Close {
    void operator()(Library* library) const;
  };
  std::string_view mechanism_;
  std::unique_ptr<Library, Close> library_;
  bool complete_ = false;
};

}  // namespace beredd::smtp
