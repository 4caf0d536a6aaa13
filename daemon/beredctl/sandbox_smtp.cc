#include "sandbox_smtp.h"

#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::beredctl {
namespace {

constexpr base::Duration kPatience = std::chrono::minutes(5);

smtp::ServerOptions options_of(const std::string& hostname) {
  smtp::ServerOptions options;
  options.hostname = hostname;
  options.offer_checkpoint = true;
  options.offer_smtputf8 = true;
  options.offer_dsn = true;
  options.offer_chunking = true;
  return options;
}

smtp::Reply trouble() {
  return smtp::reply(451, "4.3.0", "the sandbox cannot write, try again later");
}

}  // namespace

SandboxConversation::SandboxConversation(io::Stream& stream, const std::string& hostname,
                                         MailFolder& folder, FailureSwitch& failure,
                                         const base::Clock& clock)
    : stream_(stream),
      folder_(folder),
      failure_(failure),
      clock_(clock),
      session_(options_of(hostname)) {}

io::Task<void> SandboxConversation::run() {
  for (;;) {
    co_await failure_.sit_out();
    if (failure_.now() == Failure::refuse) co_return;
    const Next next = handle(session_.next());
    if (next == Next::go_on) continue;
    if (!co_await flush() || next == Next::hang_up) co_return;
    if (!co_await read()) co_return;
  }
}

io::Task<bool> SandboxConversation::flush() {
  const std::string bytes = std::exchange(unsent_, {});
  if (bytes.empty()) co_return true;
  const base::Status written = co_await stream_.write(bytes, kPatience);
  co_return written.ok();
}

io::Task<bool> SandboxConversation::read() {
  std::array<char, 64 * 1024> buffer;
  const auto count = co_await stream_.read(buffer, kPatience);
  if (!count) co_return false;
  co_await failure_.sit_out();
  session_.receive({buffer.data(), *count});
  co_return true;
}

SandboxConversation::Next SandboxConversation::handle(smtp::ServerEvent event) {
  return std::visit([this](auto& one) { return on(std::move(one)); }, event);
}

SandboxConversation::Next SandboxConversation::on(smtp::NeedInput) { return Next::need_input; }

SandboxConversation::Next SandboxConversation::on(smtp::Write write) {
  unsent_ += write.bytes;
  return Next::go_on;
}

SandboxConversation::Next SandboxConversation::on(smtp::AskMail ask) {
  mail_ = KeptMail();
  draft_.reset();
  broken_ = false;
  if (ask.from) mail_.from = ask.from->text();
  mail_.helo = session_.helo();
  mail_.transaction_id = ask.transaction_id;
  mail_.smtputf8 = ask.smtputf8;
  mail_.ret = mail::name(ask.dsn_return);
  mail_.envid = ask.envelope_id;
  const auto held = folder_.size_of(ask.transaction_id);
  if (held) {
    session_.answer(smtp::reply(355, "", fmt::format("{} is the transaction offset", *held)));
  } else {
    session_.answer(smtp::reply(250, "2.1.0", "sender ok"));
  }
  return Next::go_on;
}

SandboxConversation::Next SandboxConversation::on(smtp::AskRecipient ask) {
  switch (failure_.now()) {
    case Failure::tempfail: session_.answer(smtp::reply(451, "4.3.2", "not now")); break;
    case Failure::reject: session_.answer(smtp::reply(554, "5.7.1", "not here")); break;
    default:
      mail_.to.push_back(ask.to.domain.empty() ? ask.to.local : ask.to.text());
      mail_.notify.push_back(mail::text(ask.dsn.notify));
      mail_.orcpt.push_back(ask.dsn.original_recipient);
      session_.answer(smtp::reply(250, "2.1.5", "recipient ok"));
  }
  return Next::go_on;
}

SandboxConversation::Next SandboxConversation::on(smtp::AskData) {
  auto draft = folder_.begin();
  if (draft) {
    draft_.emplace(*std::move(draft));
    session_.answer(smtp::reply(354, "", "go on, end with a dot"));
  } else {
    base::log_error("sandbox: {}", base::to_string(draft.error()));
    session_.answer(trouble());
  }
  return Next::go_on;
}

SandboxConversation::Next SandboxConversation::on(smtp::Data data) {
  if (broken_) return Next::go_on;
  const auto written = draft_->append(data.bytes);
  broken_ = !written;
  if (broken_) base::log_error("sandbox: {}", base::to_string(written.error()));
  return Next::go_on;
}

SandboxConversation::Next SandboxConversation::on(smtp::AskAccept) {
  if (failure_.now() == Failure::drop) {
    draft_.reset();
    return Next::hang_up;
  }
  mail_.received = clock_.now();
  base::Result<KeptMail> kept = base::transient(base::Code::io, "the draft was not written");
  if (!broken_) kept = folder_.keep(*std::move(draft_), mail_);
  draft_.reset();
  if (kept) {
    session_.answer(smtp::reply(250, "2.0.0", fmt::format("kept as {:04}", kept->number)));
  } else {
    base::log_error("sandbox: {}", base::to_string(kept.error()));
    session_.answer(trouble());
  }
  return Next::go_on;
}

SandboxConversation::Next SandboxConversation::on(smtp::DropData) {
  draft_.reset();
  broken_ = true;
  return Next::go_on;
}

SandboxConversation::Next SandboxConversation::on(smtp::StartTls) { return Next::hang_up; }

SandboxConversation::Next SandboxConversation::on(smtp::Close) { return Next::hang_up; }

}  // namespace beredd::beredctl
