#include "beredd/remote/unbound_resolver.h"

#include "live.h"
#include "name_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::remote {
namespace {

using namespace std::chrono_literals;
using base::Code;
using base::Fault;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

base::Result<io::DnsAnswer> ask(const NameServer& server, std::string name, io::RecordType type,
                                base::Duration timeout = 20s) {
  live::Loop loop;
  UnboundOptions options;
  options.servers = {server.where()};
  options.trust_anchor = std::nullopt;
  const auto resolver = unbound_resolver(options);
  EXPECT_TRUE(resolver.ok());
  return loop.run((*resolver)->query(std::move(name), type, timeout));
}

TEST(UnboundResolver, GivesAnAddress) {
  const NameServer server(NameServer::Behaviour::answer, "\xc0\x07\x02\x09");
  const auto answer = ask(server, "mx.example.org", io::RecordType::a);
  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_THAT(answer->records, ElementsAre("192.7.2.9"));
  EXPECT_FALSE(answer->secure);
  EXPECT_EQ(answer->ttl, 60s);
}

TEST(UnboundResolver, AnswersANameThatIsNotThereWithNoRecords) {
  const NameServer server(NameServer::Behaviour::no_such_name);
  const auto answer = ask(server, "nowhere.example.org", io::RecordType::mx);
  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_THAT(answer->records, IsEmpty());
}

TEST(UnboundResolver, DoesNotTakeAFailingServerForAnAbsentName) {
  const NameServer server(NameServer::Behaviour::fail);
  const auto answer = ask(server, "mx.example.org", io::RecordType::txt);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().fault, Fault::transient);
  EXPECT_EQ(answer.error().code, Code::unreachable);
}

TEST(UnboundResolver, GivesUpOnASilentServerWhenItsTimeIsOver) {
  const NameServer server(NameServer::Behaviour::silent);
  const auto answer = ask(server, "mx.example.org", io::RecordType::a, 100ms);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::timeout);
}

TEST(UnboundResolver, RefusesWhatIsNoName) {
  const NameServer server(NameServer::Behaviour::silent);
  const auto answer = ask(server, "a..b", io::RecordType::a);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::invalid);
}

TEST(UnboundResolver, RefusesAServerThatIsNoAddress) {
  UnboundOptions options;
  options.servers = {"no address"};
  const auto made = unbound_resolver(options);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, Code::invalid);
}

}  // namespace
}  // namespace beredd::remote
