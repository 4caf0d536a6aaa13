// Keys that need, name or exclude each other.

#include "sample.h"

namespace beredd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Agreement : public testing::TestWithParam<Case> {};

TEST_P(Agreement, IsHeldAcrossTables) {
  const Loaded loaded = parse(edited(GetParam().edit), "beredd.toml");
  EXPECT_EQ(texts_of(loaded.problems), GetParam().problems);
  EXPECT_EQ(loaded.config, nullptr);
}

const std::string kSecondDesk = "[[desk]]\nname = \"sales\"\nprimary = \"helpdesk\"\n";

INSTANTIATE_TEST_SUITE_P(
    Names, Agreement,
    testing::Values(
        Case{"DeskWithoutPrimary",
             instead(6, ""),
             {"desk \"support\": no primary; name one of: helpdesk (beredd.toml:3)"}},
        Case{"DeskWithAnUnknownPrimary",
             instead(6, "primary = \"zammad\""),
             {"desk \"support\": there is no primary \"zammad\"; name one of: helpdesk "
              "(beredd.toml:6)"}},
        Case{"AddressServedTwice",
             below(6, kSecondDesk + "addresses = [\"Support@Example.org\"]"),
             {"desk \"sales\": Support@Example.org is already served by desk \"support\" in line 5 "
              "(beredd.toml:10)"}},
        Case{"AddressTwiceInOneDesk",
             instead(5, "addresses = [\"a@example.org\",\n\"a@example.org\"]"),
             {"desk \"support\": a@example.org is already served by desk \"support\" in line 5 "
              "(beredd.toml:6)"}},
        Case{"DomainServedTwice",
             instead(5, "addresses = [\"@example.org\",\n\"@EXAMPLE.org\"]"),
             {"desk \"support\": @EXAMPLE.org is already served by desk \"support\" in line 5 "
              "(beredd.toml:6)"}},
        Case{"DeskNameTwice",
             below(6,
                   "[[desk]]\nname = \"support\"\nprimary = \"helpdesk\"\naddresses = [\"a@b.c\"]"),
             {"desk \"support\": this name is taken in line 4 (beredd.toml:8)"}},
        Case{"PrimaryNameTwice",
             below(11,
                   "[[primary]]\nname = \"helpdesk\"\ntarget = { host = \"b\" }\n"
                   "[[primary.check]]\nkind = \"tcp\""),
             {"primary \"helpdesk\": this name is taken in line 8 (beredd.toml:13)"}},
        Case{"CheckNameTwice",
             below(11, "name = \"port\"\n[[primary.check]]\nkind = \"smtp\"\nname = \"port\""),
             {"primary.check \"port\": this name is taken in line 12 (beredd.toml:15)"}}),
    sentence_of);

INSTANTIATE_TEST_SUITE_P(
    Keys, Agreement,
    testing::Values(
        Case{"CertificateWithoutKey",
             below(2, "certificate = \"a.pem\""),
             {"smtp: a certificate needs its private_key (beredd.toml:3)"}},
        Case{"KeyWithoutCertificate",
             below(2, "private_key = \"a.key\""),
             {"smtp: a private_key needs its certificate (beredd.toml:3)"}},
        Case{"FurtherNamesWithoutACertificateForTheRest",
             below(2, "[[smtp.sni]]\ncertificate = \"a.pem\"\nprivate_key = \"a.key\""),
             {"smtp.sni: needs smtp.certificate, which every other client is shown "
              "(beredd.toml:3)"}},
        Case{"ListenTwice",
             below(2, "listen = [\"[::]:25\",\n\"[::]:25\"]"),
             {"smtp.listen: \"[::]:25\" is there twice (beredd.toml:4)"}},
        Case{"BlockListTwice",
             below(2, "[smtp.limits]\ndnsbl = [\"zen.example\",\n\"ZEN.example.\"]"),
             {"smtp.limits.dnsbl: \"zen.example\" is there twice (beredd.toml:5)"}},
        Case{"OneListenerForTwoProtocols",
             below(2, "listen = [\"[::1]:2424\"]\n[lmtp]\nlisten = [\"[::1]:2424\"]"),
             {"lmtp.listen: \"[::1]:2424\" is in smtp.listen already (beredd.toml:5)"}},
        Case{"LmtpOnThePortOfSmtp",
             below(2, "[lmtp]\nlisten = [\"127.0.0.1:25\"]"),
             {"lmtp.listen: \"127.0.0.1:25\": port 25 is for SMTP only (beredd.toml:4)"}},
        Case{"SocketPathThatNoSocketCanHave",
             below(11, "[control]\nsocket = \"/" + std::string(107, 'x') + "\""),
             {"control.socket: 108 bytes are too long for a socket's path; 107 is the most "
              "(beredd.toml:13)"}},
        Case{"HttpCheckWithoutUrl",
             instead(11, "kind = \"http\""),
             {"primary.check: no url (beredd.toml:10)"}},
        Case{"HttpCheckWithAHost",
             instead(11, "kind = \"http\"\nurl = \"http://a/\"\nhost = \"a\""),
             {"primary.check.host: not for a check of kind http (beredd.toml:13)"}},
        Case{"TcpCheckWithAUrl",
             below(11, "url = \"http://a/\""),
             {"primary.check.url: not for a check of kind tcp (beredd.toml:12)"}},
        Case{"TcpCheckWithTls",
             below(11, "tls = true"),
             {"primary.check.tls: not for a check of kind tcp (beredd.toml:12)"}},
        Case{"QuorumThatNoChecksCanReach",
             below(9, "failover = { quorum = 2 }"),
             {"primary.failover.quorum: 2 is above the number of checks, 1 (beredd.toml:10)"}},
        Case{"MailboxWithoutAUser",
             instead(9, "target = { kind = \"imap\", host = \"a\" }"),
             {"primary.target: a mailbox needs a user and a password_file (beredd.toml:9)"}},
        Case{"MailboxOfAPlaceThatIsNone",
             instead(9,
                     "target = { kind = \"imap\", host = \"a\", user = \"me\", password_file = "
                     "\"p\", mailbox = \"in/{dsk}\" }"),
             {"primary.target.mailbox: {desk} is the one place that it may have, and once "
              "(beredd.toml:9)"}},
        Case{"LmtpWithALogin",
             instead(9, "target = { kind = \"lmtp\", host = \"a\", user = \"me\" }"),
             {"primary.target.user: not for a target of kind lmtp (beredd.toml:9)"}},
        Case{"SmtpIntoAMailbox",
             instead(9, "target = { host = \"a\", mailbox = \"in\" }"),
             {"primary.target.mailbox: not for a target of kind smtp (beredd.toml:9)"}},
        Case{"ImapPasswordInTheClear",
             instead(9,
                     "target = { kind = \"imap\", host = \"a\", user = \"me\", password_file = "
                     "\"p\", tls = \"off\" }"),
             {"primary.target: a password travels only with tls = \"required\" or \"implicit\" "
              "(beredd.toml:9)"}},
        Case{"ImapsAtThePortOfImap",
             instead(9,
                     "target = { kind = \"imap\", host = \"a\", port = 143, user = \"me\", "
                     "password_file = \"p\", tls = \"implicit\" }"),
             {"primary.target: tls = \"implicit\" is for port 993; 143 wants \"required\" "
              "(beredd.toml:9)"}},
        Case{"LookingUpAMailboxElsewhere",
             instead(9,
                     "target = { kind = \"imap\", host = \"a\", user = \"me\", password_file = "
                     "\"p\" }\nlook_up = { host = \"b\", user = \"me\", password_file = \"p\" }"),
             {"primary.look_up: a target of kind imap is looked up in its own mailbox; remove the "
              "table (beredd.toml:10)"}},
        Case{"UserWithoutPassword",
             below(11, "[smarthost]\nhost = \"a\"\nuser = \"me\""),
             {"smarthost: a user needs a password_file (beredd.toml:14)"}},
        Case{"PasswordWithoutUser",
             below(11, "[smarthost]\nhost = \"a\"\npassword_file = \"p\""),
             {"smarthost: a password_file needs a user (beredd.toml:14)"}},
        Case{"ImplicitTlsAtThePortOfTheOther",
             below(11, "[smarthost]\nhost = \"a\"\ntls = \"implicit\""),
             {"smarthost: tls = \"implicit\" is for port 465; 587 wants \"required\" "
              "(beredd.toml:14)"}},
        Case{"TheOtherTlsAtThePortOfTheImplicit",
             below(11, "[smarthost]\nhost = \"a\"\nport = 465"),
             {"smarthost: port 465 wants tls = \"implicit\" (beredd.toml:14)"}},
        Case{"PasswordInTheClear",
             below(11,
                   "[smarthost]\nhost = \"a\"\nuser = \"me\"\n"
                   "password_file = \"p\"\ntls = \"opportunistic\""),
             {"smarthost: a password travels only with tls = \"required\" or \"implicit\" "
              "(beredd.toml:16)"}}),
    sentence_of);

TEST(Agreement, OfTwoListensOnAnyPortIsNotBroken) {
  EXPECT_THAT(problems_in(edited(below(2, "listen = [\"127.0.0.1:0\", \"127.0.0.1:0\"]"))),
              IsEmpty());
}

TEST(Agreement, LetsAPrimaryWithoutChecksPassWithAWarning) {
  const Loaded loaded =
      parse(kSmallest.substr(0, kSmallest.find("[[primary.check]]")), "beredd.toml");
  EXPECT_THAT(texts_of(loaded.problems),
              ElementsAre("warning: primary \"helpdesk\": no check; only its target's port will be "
                          "tried (beredd.toml:7)"));
  ASSERT_NE(loaded.config, nullptr);
  ASSERT_EQ(loaded.config->primaries[0].checks.size(), 1U);
  const Check& check = loaded.config->primaries[0].checks[0];
  EXPECT_EQ(check.kind, CheckKind::tcp);
  EXPECT_EQ(check.name, "tcp");
  EXPECT_EQ(check.at, (Endpoint{"in.helpdesk.example", 25}));
}

TEST(Agreement, WarnsOfAPrimaryThatNoDeskUses) {
  const Loaded loaded =
      parse(edited(below(11,
                         "[[primary]]\nname = \"old\"\ntarget = { host = \"b\" }\n"
                         "[[primary.check]]\nkind = \"tcp\"")),
            "beredd.toml");
  EXPECT_THAT(texts_of(loaded.problems),
              ElementsAre("warning: primary \"old\": no desk uses it (beredd.toml:12)"));
  EXPECT_NE(loaded.config, nullptr);
}

}  // namespace
}  // namespace beredd::config
