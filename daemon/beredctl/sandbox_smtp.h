#pragma once
// One SMTP connection to the sandbox: accepts any recipient, keeps the mail, or fails as it is
// told.

#include "sandbox_failure.h"
#include "sandbox_folder.h"

#include <memory>
#include <optional>
#include <string>

#include "beredd/base/clock.h"
#include "beredd/io/stream.h"
#include "beredd/smtp/server_session.h"

namespace beredd::beredctl {

// Used from the stream's executor.
class SandboxConversation {
 public:
  SandboxConversation(io::Stream& stream, const std::string& hostname, MailFolder& folder,
                      FailureSwitch& failure, const base::Clock& clock);

  // Returns when the connection is over; the stream is the caller's to close.
  io::Task<void> run();

 private:
  enum class Next { go_on, need_input, hang_up };
  Next handle(smtp::ServerEvent event);

  // An overload for each event.
  Next on(smtp::NeedInput);
  Next on(smtp::Write write);
  Next on(smtp::AskMail ask);
  Next on(smtp::AskRecipient ask);
  Next on(smtp::AskData);
  Next on(smtp::Data data);
  Next on(smtp::AskAccept);
  Next on(smtp::DropData);
  // Nobody was granted them, so nobody is asked about them.
  Next on(smtp::AskClient) { return Next::hang_up; }
  Next on(smtp::AskTurn) { return Next::hang_up; }
  Next on(smtp::StartTls);
  Next on(smtp::Close);

  io::Task<bool> flush();
  io::Task<bool> read();

  io::Stream& stream_;
  MailFolder& folder_;
  FailureSwitch& failure_;
  const base::Clock& clock_;
  smtp::ServerSession session_;
  std::string unsent_;
  KeptMail mail_;
  std::optional<Draft> draft_;
  bool broken_ = false;  // the draft could not be written
};

}  // namespace beredd::beredctl
