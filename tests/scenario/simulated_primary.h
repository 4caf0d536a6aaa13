#pragma once
// A primary on the simulated network: an SMTP server that keeps what it takes, and fails on demand.

#include "simulation.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beredd/io/prober.h"
#include "beredd/mail/envelope.h"
#include "beredd/smtp/server_session.h"

namespace beredd::scenario {

enum class Fail { none, refuse, hang, tempfail, reject, drop_unkept, drop_kept };

// Its data outlive a World: the mail a primary took is still there when beredd is born again.
class SimulatedPrimary {
 public:
  struct Kept {
    std::string bytes;
    mail::Envelope envelope;
    std::string transaction_id;
  };

  static io::Address address() { return {"primary.test", 25}; }
  // Another one may stand elsewhere: a smarthost.
  explicit SimulatedPrimary(io::Address at = address()) : at_(std::move(at)) {}

  void move_into(simulation::World& world) {
    world_ = &world;
    listener_ = world.network().listen(at_);
    io::spawn(world.executor(), accept(), "simulated primary");
    set(fail_);
  }
  void leave() { listener_.reset(); }

  void set(Fail fail) {
    fail_ = fail;
    simulation::Faults faults;
    faults.refuse = fail == Fail::refuse;
    faults.hang = fail == Fail::hang;
    world_->network().set_faults(at_, faults);
    if (fail == Fail::refuse) world_->network().cut(at_);
  }
  Fail fail() const { return fail_; }

  std::vector<Kept> kept;
  bool checkpoint = true;              // offers RFC 1845
  bool smtputf8 = false, dsn = false;  // offers RFC 6531, RFC 3461
  bool chunking = false;               // offers RFC 3030
  std::string refuses;                 // a mail that contains this is answered 554

 private:
  io::Task<void> accept() {
    for (;;) {
      auto stream = co_await listener_->accept();
      if (!stream) co_return;
      io::spawn(world_->executor(), talk(std::move(*stream)), "simulated primary's session");
    }
  }

  io::Task<void> talk(std::unique_ptr<io::Stream> stream) {
    smtp::ServerOptions options;
    options.hostname = "primary.test";
    options.offer_checkpoint = checkpoint;
    options.offer_smtputf8 = smtputf8;
    options.offer_dsn = dsn;
    options.offer_chunking = chunking;
    smtp::ServerSession session(options);
    Kept coming;
    std::vector<char> buffer(4096);
    for (;;) {
      smtp::ServerEvent event = session.next();
      if (std::holds_alternative<smtp::NeedInput>(event)) {
        auto got = co_await stream->read(buffer, std::chrono::minutes(5));
        if (!got) co_return;
        session.receive({buffer.data(), *got});
      } else if (auto* write = std::get_if<smtp::Write>(&event)) {
        auto written = co_await stream->write(write->bytes, std::chrono::minutes(5));
        if (!written) co_return;
      } else if (std::holds_alternative<smtp::Close>(event)) {
        co_return;
      } else if (!decide(session, event, coming)) {
        stream->close();
        co_return;
      }
    }
  }

  // False: the connection breaks here.
  bool decide(smtp::ServerSession& session, smtp::ServerEvent& event, Kept& coming) {
    if (auto* mail = std::get_if<smtp::AskMail>(&event)) {
      session.answer(mail_answer(*mail));
      coming =
          Kept{{},
               {mail->from, {}, mail->body, mail->smtputf8, mail->dsn_return, mail->envelope_id},
               mail->transaction_id};
    } else if (auto* to = std::get_if<smtp::AskRecipient>(&event)) {
      coming.envelope.forward_paths.push_back(to->to);
      coming.envelope.recipient_dsn.push_back(to->dsn);
      session.answer(fail_ == Fail::tempfail ? smtp::reply(451, "4.3.0", "not now")
                     : fail_ == Fail::reject ? smtp::reply(554, "5.7.1", "never")
                                             : smtp::reply(250, "2.1.5", "ok"));
    } else if (std::holds_alternative<smtp::AskData>(event)) {
      session.answer(smtp::reply(354, "", "go on"));
    } else if (auto* data = std::get_if<smtp::Data>(&event)) {
      coming.bytes += data->bytes;
    } else if (std::holds_alternative<smtp::AskAccept>(event)) {
      if (fail_ == Fail::drop_unkept) return false;
      if (!refuses.empty() && coming.bytes.find(refuses) != std::string::npos) {
        session.answer(smtp::reply(554, "5.6.0", "not this one"));
        return true;
      }
      kept.push_back(coming);
      if (fail_ == Fail::drop_kept) return false;
      session.answer(smtp::reply(250, "2.0.0", fmt::format("kept as {}", kept.size())));
    }
    return true;
  }

  smtp::Reply mail_answer(const smtp::AskMail& mail) const {
    for (const Kept& one : kept) {
      if (!mail.transaction_id.empty() && one.transaction_id == mail.transaction_id) {
        return smtp::reply(355, "", fmt::format("{} is the transaction offset", one.bytes.size()));
      }
    }
    return smtp::reply(250, "2.1.0", "ok");
  }

  const io::Address at_;
  simulation::World* world_ = nullptr;
  std::unique_ptr<io::Listener> listener_;
  Fail fail_ = Fail::none;
};

// Sees of the primary what a health check would.
class SimulatedProber final : public io::Prober {
 public:
  explicit SimulatedProber(const SimulatedPrimary& primary) : primary_(primary) {}
  io::Task<io::ProbeResult> probe(io::Probe) override {
    io::ProbeResult result;
    result.ok = primary_.fail() != Fail::refuse && primary_.fail() != Fail::hang;
    result.saw = result.ok ? "HTTP 200 in 1 ms" : "connection refused";
    co_return result;
  }

 private:
  const SimulatedPrimary& primary_;
};

}  // namespace beredd::scenario
