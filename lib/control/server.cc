#include "beredd/control/server.h"

#include "routes.h"

#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace beredd::control {
namespace {

// An administrator may have given the socket to another group than the daemon's own.
House house_of(const std::filesystem::path& socket) {
  House house{::geteuid(), ::getegid()};
  struct stat found {};
  if (::stat(socket.c_str(), &found) == 0) house.group = found.st_gid;
  return house;
}

}  // namespace

ControlServer::ControlServer(service::Context& context, service::Modes& modes,
                             service::Watch& watch, service::Handback& handback,
                             io::Executor executor, std::string version,
                             service::Indexing* indexing)
    : services_{context, modes, watch, handback, std::move(version), indexing},
      http_(std::move(executor), [this](HttpRequest request) -> io::Task<HttpResponse> {
        const House house = house_of(services_.context.config->control.socket);
        return dispatch(services_, house, std::move(request));
      }) {}

ControlServer::~ControlServer() = default;

void ControlServer::serve(std::unique_ptr<io::Listener> listener) {
  http_.serve(std::move(listener));
}

void ControlServer::stop() { http_.stop(); }

}  // namespace beredd::control
