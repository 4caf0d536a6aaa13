#pragma once
// The control API (docs/openapi.yaml) over the Unix socket: what staff see and switch. JSON shapes
// are beredd/api's; a failure is a JSON Problem with 400, 403, 404, 405, 409, 413, 500 or 503.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "beredd/control/http_server.h"
#include "beredd/service/actions.h"
#include "beredd/service/answers.h"
#include "beredd/service/changes.h"
#include "beredd/service/context.h"
#include "beredd/service/handback.h"
#include "beredd/service/indexing.h"
#include "beredd/service/modes.h"
#include "beredd/service/reconcile.h"
#include "beredd/service/rota.h"
#include "beredd/service/watch.h"

namespace beredd::control {

// The name under which the configuration knows a login; the login itself where it knows none.
using PersonOf = std::function<std::string(std::string_view login)>;

// What the API speaks for; all outlive the server.
struct Services {
  service::Context& context;
  service::Modes& modes;
  service::Watch& watch;
  service::Handback& handback;
  std::string version;
  service::Indexing* indexing = nullptr;  // null: search is off
  service::Changes* changes = nullptr;    // null: nobody can wait for changes
  PersonOf person_of = {};                // null: everybody is known by their login
  service::Actions* actions = nullptr;    // set before serve()
  service::Answers* answers = nullptr;    // null: nobody answers from here, as the next
  service::Uploads* uploads = nullptr;
  service::Rota* rota = nullptr;            // null: nobody shares work
  service::Reconcile* reconcile = nullptr;  // null: nothing is read back
};

// Who may ask: root, the daemon's own user, and members of the socket's group. /metrics is there
// for whoever can connect. Used from `executor`.
class ControlServer {
 public:
  // `version`: of the program, for `status`.
  ControlServer(service::Context& context, service::Modes& modes, service::Watch& watch,
                service::Handback& handback, io::Executor executor, std::string version = {},
                service::Indexing* indexing = nullptr);
  ~ControlServer();

  // Both before serve(). `changes` outlives the server.
  void tell_of(service::Changes& changes) { services_.changes = &changes; }
  void know_people(PersonOf person_of) { services_.person_of = std::move(person_of); }

  // Before serve(); outlives the server.
  void act_by(service::Actions& actions) { services_.actions = &actions; }
  // Before serve(). Both outlive the server.
  void write_by(service::Answers& answers, service::Uploads& uploads) {
    services_.answers = &answers;
    services_.uploads = &uploads;
  }
  void share_by(service::Rota& rota) { services_.rota = &rota; }
  void read_back_by(service::Reconcile& reconcile) { services_.reconcile = &reconcile; }

  // See HttpServer.
  void serve(std::unique_ptr<io::Listener> listener);
  void stop();

 private:
  Services services_;
  HttpServer http_;
};

}  // namespace beredd::control
