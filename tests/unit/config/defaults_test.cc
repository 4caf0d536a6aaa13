// What a short file means, and that the structs' own defaults are the schema's.

#include "sample.h"

namespace beredd::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Config config_in(std::string_view toml) {
  const Loaded loaded = parse(toml, "beredd.toml");
  EXPECT_NE(loaded.config, nullptr) << testing::PrintToString(texts_of(loaded.problems));
  return loaded.config ? *loaded.config : Config{};
}

Config smallest() { return config_in(kSmallest); }

TEST(Defaults, MakeTheSmallestFileWhole) {
  const Loaded loaded = parse(kSmallest, "beredd.toml");
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_EQ(loaded.config->file, "beredd.toml");
}

TEST(Defaults, OfTheNodeAreTheStructs) {
  const Node node = smallest().node;
  EXPECT_EQ(node.name, "beredd");
  EXPECT_EQ(node.state, "/var/lib/beredd");
  EXPECT_EQ(node.key_file, std::nullopt);
  EXPECT_EQ(node.map_size, Node{}.map_size);
  EXPECT_EQ(node.low_water, Node{}.low_water);
}

TEST(Defaults, OfSmtpAreTheStructs) {
  const Smtp smtp = smallest().smtp;
  EXPECT_EQ(smtp.hostname, "mx2.example.org");
  EXPECT_THAT(smtp.listen, IsEmpty());
  EXPECT_THAT(smtp.trusted, ElementsAre("127.0.0.0/8", "::1/128"));
  EXPECT_THAT(smtp.xclient_from, IsEmpty());
  EXPECT_EQ(smtp.etrn_from, smtp.trusted);
  EXPECT_THAT(smtp.limits.dnsbl, IsEmpty());
  EXPECT_THAT(smallest().lmtp.listen, IsEmpty());
  EXPECT_THAT(smallest().dns.servers, IsEmpty());
  EXPECT_EQ(smtp.certificate, std::nullopt);
  EXPECT_EQ(smtp.private_key, std::nullopt);
  EXPECT_THAT(smtp.sni, IsEmpty());
  EXPECT_EQ(smtp.max_message_size, Smtp{}.max_message_size);
  EXPECT_EQ(smtp.max_sessions, Smtp{}.max_sessions);
  EXPECT_EQ(smtp.max_recipients, Smtp{}.max_recipients);
  EXPECT_EQ(smtp.idle_timeout, Smtp{}.idle_timeout);
  EXPECT_EQ(smtp.data_timeout, Smtp{}.data_timeout);
  EXPECT_EQ(smallest().control.socket, Control{}.socket);
  EXPECT_FALSE(smallest().smarthost.has_value());
}

TEST(Defaults, OfANameServerIsThePort) {
  const Config config = config_in(
      std::string(kSmallest) +
      "[dns]\nservers = [\"192.0.2.53\", \"::1\", \"[2001:db8::1]\", \"127.0.0.1:5353\"]\n");
  EXPECT_THAT(config.dns.servers,
              ElementsAre(Endpoint{"192.0.2.53", 53}, Endpoint{"::1", 53},
                          Endpoint{"2001:db8::1", 53}, Endpoint{"127.0.0.1", 5353}));
}

TEST(Defaults, ABlockListIsSpeltInLowerCaseAndWithoutAFinalDot) {
  const Config config =
      config_in(std::string(kSmallest) + "[smtp.limits]\ndnsbl = [\"ZEN.Example.\"]\n");
  EXPECT_THAT(config.smtp.limits.dnsbl, ElementsAre("zen.example"));
}

TEST(Defaults, OfATargetAreTheStructs) {
  const Target target = smallest().primaries.at(0).target;
  EXPECT_EQ(target.kind, Target{}.kind);
  EXPECT_EQ(target.at, (Endpoint{"in.helpdesk.example", 25}));
  EXPECT_EQ(target.tls, Target{}.tls);
  EXPECT_EQ(target.ca_file, std::nullopt);
  EXPECT_EQ(target.when_unknown, Target{}.when_unknown);
  EXPECT_EQ(target.connections, Target{}.connections);
  EXPECT_EQ(target.timeout, Target{}.timeout);
}

TEST(Defaults, OfAPrimaryAreTheStructs) {
  const Primary primary = smallest().primaries.at(0);
  EXPECT_EQ(primary.start, Primary{}.start);
  EXPECT_EQ(primary.ring, Primary{}.ring);
  EXPECT_EQ(primary.give_up, Primary{}.give_up);
  EXPECT_EQ(primary.failover.fall, failover::Settings{}.fall);
  EXPECT_EQ(primary.failover.rise, failover::Settings{}.rise);
  EXPECT_EQ(primary.failover.quorum, failover::Settings{}.quorum);
  EXPECT_EQ(primary.failover.min_dwell, failover::Settings{}.min_dwell);
  EXPECT_EQ(primary.failover.daily_budget, failover::Settings{}.daily_budget);
  EXPECT_EQ(primary.checks.at(0).every, Check{}.every);
  EXPECT_EQ(primary.checks.at(0).timeout, Check{}.timeout);
}

TEST(Defaults, RetryQuicklyAtFirstAndThenHalfHourlyAsTheStandardAsks) {
  const std::vector<base::Duration> retry = smallest().primaries.at(0).retry;
  EXPECT_THAT(retry, ElementsAre(5min, 10min, 15min, 30min, 1h));
}

TEST(Defaults, TakeAnswersFromTheFirstWholeAddress) {
  EXPECT_EQ(smallest().desks.at(0).from, "support@example.org");
  const Config mixed =
      config_in(edited(instead(5, "addresses = [\"@help.example\", \"Me@example.org\"]")));
  EXPECT_EQ(mixed.desks.at(0).from, "me@example.org");
}

TEST(Defaults, TakeAnswersFromThePostmasterOfADeskOfDomains) {
  const Config config = config_in(edited(instead(5, "addresses = [\"@help.example\"]")));
  EXPECT_EQ(config.desks.at(0).from, "postmaster@help.example");
}

TEST(Defaults, NameChecksByTheirKindAndNumberThem) {
  const Config config = config_in(edited(below(
      11,
      "[[primary.check]]\nkind = \"tcp\"\n[[primary.check]]\nkind = \"tcp\"\nname = \"tcp-2\"\n"
      "[[primary.check]]\nkind = \"http\"\nurl = \"http://a/\"")));
  std::vector<std::string> names;
  for (const Check& check : config.primaries.at(0).checks) names.push_back(check.name);
  EXPECT_THAT(names, ElementsAre("tcp", "tcp-3", "tcp-2", "http"));
}

TEST(Defaults, PointAChecksPortAtItsProtocol) {
  const Config config = config_in(edited(
      below(11,
            "[[primary.check]]\nkind = \"smtp\"\n[[primary.check]]\nkind = \"smtp\"\ntls = true\n"
            "[[primary.check]]\nkind = \"imap\"\n[[primary.check]]\nkind = \"imap\"\ntls = true\n"
            "host = \"imap.example.org\"\n[[primary.check]]\nkind = \"tcp\"\nport = 8080")));
  std::vector<Endpoint> places;
  for (const Check& check : config.primaries.at(0).checks) places.push_back(check.at);
  const std::string host = "in.helpdesk.example";
  EXPECT_THAT(places, ElementsAre(Endpoint{host, 25}, Endpoint{host, 25}, Endpoint{host, 465},
                                  Endpoint{host, 143}, Endpoint{"imap.example.org", 993},
                                  Endpoint{host, 8080}));
}

TEST(Values, AreReadInTheirOneSpelling) {
  const Config config = config_in(
      edited(below(2,
                   "listen = [\"[::]:25\", \"127.0.0.1:0\", \"localhost:2525\"]\n"
                   "trusted = [\"10.0.0.0/8\", \"192.0.2.1\", \"2001:DB8::/32\", \"::1\"]")));
  EXPECT_THAT(config.smtp.listen, ElementsAre(Endpoint{"::", 25}, Endpoint{"127.0.0.1", 0},
                                              Endpoint{"localhost", 2525}));
  EXPECT_THAT(config.smtp.trusted,
              ElementsAre("10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32", "::1/128"));
}

TEST(Values, ReachTheirMembers) {
  const Config config = config_in(edited(instead(
      9,
      "handback = \"manual\"\nring = \"1h30m\"\nretry = [\"1s\"]\ngive_up = \"2w\"\n"
      "target = { host = \"[::1]\", port = 2525, tls = \"required\", ca_file = \"/ca.pem\", "
      "when_unknown = \"resend\", connections = 1, timeout = \"10s\" }\n"
      "failover = { fall = 1, rise = 2, min_dwell = \"0s\", daily_budget = 3 }")));
  const Primary& primary = config.primaries.at(0);
  EXPECT_EQ(primary.start, HandbackStart::manual);
  EXPECT_EQ(primary.ring, 90min);
  EXPECT_THAT(primary.retry, ElementsAre(1s));
  EXPECT_EQ(primary.give_up, 24h * 14);
  EXPECT_EQ(primary.target.at, (Endpoint{"::1", 2525}));
  EXPECT_EQ(primary.target.tls, Tls::required);
  EXPECT_EQ(primary.target.ca_file, "/ca.pem");
  EXPECT_EQ(primary.target.when_unknown, WhenUnknown::resend);
  EXPECT_EQ(primary.target.connections, 1);
  EXPECT_EQ(primary.target.timeout, 10s);
  EXPECT_EQ(primary.failover.fall, 1);
  EXPECT_EQ(primary.failover.rise, 2);
  EXPECT_EQ(primary.failover.min_dwell, 0s);
  EXPECT_EQ(primary.failover.daily_budget, 3);
}

TEST(Values, OfASmarthostReachTheirMembers) {
  const Config config = config_in(edited(below(
      11, "[smarthost]\nhost = \"smtp.example.org\"\nuser = \"me\"\npassword_file = \"secret\"")));
  ASSERT_TRUE(config.smarthost.has_value());
  EXPECT_EQ(config.smarthost->at, (Endpoint{"smtp.example.org", 587}));
  EXPECT_EQ(config.smarthost->tls, Tls::required);
  EXPECT_EQ(config.smarthost->user, "me");
  EXPECT_EQ(config.smarthost->password_file, "secret");
  EXPECT_EQ(config.smarthost->ca_file, std::nullopt);
  EXPECT_EQ(config.smarthost->timeout, 5min);
}

TEST(Values, OfWhatGoesOutReachTheirMembers) {
  const Config none = smallest();
  EXPECT_EQ(none.outgoing.retry, Outgoing{}.retry);
  EXPECT_EQ(none.outgoing.give_up, Outgoing{}.give_up);
  const Config config =
      config_in(edited(below(11, "[outgoing]\nretry = [\"5s\", \"1m\"]\ngive_up = \"6h\"")));
  EXPECT_THAT(config.outgoing.retry, ElementsAre(5s, 1min));
  EXPECT_EQ(config.outgoing.give_up, 6h);
}

TEST(Values, OfASmarthostWithImplicitTlsReachTheirMembers) {
  const Config config =
      config_in(edited(below(11,
                             "[smarthost]\nhost = \"a\"\nport = 465\ntls = \"implicit\"\n"
                             "ca_file = \"/ca.pem\"\ntimeout = \"10s\"")));
  ASSERT_TRUE(config.smarthost.has_value());
  EXPECT_EQ(config.smarthost->tls, Tls::implicit);
  EXPECT_EQ(config.smarthost->ca_file, "/ca.pem");
  EXPECT_EQ(config.smarthost->timeout, 10s);
}

TEST(Values, ThatAreRelativePathsStandBesideTheFile) {
  const std::string toml =
      edited(below(2, "certificate = \"tls/../a.pem\"\nprivate_key = \"/k/a.key\""));
  const Loaded loaded = parse(toml, "/etc/beredd/beredd.toml");
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_EQ(loaded.config->smtp.certificate, "/etc/beredd/a.pem");
  EXPECT_EQ(loaded.config->smtp.private_key, "/k/a.key");
}

}  // namespace
}  // namespace beredd::config
