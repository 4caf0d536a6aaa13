// Writing to customers: the text from an editor, a file or a pipe; a look at it; and off it goes.
// Whatever fails, the text is left in a file whose path is told.

#include "attach.h"
#include "draft_file.h"
#include "print.h"
#include "run.h"
#include "table.h"

#include <iostream>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

using base::Result;

base::Error refused(std::string text) {
  return base::permanent(base::Code::refused, std::move(text));
}

bool at_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

std::string written_as(const api::Person& person) {
  if (person.name.empty()) return person.address;
  std::string quoted;
  for (const char c : person.name) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return fmt::format("\"{}\" <{}>", quoted, person.address);
}

// Keeps others from answering a ticket while this process writes to its customer.
class Hold {
 public:
  explicit Hold(Client& client) : client_(client) {}
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  // One that cannot be given back ends by itself.
  ~Hold() {
    if (!path_.empty()) (void)client_.remove(path_);
  }

  // Takes it, or renews it. Errors: permanent/conflict when another has it, who is named.
  base::Status take(std::uint64_t ticket) {
    const std::string path = fmt::format("/v1/tickets/{}/lease", ticket);
    const auto taken = client_.post(path, "{}");
    if (!taken) return taken.error();
    path_ = path;
    return {};
  }

 private:
  Client& client_;
  std::string path_;
};

class Writer {
 public:
  Writer(Session& session, const WriteLetter& command)
      : session_(session), command_(command), hold_(session.client) {}

  int run() {
    if (auto ready = prepare(); !ready) return leave_unread(ready.error());
    auto file = take_text();
    if (!file) return session_.fail(file.error());
    file_ = *std::move(file);
    auto sent = talk();
    if (!sent) return leave(sent.error());
    if (file_) file_->discard();
    if (session_.json) return session_.done(*sent);
    const auto written = api::decode<api::Written>(*sent);
    if (!written) return session_.fail(written.error());
    return session_.done(
        fmt::format("Message {} of ticket {} is on its way.\n", written->message, written->ticket));
  }

 private:
  // What can be known to be wrong before anybody writes.
  base::Status prepare() {
    if (auto there = check_files(command_.attach); !there) return there;
    if (command_.kind == LetterKind::first) {
      if (command_.to.empty()) return refused("say whom it goes to: --to ADDRESS");
      if (command_.subject.empty()) return refused("say what it is about: --subject TEXT");
    } else if (auto asked = ask_for_draft(); !asked) {
      return asked;
    }
    to_ = command_.to;
    cc_ = command_.cc;
    if (to_.empty()) {
      for (const api::Person& one : draft_.to) to_.push_back(written_as(one));
    }
    if (command_.all) {
      for (const api::Person& one : draft_.others) cc_.push_back(written_as(one));
    }
    if (to_.empty()) return refused("nobody is known whom it could go to: --to ADDRESS");
    subject_ = command_.subject.empty() ? draft_.subject : command_.subject;
    // The pipe has the text, so nobody can be asked.
    if (!command_.yes && (command_.file == "-" || !at_terminal())) {
      return refused("nobody can be asked here whether it is right: say --yes to send it");
    }
    return {};
  }

  base::Status ask_for_draft() {
    const bool forward = command_.kind == LetterKind::forward;
    std::string target = fmt::format("/v1/tickets/{}/draft?kind={}&language={}", command_.id,
                                     forward ? "forward" : "answer", command_.language);
    if (auto taken = take_template(); !taken) return taken;
    if (command_.message != 0) target += fmt::format("&message={}", command_.message);
    const auto body = session_.client.get(target);
    if (!body) return body.error();
    auto draft = api::decode<api::Draft>(*body);
    if (!draft) return draft.error();
    draft_ = *std::move(draft);
    return keep_others_away();
  }

  base::Status take_template() {
    if (command_.form.empty()) return {};
    const auto body =
        session_.client.get(template_path(command_.form, command_.language, command_.id));
    if (!body) return body.error();
    auto form = api::decode<api::TemplateView>(*body);
    if (!form) return form.error();
    form_ = std::move(form->text);
    if (!form_.ends_with('\n')) form_.push_back('\n');
    return {};
  }

  // A colleague who answers the same mail is told now, and not when both answers have left.
  base::Status keep_others_away() {
    if (command_.kind != LetterKind::answer) return {};
    return hold_.take(command_.id);
  }

  // The text comes through standard input, and only once.
  bool piped() const {
    return command_.file == "-" ||
           (command_.file.empty() && form_.empty() && ::isatty(STDIN_FILENO) != 1);
  }

  std::string below() const {
    const bool quotes = command_.kind == LetterKind::answer && !command_.unquoted;
    return quotes && !draft_.text.empty() ? "\n" + draft_.text : std::string();
  }

  // The text is in text_; the file that it was written in, where there is one.
  Result<std::optional<DraftFile>> take_text() {
    if (!command_.file.empty() || piped()) {
      auto own = read_text(piped() ? "-" : command_.file);
      if (!own) return own.error();
      if (base::trim(*own).empty()) return refused("there is no text: nothing is sent");
      if (!own->ends_with('\n')) own->push_back('\n');
      text_ = *own + below();
      return std::optional<DraftFile>();
    }
    // Whoever wants it sent without a question does not want to edit it either.
    if (!form_.empty() && command_.yes) {
      text_ = form_ + below();
      return std::optional<DraftFile>();
    }
    const std::string begun = form_ + "\n" + below();
    auto file = DraftFile::create(begun);
    if (!file) return file.error();
    if (auto edited = edit(*file, begun); !edited) {
      const auto text = file->text();
      if (!text || *text == begun || base::trim(*text).empty()) {
        file->discard();
        return edited.error();
      }
      return told(edited.error(), file->path());
    }
    return std::optional<DraftFile>(*std::move(file));
  }

  base::Status edit(const DraftFile& file, const std::string& begun) {
    if (auto edited = file.edit(); !edited) return edited;
    const auto text = file.text();
    if (!text) return text.error();
    const bool untouched = form_.empty() && base::trim(*text) == base::trim(begun);
    if (untouched || base::trim(*text).empty()) {
      return refused("nothing was written: cancelled");
    }
    text_ = *text;
    return {};
  }

  // Shows it, asks, and sends it; the daemon's answer.
  Result<std::string> talk() {
    while (!command_.yes) {
      session_.out << preview() << "Send it? [y]es, [e]dit, [n]o: " << std::flush;
      std::string answer;
      if (!std::getline(std::cin, answer)) return refused("not sent");
      if (answer == "y" || answer == "yes") break;
      if (answer == "n" || answer == "no") return refused("not sent");
      if (answer != "e" && answer != "edit") continue;
      if (auto opened = open_file(); !opened) return opened.error();
      if (auto edited = edit(*file_, ""); !edited) return edited.error();
    }
    return send();
  }

  // A text that came from elsewhere gets a file when it is edited or left.
  base::Status open_file() {
    if (file_) return {};
    auto file = DraftFile::create(text_);
    if (!file) return file.error();
    file_ = *std::move(file);
    return {};
  }

  std::string preview() const {
    Table block({{""}, {""}});
    const auto add = [&](std::string_view key, std::string text) {
      if (!text.empty()) block.add({{std::string(key), Paint::faint}, std::move(text)});
    };
    if (!draft_.from.address.empty()) add("from", person_text(draft_.from));
    add("to", fmt::format("{}", fmt::join(to_, ", ")));
    add("cc", fmt::format("{}", fmt::join(cc_, ", ")));
    add("subject", subject_);
    add("files", fmt::format("{}", fmt::join(command_.attach, ", ")));
    if (command_.kind == LetterKind::forward && draft_.message) {
      add("forwards", fmt::format("message {}", *draft_.message));
    }
    Style uncut = session_.style;
    uncut.columns = 0;
    return "\n" + block.rows(uncut, "") + "\n" + indented(text_, "  ") + "\n";
  }

  Result<std::string> send() {
    if (auto still = keep_others_away(); !still) return still.error();
    auto files = upload(session_.client, command_.attach);
    if (!files) return files.error();
    api::LetterRequest request;
    request.text = text_;
    request.subject = command_.subject;
    request.desk = command_.desk;
    if (draft_.message) request.message = *draft_.message;
    if (!command_.to.empty()) request.to = command_.to;
    request.cc = cc_;
    request.files = *std::move(files);
    request.afterwards = command_.close ? "solved" : command_.open ? "open" : "waits";
    request.take = command_.take;
    return session_.client.post(target(), api::encode(request));
  }

  std::string target() const {
    switch (command_.kind) {
      case LetterKind::answer: return fmt::format("/v1/tickets/{}/replies", command_.id);
      case LetterKind::forward: return fmt::format("/v1/tickets/{}/forwards", command_.id);
      case LetterKind::first: break;
    }
    return "/v1/tickets";
  }

  static base::Error told(base::Error error, const std::string& path) {
    error.detail += fmt::format("; the text is kept in {}", path);
    return error;
  }

  // It failed before the text was looked at, which may be in a pipe.
  int leave_unread(const base::Error& error) {
    if (!piped()) return session_.fail(error);
    const auto text = read_text("-");
    if (!text || base::trim(*text).empty()) return session_.fail(error);
    text_ = *text;
    return leave(error);
  }

  int leave(const base::Error& error) {
    if (auto kept = open_file(); !kept) return session_.fail(error);
    return session_.fail(told(error, file_->path()));
  }

  Session& session_;
  const WriteLetter& command_;
  Hold hold_;
  api::Draft draft_;
  std::vector<std::string> to_, cc_;
  std::string subject_, text_;
  std::string form_;  // of a template
  std::optional<DraftFile> file_;
};

}  // namespace

int run(Session& session, const WriteLetter& command) { return Writer(session, command).run(); }

}  // namespace beredd::beredctl
