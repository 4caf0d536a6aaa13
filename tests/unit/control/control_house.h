#pragma once
// The control API without a socket: a real store, real services, simulated time, a prober that says
// what it is told. A test asks with get() and post().

#include "routes.h"
#include "simulation.h"

#include <filesystem>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>

#include "beredd/base/text.h"
#include "beredd/mail/reading.h"
#include "beredd/store/lmdb_store.h"

namespace beredd::control {

using Json = nlohmann::json;

class ScriptedProber final : public io::Prober {
 public:
  io::ProbeResult says{true, "HTTP 200 in 12 ms"};
  io::Task<io::ProbeResult> probe(io::Probe) override { co_return says; }
};

inline constexpr std::string_view kConfiguration = R"(
[node]
name = "fallback-1"
state = "/nowhere"
[smtp]
hostname = "mx2.example.org"
[[desk]]
name = "support"
addresses = ["support@example.org"]
primary = "helpdesk"
[[desk]]
name = "billing"
addresses = ["billing@example.org"]
primary = "crm"
[[primary]]
name = "helpdesk"
target = { kind = "smtp", host = "in.helpdesk.test", port = 25 }
[[primary.check]]
kind = "http"
url = "https://helpdesk.test/health"
[[primary]]
name = "crm"
target = { kind = "smtp", host = "in.crm.test", port = 25 }
[[primary.check]]
name = "port"
kind = "tcp"
host = "in.crm.test"
port = 25
)";

class TestFolder {
 public:
  TestFolder() {
    std::string pattern = testing::TempDir() + "control-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class ControlHouse : public testing::Test {
 protected:
  ControlHouse() : store_(open_store()) {
    EXPECT_TRUE(modes.recover().ok());
    services.actions = &actions;
  }

  struct Reply {
    int status = 0;
    std::string content_type, body;
    Json json() const { return Json::parse(body); }
  };

  Reply get(const std::string& target, std::uint32_t uid = 0) {
    return ask("GET", target, {}, uid);
  }
  Reply post(const std::string& target, const std::string& body = {}, std::uint32_t uid = 0) {
    return ask("POST", target, body, uid);
  }

  // `target` may have a query whose values need no decoding.
  Reply ask(const std::string& method, const std::string& target, const std::string& body,
            std::optional<std::uint32_t> uid) {
    HttpRequest request;
    request.method = method;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    for (std::string_view pair :
         base::split(question == target.npos ? std::string_view()
                                             : std::string_view(target).substr(question + 1),
                     '&')) {
      const auto equals = pair.find('=');
      if (equals != pair.npos)
        request.query[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
    }
    request.body = body;
    if (uid) request.peer = io::PeerCredentials{*uid, *uid};
    auto reply = world.run(whole(std::move(request)));
    EXPECT_TRUE(reply.has_value()) << method << " " << target << " gave no answer";
    return reply.value_or(Reply{});
  }

  void apply(store::Operation operation) {
    const std::vector<store::Operation> all{std::move(operation)};
    const auto statuses = store_->apply(all);
    ASSERT_TRUE(statuses[0].ok()) << base::to_string(statuses[0].error());
  }

  // Accepts `raw` for `desk`; unsorted.
  base::MessageId accept(const std::string& raw, const std::string& desk = "support") {
    return accept(raw, desk, {mail::Mailbox{"ann", "example.net"}, {{desk, "example.org"}}});
  }
  base::MessageId accept(const std::string& raw, const std::string& desk, mail::Envelope envelope) {
    auto writer = store_->new_body();
    std::vector<store::SealedChunk> chunks = writer.append(raw);
    auto finished = writer.finish();
    if (finished.last) chunks.push_back(*finished.last);
    store::Message message;
    message.desk = desk;
    message.envelope = std::move(envelope);
    message.trace_id = "4f1c2a9b." + std::to_string(store_->next_serial());
    message.peer = "192.0.2.7 (mail.example.net)";
    message.received = world.clock().now();
    message.body = finished.ref;
    base::MessageId id;
    apply([&](store::WriteTxn& txn) -> base::Status {
      for (const auto& chunk : chunks) {
        if (auto put = txn.put_chunk(chunk); !put) return put;
      }
      auto accepted = txn.accept(message);
      if (!accepted) return accepted.error();
      id = *accepted;
      return {};
    });
    return id;
  }

  // Sorts `id` into `ticket`, or into a new one, with a delivery to `primary`.
  base::TicketId sort(base::MessageId id, const mail::Reading& reading, store::DeliveryState state,
                      base::TicketId ticket = {}, const std::string& desk = "support",
                      const std::string& primary = "helpdesk") {
    apply([&](store::WriteTxn& txn) -> base::Status {
      if (!ticket) {
        ticket::Ticket fresh;
        fresh.desk = desk;
        fresh.subject = reading.subject;
        if (!reading.from.empty()) fresh.requester = reading.from.front();
        fresh.created = fresh.updated = world.clock().now();
        auto opened = txn.open_ticket(fresh);
        if (!opened) return opened.error();
        ticket = *opened;
      }
      if (auto put = txn.put_sorted(id, {ticket, "test", reading, world.clock().now()}); !put)
        return put;
      store::Delivery delivery;
      delivery.message = id;
      delivery.ticket = ticket;
      delivery.target = primary;
      delivery.state = state;
      delivery.created = delivery.due = delivery.changed = world.clock().now();
      return txn.enqueue(delivery);
    });
    return ticket;
  }

  base::TicketId take_in(const std::string& raw,
                         store::DeliveryState state = store::DeliveryState::held) {
    return sort(accept(raw), mail::read(raw), state);
  }

  void quarantine(std::uint64_t id, const std::string& primary = "helpdesk") {
    apply([&](store::WriteTxn& txn) -> base::Status {
      if (auto offered = txn.offer(base::MessageId(id), primary, world.clock().now()); !offered)
        return offered;
      return txn.quarantine(base::MessageId(id), primary, "554 5.7.1 no", world.clock().now());
    });
  }

  TestFolder folder_;
  simulation::World world{7};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<io::Committer> committer_ = io::immediate_committer(*store_);
  std::unique_ptr<io::BlockingPool> pool_ = io::inline_pool();
  std::unique_ptr<io::MailReader> reader_ = io::in_process_reader();
  base::Metrics metrics;
  service::Context context{config::parse(kConfiguration, "beredd.toml").config,
                           *store_,
                           *committer_,
                           world.timers(),
                           *pool_,
                           world.clock(),
                           world.random(),
                           metrics,
                           *reader_};
  service::Modes modes{context};
  ScriptedProber prober;
  service::Watch watch{context, modes, prober, world.executor()};
  service::Handback handback{context, modes};
  service::Actions actions{context, {}};
  Services services{context, modes, watch, handback, "0.1.0"};
  House house{991, 992};

 private:
  std::unique_ptr<store::Store> open_store() {
    std::array<std::byte, vault::Key::kSize> bytes{};
    auto opened =
        store::open_lmdb({folder_.path(), base::mebibytes(256), base::kibibytes(256), false},
                         vault::Key(bytes), world.random());
    return *std::move(opened);
  }

  io::Task<Reply> whole(HttpRequest request) {
    const HttpResponse response = co_await dispatch(services, house, std::move(request));
    Reply reply{response.status, response.content_type, response.body};
    while (response.pieces) {
      const auto piece = co_await response.pieces();
      if (!piece) {
        ADD_FAILURE() << base::to_string(piece.error());
        break;
      }
      if (piece->empty()) break;
      reply.body += *piece;
    }
    co_return reply;
  }
};

// A plain mail with CRLF line ends.
inline std::string letter(const std::string& subject, const std::string& body = "Hello\r\n",
                          const std::string& extra = {}) {
  return "From: Ann <ann@example.net>\r\nTo: support@example.org\r\nSubject: " + subject + "\r\n" +
         extra + "\r\n" + body;
}

}  // namespace beredd::control
