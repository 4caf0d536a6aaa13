#pragma once
// One SMTP connection to a primary: a ClientSession over a Stream.

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beredd/io/stream.h"
#include "beredd/io/target.h"
#include "beredd/remote/smtp_target.h"

namespace beredd::remote {

class SmtpConnection final : public io::TargetSession {
 public:
  // `tls` may be null when `options.tls` is off.
  SmtpConnection(std::unique_ptr<io::Stream> stream, SmtpTargetOptions options, io::TlsContext* tls,
                 std::optional<smtp::Credentials> login);

  // Greeting, EHLO, TLS and login. Errors: those of Target::open().
  io::Task<base::Status> greet();

  io::Task<void> hand_over(std::vector<io::Parcel> parcels,
                           std::function<void(std::size_t index, io::Handover)> done) override;
  io::Task<io::LookUpResult> look_up(io::Parcel parcel) override;
  io::TargetAbilities abilities() const override;
  bool alive() const override { return alive_; }
  io::Task<void> finish() override;

 private:
  // Talks until the session has something for us: Ready, SendBody, Finished or Over.
  io::Task<smtp::ClientEvent> next_event();
  io::Task<base::Status> start_tls();
  io::Task<void> shake_hands();
  // Sends what the session still has to say, without awaiting an answer.
  io::Task<void> say_the_rest();
  io::Task<void> send_body(std::size_t index, const io::Parcel& parcel);
  static base::Result<std::string> piece_of(const io::Parcel& parcel, std::uint32_t number);
  io::Task<void> flush();
  io::Task<void> read_replies();

  smtp::Transaction transaction_of(const io::Parcel& parcel) const;
  io::Handover handover_of(const smtp::Outcome& outcome) const;
  std::string in_words(const base::Error& error) const;
  base::Error opening_error(const std::string& why) const;
  void over();

  std::unique_ptr<io::Stream> stream_;
  const SmtpTargetOptions options_;
  io::TlsContext* tls_;
  smtp::ClientSession session_;
  smtp::Capabilities capabilities_;
  base::Duration timeout_;
  std::array<char, 4096> received_;
  std::string unsent_;                  // small writes leave together
  std::optional<base::Error> failure_;  // of the stream: nothing more is sent
  bool our_fault_ = false;              // a message could not be read to its end
  bool alive_ = true;
  std::size_t begun_ = 0;               // transactions, by the session's count
  std::optional<std::size_t> sending_;  // the transaction whose message is on its way
  std::uint32_t pieces_sent_ = 0;       // of it: the trace, then the chunks
};

}  // namespace beredd::remote
