#include "acceptor.h"
#include "socket_error.h"

#include <cerrno>

#include <boost/asio/local/stream_protocol.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace beredd::io {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using base::Code;
using base::permanent;
using base::Result;
using base::Status;

constexpr mode_t kMode = 0660;

Status unix_error(const std::string& path, int number) {
  std::string text = fmt::format("{}: {}", path, system_words(number));
  if (number == EACCES || number == EPERM) return permanent(Code::refused, std::move(text));
  if (number == ENOENT || number == ENOTDIR) return permanent(Code::invalid, std::move(text));
  return base::transient(Code::io, std::move(text));
}

// A socket file stays behind when its process is killed. It goes only when nobody answers there.
Status make_room(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    return errno == ENOENT ? Status() : unix_error(path, errno);
  }
  if (!S_ISSOCK(found.st_mode)) {
    return permanent(Code::exists, path + ": is there already and is no socket");
  }
  asio::io_context context;
  stream_protocol::socket knock(context);
  boost::system::error_code error;
  knock.connect(stream_protocol::endpoint(path), error);
  if (error == asio::error::connection_refused) {
    return ::unlink(path.c_str()) == 0 ? Status() : unix_error(path, errno);
  }
  if (!error) return permanent(Code::exists, path + ": another process listens there");
  return unix_error(path, error.value());
}

// The mode is set before bind(), so that there is no moment at which others may connect, and after
// it, because bind() takes the umask off.
Status bind_and_listen(StreamAcceptor& acceptor, const std::string& path) {
  const StreamEndpoint local = stream_protocol::endpoint(path);
  boost::system::error_code error;
  acceptor.open(local.protocol(), error);
  if (error) return unix_error(path, error.value());
  if (::fchmod(acceptor.native_handle(), kMode) != 0) return unix_error(path, errno);
  acceptor.bind(local, error);
  if (error == asio::error::address_in_use) {
    return permanent(Code::exists, path + ": another process listens there");
  }
  if (error) return unix_error(path, error.value());
  if (::chmod(path.c_str(), kMode) != 0) return unix_error(path, errno);
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return unix_error(path, error.value());
  return {};
}

}  // namespace

Result<std::unique_ptr<Listener>> listen_unix(const Executor& executor, const std::string& path) {
  constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
  if (path.empty() || path.size() > kLongest || path.front() == '\0') {
    return permanent(Code::invalid,
                     fmt::format("{}: a socket's path has 1 to {} bytes", path, kLongest));
  }
  if (auto status = make_room(path); !status) return std::move(status).error();
  StreamAcceptor acceptor(executor);
  if (auto status = bind_and_listen(acceptor, path); !status) return std::move(status).error();
  return make_listener(std::move(acceptor), Address{path, 0}, {},
                       [path] { ::unlink(path.c_str()); });
}

}  // namespace beredd::io
