#include "beredd/remote/imap_target.h"

#include "imap_session.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/digest.h"
#include "beredd/io/blocking_pool.h"

namespace beredd::remote {
namespace {

using base::Code;
using base::Result;
using Opened = Result<std::unique_ptr<io::TargetSession>>;
using Kind = io::Handover::Kind;

// What the sessions of one target share; it ends with the last of them.
struct Shared {
  Shared(ImapOptions given, int connections)
      : options(std::move(given)), pool(io::thread_pool(static_cast<std::size_t>(connections))) {}

  // Cuts what is under way, and waits until it has ended. Coroutines that wait for it are resumed
  // by nobody any more.
  void end() {
    cancellation->cancel();
    pool.reset();
  }

  const ImapOptions options;
  const std::shared_ptr<Cancellation> cancellation = std::make_shared<Cancellation>();
  std::unique_ptr<io::BlockingPool> pool;
};

std::string mailbox_of(const ImapOptions& options, const io::Parcel& parcel) {
  constexpr std::string_view kDesk = "{desk}";
  std::string name = options.mailbox;
  if (const auto at = name.find(kDesk); at != std::string::npos) {
    name.replace(at, kDesk.size(), parcel.desk);
  }
  return name;
}

// A delivery agent's part (RFC 5321 §4.4): the envelope is put on top, or it would be lost.
std::string envelope_fields(const mail::Envelope& envelope) {
  std::string out = fmt::format("Return-Path: <{}>\r\n",
                                envelope.reverse_path ? envelope.reverse_path->text() : "");
  for (const mail::Mailbox& one : envelope.forward_paths) {
    out += fmt::format("Delivered-To: {}\r\n", one.text());
  }
  return out;
}

Result<std::string> content_of(const io::Parcel& parcel) {
  std::string content = envelope_fields(parcel.envelope) + parcel.trace;
  content.reserve(content.size() + parcel.size.count());
  for (std::uint32_t index = 0; index < parcel.chunks; ++index) {
    auto piece = parcel.chunk(index);
    if (!piece) return piece.error();
    content += *piece;
  }
  return content;
}

Result<base::Sha256> digest_of(const io::Parcel& parcel) {
  base::Sha256Stream stream;
  for (std::uint32_t index = 0; index < parcel.chunks; ++index) {
    auto piece = parcel.chunk(index);
    if (!piece) return piece.error();
    stream.update(*piece);
  }
  return stream.finish();
}

// A search finds parts of words, too, and one id may begin like another.
bool has_word(std::string_view text, std::string_view word) {
  const auto inside = [](char c) {
    return c == '.' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !inside(text[at - 1]);
    if (begins && (end == text.size() || !inside(text[end]))) return true;
  }
  return false;
}

// What a message of the mailbox is to the parcel; identical: it ends with the parcel's own bytes.
enum class Likeness { another, altered, identical };

Result<Likeness> likeness_of(ImapSession& session, std::uint32_t uid, const io::Parcel& parcel,
                             const base::Sha256& digest) {
  auto size = session.size(uid);
  if (!size) return size.error();
  constexpr std::size_t kHead = std::size_t{64} * 1024;  // where the trace fields stand
  std::string head;
  base::Sha256Stream stream;
  std::uint64_t above = size->count() - std::min(size->count(), parcel.size.count());
  std::uint64_t total = 0;
  const auto status = session.read(uid, *size, [&](std::string_view piece) {
    total += piece.size();
    if (head.size() < kHead) head += piece.substr(0, kHead - head.size());
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(above, piece.size()));
    above -= skipped;
    stream.update(piece.substr(skipped));
  });
  if (!status) return status.error();
  if (!has_word(head, parcel.trace_id)) return Likeness::another;
  const bool whole = total == size->count() && *size >= parcel.size && stream.finish() == digest;
  return whole ? Likeness::identical : Likeness::altered;
}

io::Handover handover_of(Appended appended) {
  switch (appended.kind) {
    case Appended::Kind::taken: return {Kind::acknowledged, std::move(appended.words), true};
    case Appended::Kind::later: return {Kind::deferred, std::move(appended.words), true};
    case Appended::Kind::never: return {Kind::refused, std::move(appended.words), true};
    case Appended::Kind::unknown: break;
  }
  return {Kind::unknown, std::move(appended.words), true};
}

io::Handover append(ImapSession& session, const ImapOptions& options, const io::Parcel& parcel) {
  const auto content = content_of(parcel);
  if (!content) {
    return {Kind::deferred, "the message could not be read: " + content.error().detail, false};
  }
  return handover_of(session.append(mailbox_of(options, parcel), *content, parcel.received));
}

io::LookUpResult failed(const base::Error& why) { return {io::LookUp::failed, why.detail}; }

io::LookUpResult look_up_in(ImapSession& session, const ImapOptions& options,
                            const io::Parcel& parcel, bool missing_is_absent) {
  const std::string mailbox = mailbox_of(options, parcel);
  if (auto opened = session.examine(mailbox); !opened) {
    if (missing_is_absent && opened.error().code == Code::not_found) {
      return {io::LookUp::absent, opened.error().detail};
    }
    return failed(opened.error());
  }
  const auto uids = session.find("Received", parcel.trace_id, parcel.received);
  if (!uids) return failed(uids.error());
  const auto digest = digest_of(parcel);
  if (!digest) return failed(digest.error());
  std::string words = fmt::format("in {}, UIDVALIDITY {}", mailbox, session.uid_validity());
  bool altered = false;
  int copies = 0;
  for (const std::uint32_t uid : *uids) {
    const auto likeness = likeness_of(session, uid, parcel, *digest);
    if (!likeness) return failed(likeness.error());
    if (*likeness == Likeness::another) continue;
    const bool identical = *likeness == Likeness::identical;
    ++copies;
    altered = altered || !identical;
    words += fmt::format(", UID {} {}", uid, identical ? "byte for byte" : "ALTERED");
  }
  if (copies == 0) return {io::LookUp::absent, "not in " + mailbox};
  if (copies > 1) words += fmt::format(": {} TIMES", copies);
  return {io::LookUp::found, std::move(words), copies, altered, true};
}

// --- the target

class ImapTargetSession final : public io::TargetSession {
 public:
  ImapTargetSession(std::shared_ptr<Shared> shared, std::unique_ptr<ImapSession> session)
      : shared_(std::move(shared)), session_(std::move(session)) {}

  io::Task<void> hand_over(std::vector<io::Parcel> parcels,
                           std::function<void(std::size_t, io::Handover)> done) override {
    for (std::size_t index = 0; index < parcels.size(); ++index) {
      io::Handover fate{Kind::deferred, "the session is over", true};
      std::function<void()> work = [this, &parcel = parcels[index], &fate] {
        fate = append(*session_, shared_->options, parcel);
      };
      if (session_->alive()) co_await shared_->pool->run(std::move(work));
      done(index, std::move(fate));
    }
  }

  io::Task<io::LookUpResult> look_up(io::Parcel parcel) override {
    io::LookUpResult result{io::LookUp::failed, "the session is over"};
    std::function<void()> work = [this, &parcel, &result] {
      result = look_up_in(*session_, shared_->options, parcel, true);
    };
    if (session_->alive()) co_await shared_->pool->run(std::move(work));
    co_return result;
  }

  io::TargetAbilities abilities() const override { return {}; }
  bool alive() const override { return session_->alive(); }

  io::Task<void> finish() override {
    std::function<void()> work = [this] { session_->log_out(); };
    co_await shared_->pool->run(std::move(work));
  }

 private:
  const std::shared_ptr<Shared> shared_;
  const std::unique_ptr<ImapSession> session_;
};

io::Task<Result<std::unique_ptr<ImapSession>>> open_session(Shared& shared) {
  Result<std::unique_ptr<ImapSession>> session = base::bug("no session was opened");
  std::function<void()> work = [&] {
    session = ImapSession::open(shared.options, shared.cancellation);
  };
  co_await shared.pool->run(std::move(work));
  co_return session;
}

class ImapTarget final : public io::Target {
 public:
  ImapTarget(ImapOptions options, int connections)
      : shared_(std::make_shared<Shared>(std::move(options), connections)) {}
  ~ImapTarget() override { shared_->end(); }

  io::Task<Opened> open(const io::Executor&) override {
    const std::shared_ptr<Shared> shared = shared_;
    auto session = co_await open_session(*shared);
    if (!session) co_return std::move(session).error();
    std::unique_ptr<io::TargetSession> made =
        std::make_unique<ImapTargetSession>(shared, std::move(*session));
    co_return made;
  }

 private:
  const std::shared_ptr<Shared> shared_;
};

// --- given by another, looked up here

class LookedUpSession final : public io::TargetSession {
 public:
  LookedUpSession(std::unique_ptr<io::TargetSession> giver, std::shared_ptr<Shared> shared)
      : giver_(std::move(giver)), shared_(std::move(shared)) {}

  io::Task<void> hand_over(std::vector<io::Parcel> parcels,
                           std::function<void(std::size_t, io::Handover)> done) override {
    return giver_->hand_over(std::move(parcels), std::move(done));
  }

  io::Task<io::LookUpResult> look_up(io::Parcel parcel) override {
    if (!looker_ || !looker_->alive()) {
      auto opened = co_await open_session(*shared_);
      if (!opened) co_return failed(opened.error());
      looker_ = std::move(*opened);
    }
    io::LookUpResult result;
    std::function<void()> work = [this, &parcel, &result] {
      result = look_up_in(*looker_, shared_->options, parcel, false);
    };
    co_await shared_->pool->run(std::move(work));
    co_return result;
  }

  io::TargetAbilities abilities() const override { return giver_->abilities(); }
  bool alive() const override { return giver_->alive(); }

  io::Task<void> finish() override {
    std::function<void()> work = [this] {
      if (looker_) looker_->log_out();
    };
    co_await shared_->pool->run(std::move(work));
    co_await giver_->finish();
  }

 private:
  const std::unique_ptr<io::TargetSession> giver_;
  const std::shared_ptr<Shared> shared_;
  std::unique_ptr<ImapSession> looker_;
};

class LookedUpTarget final : public io::Target {
 public:
  LookedUpTarget(std::unique_ptr<io::Target> giver, ImapOptions options)
      : giver_(std::move(giver)), shared_(std::make_shared<Shared>(std::move(options), 1)) {}
  ~LookedUpTarget() override { shared_->end(); }

  io::Task<Opened> open(const io::Executor& executor) override {
    auto opened = co_await giver_->open(executor);
    if (!opened) co_return opened;
    std::unique_ptr<io::TargetSession> made =
        std::make_unique<LookedUpSession>(std::move(*opened), shared_);
    co_return made;
  }

 private:
  const std::unique_ptr<io::Target> giver_;
  const std::shared_ptr<Shared> shared_;
};

}  // namespace

std::unique_ptr<io::Target> imap_target(ImapOptions options, int connections) {
  return std::make_unique<ImapTarget>(std::move(options), connections);
}

std::unique_ptr<io::Target> looked_up_by_imap(std::unique_ptr<io::Target> giver,
                                              ImapOptions options) {
  return std::make_unique<LookedUpTarget>(std::move(giver), std::move(options));
}

}  // namespace beredd::remote
