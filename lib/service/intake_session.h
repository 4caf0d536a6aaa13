#pragma once
// One SMTP or LMTP connection: the loop between a stream and a sans-IO session.

#include "acceptance.h"
#include "admission.h"
#include "block_lists.h"
#include "session_limits.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "beredd/io/stream.h"
#include "beredd/io/tls.h"
#include "beredd/service/context.h"
#include "beredd/service/intake.h"
#include "beredd/smtp/server_session.h"

namespace beredd::service {

// What all sessions of one listener have in common.
struct Door {
  smtp::Protocol protocol = smtp::Protocol::smtp;
  io::TlsContext* tls = nullptr;
  HandbackRun run;
  std::shared_ptr<Admission> admission;
  std::shared_ptr<BlockLists> block_lists;  // null: none is asked
};

// Lives on its stream's executor; owned by a shared_ptr.
class IntakeSession : public std::enable_shared_from_this<IntakeSession> {
 public:
  IntakeSession(Context& context, std::unique_ptr<io::Stream> stream, Door door);

  io::Task<void> run();
  // Instead of run(): this reply and the end.
  io::Task<void> turn_away(smtp::Reply words);
  // Whom its place is counted for. Before run(), on its executor, or after run().
  const Admission::Client& client() const { return counted_as_; }

  // From any thread: no new transaction; who has none is told 421 and the connection ends. With
  // `now`, it ends whatever is under way.
  void stop(bool now);

 private:
  // What needs no waiting: most questions, and data that fill no chunk. False: it is serve()'s.
  bool serve_at_once(smtp::ServerEvent& event);
  io::Task<bool> serve(smtp::ServerEvent event);  // false: the connection is over
  io::Task<bool> write(std::string bytes);
  io::Task<bool> read_more();
  // Whether a reply came out in its time; what did not is counted.
  bool was_read(const base::Status& written);
  // What the protocol object itself refused, for the metric.
  void count_met();
  io::Task<bool> start_tls();
  // Waits before the greeting; false: the client spoke before it, or went.
  io::Task<bool> hold_back();
  // Its place is for client_ from now on; a refusal is counted.
  std::optional<smtp::Reply> admit_client();
  smtp::Reply limited(const Refusal& refusal);
  // Asks the block lists about client_, if it is one that they are for.
  void look_up_client();
  // What a load balancer says first; false: it did not, and the connection is over.
  io::Task<bool> hear_proxy();
  io::Task<void> ask_accept();
  io::Task<void> linger();
  static io::Task<void> say_farewell(std::shared_ptr<IntakeSession> self);
  smtp::Reply ask_client(const smtp::AskClient& ask);
  smtp::Privileges privileges() const;
  smtp::Reply ask_mail(const smtp::AskMail& ask);
  smtp::Reply ask_recipient(const smtp::AskRecipient& ask);
  smtp::Hop hop() const;

  Context& context_;
  std::unique_ptr<io::Stream> stream_;
  Door door_;
  std::string peer_;         // the address of the other end, behind a load balancer
  std::string client_;       // the one it speaks for (XCLIENT), else the same; empty: unknown
  std::string client_host_;  // its name, when XCLIENT gave one
  Admission::Client counted_as_;
  std::shared_ptr<BlockLists::Inquiry> inquiry_;  // about client_; null: none
  SessionLimits limits_;
  smtp::ServerSession session_;
  std::optional<Acceptance> acceptance_;
  std::array<char, 512> line_;      // for commands: a silent session has no other buffer
  std::unique_ptr<char[]> buffer_;  // only from the first data of a mail to its end
  bool stopping_ = false;
  bool spoke_early_ = false;  // behind its PROXY header
  bool reading_ = false;      // waits for the client
  bool farewell_ = false;     // 421 is being said outside the session's own order
};

}  // namespace beredd::service
