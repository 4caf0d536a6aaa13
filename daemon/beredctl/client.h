#pragma once
// A client of the control API over the daemon's Unix socket. Blocking.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "beredd/base/result.h"

namespace beredd::beredctl {

// Errors of every call: transient/unreachable when the daemon cannot be reached, else
// permanent/refused; the detail is one line for a person, with what to do about it.
class Client {
 public:
  explicit Client(std::string socket);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const std::string& socket() const { return socket_; }

  // The body of a 2xx answer.
  base::Result<std::string> get(const std::string& target);
  base::Result<std::string> post(const std::string& target, const std::string& body);
  // Asks for the end of what `target` names.
  base::Result<std::string> remove(const std::string& target);
  // The body in pieces; `take` returns false when it cannot take more.
  base::Status stream(const std::string& target, std::function<bool(std::string_view)> take);

 private:
  struct Call;
  base::Status perform(Call& call);
  base::Error unreachable(std::string_view why) const;

  struct Handle;
  std::string socket_;
  std::unique_ptr<Handle> handle_;
};

// One segment of a path, or a value of a query: everything but letters, digits and "-._~" escaped.
std::string percent_encoded(std::string_view text);

}  // namespace beredd::beredctl
