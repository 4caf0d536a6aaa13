// `beredctl desk`: the loop between the terminal, the model and the daemon.

#include "arguments.h"
#include "change_watch.h"
#include "desk_model.h"
#include "desk_terminal.h"
#include "desk_view.h"
#include "run.h"

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" char** environ;

namespace beredd::beredctl {
namespace {

constexpr int kTimeGoesOn = 30'000;  // ms: "in 3m" is drawn again by then
constexpr int kTryAgain = 2'000;     // likewise, while the daemon is away

// Whether this beredctl has such a command.
bool knows(std::initializer_list<const char*> words) {
  std::vector<const char*> arguments = {"beredctl"};
  arguments.insert(arguments.end(), words);
  std::ostringstream nowhere;
  const auto read =
      read_arguments(static_cast<int>(arguments.size()), arguments.data(), "", nowhere, nowhere);
  return std::holds_alternative<Arguments>(read);
}

std::set<Action> known_actions() {
  std::set<Action> actions;
  if (knows({"ticket", "reply", "1"})) actions.insert(Action::reply);
  if (knows({"ticket", "note", "1"})) actions.insert(Action::note);
  if (knows({"ticket", "assign", "1", "anna"})) actions.insert(Action::assign);
  if (knows({"ticket", "state", "1", "closed"})) actions.insert(Action::state);
  return actions;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

class Desk {
 public:
  Desk(Session& session, std::string socket, const RunDesk& command, Terminal& terminal)
      : session_(session),
        socket_(std::move(socket)),
        terminal_(terminal),
        model_(command.desk, known_actions()),
        changes_(socket_) {}

  int run() {
    model_.resize(terminal_.size());
    carry_out(model_.begin());
    while (!quit_) {
      show();
      wait();
      while (const auto input = terminal_.next()) {
        if (input->resized) {
          model_.resize(terminal_.size());
        } else {
          carry_out(model_.press(input->pressed));
        }
        if (quit_) break;
      }
    }
    return kDone;
  }

 private:
  void show() { terminal_.show(screen_of(model_, base::SystemClock().now())); }

  void wait() {
    pollfd ready[] = {{STDIN_FILENO, POLLIN, 0}, {changes_.descriptor(), POLLIN, 0}};
    const int count = ::poll(ready, 2, model_.connected() ? kTimeGoesOn : kTryAgain);
    if (count > 0 && (ready[0].revents & (POLLHUP | POLLERR)) != 0) quit_ = true;
    // A daemon that was away for a moment only may have been missed by us alone: the watch, which
    // did not see it go, has nothing to tell.
    if (count == 0 && !model_.connected()) carry_out(model_.changed());
    if (count <= 0 || ready[1].revents == 0) return;
    changes_.take();
    model_.set_connected(changes_.connected());
    if (changes_.connected()) carry_out(model_.changed());
  }

  void carry_out(const Wishes& wishes) {
    for (const Wish& wish : wishes) {
      std::visit([this](const auto& one) { carry_out(one); }, wish);
    }
  }

  void carry_out(const LoadQueue& wish) {
    load<std::vector<api::Ticket>>("/v1/tickets" + wish.query);
    load<api::Status>("/v1/status");
  }
  void carry_out(const LoadTicket& wish) {
    load<api::Ticket>(fmt::format("/v1/tickets/{}", wish.id));
  }
  void carry_out(const Redraw&) { terminal_.redraw(); }
  void carry_out(const Quit&) { quit_ = true; }
  void carry_out(const RunCommand& wish) {
    if (wish.talks) {
      terminal_.leave();
      if (run_command(wish.arguments, -1) != 0) {
        std::cout << "\nPress Enter to go back to the desk. " << std::flush;
        std::string ignored;
        std::getline(std::cin, ignored);
        std::cin.clear();
      }
      terminal_.come_back();
    } else {
      model_.say(said_by(wish.arguments));
    }
    // Seen at once, not when the daemon tells of it.
    carry_out(model_.changed());
  }

  template <typename T>
  void load(const std::string& target) {
    const auto body = session_.client.get(target);
    auto value = body ? api::decode<T>(*body) : base::Result<T>(body.error());
    model_.set_connected(body.ok() || body.error().code != base::Code::unreachable);
    if (value) {
      model_.loaded(*std::move(value));
    } else {
      model_.say(value.error().detail);
    }
  }

  // Its exit status. What it prints goes to `output`; below zero: to the terminal.
  int run_command(const std::vector<std::string>& words, int output) {
    std::vector<std::string> all = {"beredctl", "--socket", socket_};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    if (output >= 0) {
      ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
      ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
      ::posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
    }
    pid_t child = 0;
    const int failed =
        ::posix_spawn(&child, "/proc/self/exe", &files, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (failed != 0) return kFailed;
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : kFailed;
  }

  std::string said_by(const std::vector<std::string>& words) {
    std::FILE* file = std::tmpfile();
    if (file == nullptr) return "there is no room for what the command says";
    const int status = run_command(words, ::fileno(file));
    std::rewind(file);
    char bytes[4096];
    const std::size_t count = std::fread(bytes, 1, sizeof bytes, file);
    std::fclose(file);
    const std::string said = first_line(std::string(bytes, count));
    return said.empty() ? (status == kDone ? "Done." : "It failed.") : said;
  }

  Session& session_;
  std::string socket_;
  Terminal& terminal_;
  DeskModel model_;
  ChangeWatch changes_;
  bool quit_ = false;
};

}  // namespace

int run(Session& session, const RunDesk& command) {
  if (session.json) {
    return session.fail(base::permanent(base::Code::unsupported,
                                        "the desk has no JSON; `beredctl ticket list` has"));
  }
  // Before the terminal is taken: what is wrong stays readable.
  const auto reached = session.client.get("/v1/status");
  if (!reached) return session.fail(reached.error());
  auto terminal = Terminal::open(session.style.colour);
  if (!terminal) return session.fail(terminal.error());
  Desk desk(session, session.client.socket(), command, **terminal);
  return desk.run();
}

}  // namespace beredd::beredctl
