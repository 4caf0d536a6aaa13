// Types, units, bounds, choices and grammars: each wrong value is told with its key, its bound and
// its line, and nothing else is complained about.

#include "sample.h"

namespace beredd::config {
namespace {

class ValueErrors : public testing::TestWithParam<Case> {};

TEST_P(ValueErrors, NameKeyValueAndLine) {
  const Loaded loaded = parse(edited(GetParam().edit), "beredd.toml");
  EXPECT_EQ(texts_of(loaded.problems), GetParam().problems);
  EXPECT_EQ(loaded.config, nullptr);
}

constexpr const char* kDuration = "expected a duration such as \"30s\" or \"1h30m\", got ";

INSTANTIATE_TEST_SUITE_P(
    Quantities, ValueErrors,
    testing::Values(
        Case{"DurationBelowItsMinimum",
             below(2, "idle_timeout = \"5s\""),
             {"smtp.idle_timeout: 5s is below the minimum 10s (beredd.toml:3)"}},
        Case{"DurationAboveItsMaximum",
             below(2, "data_timeout = \"2h\""),
             {"smtp.data_timeout: 2h is above the maximum 1h (beredd.toml:3)"}},
        Case{"DurationWithoutUnit",
             below(2, "idle_timeout = \"30\""),
             {std::string("smtp.idle_timeout: ") + kDuration + "\"30\" (beredd.toml:3)"}},
        Case{"DurationAsNumber",
             below(2, "idle_timeout = 30"),
             {std::string("smtp.idle_timeout: ") + kDuration + "30 (beredd.toml:3)"}},
        Case{"DurationAsTomlTime",
             below(2, "idle_timeout = 07:32:00"),
             {std::string("smtp.idle_timeout: ") + kDuration + "07:32:00 (beredd.toml:3)"}},
        Case{"NegativeDuration",
             below(8, "ring = \"-1h\""),
             {std::string("primary.ring: ") + kDuration + "\"-1h\" (beredd.toml:9)"}},
        Case{"SizeWithAnUnknownUnit",
             below(2, "max_message_size = \"40 parsecs\""),
             {"smtp.max_message_size: expected a size such as \"40MiB\", got \"40 parsecs\" "
              "(beredd.toml:3)"}},
        Case{"SizeAsNumber",
             below(2, "max_message_size = 41943040"),
             {"smtp.max_message_size: expected a size such as \"40MiB\", got 41943040 "
              "(beredd.toml:3)"}},
        Case{"SizeBelowItsMinimum",
             below(2, "max_message_size = \"1KiB\""),
             {"smtp.max_message_size: 1KiB is below the minimum 64KiB (beredd.toml:3)"}},
        Case{"SizeAboveItsMaximum",
             below(2, "max_message_size = \"2GiB\""),
             {"smtp.max_message_size: 2GiB is above the maximum 1GiB (beredd.toml:3)"}},
        Case{"SizeBeyondSixtyFourBits",
             below(2, "max_message_size = \"99999999TiB\""),
             {"smtp.max_message_size: expected a size such as \"40MiB\", got \"99999999TiB\" "
              "(beredd.toml:3)"}},
        Case{"NumberBelowItsMinimum",
             below(2, "max_sessions = 0"),
             {"smtp.max_sessions: 0 is below the minimum 1 (beredd.toml:3)"}},
        Case{"FewerRecipientsThanTheStandardAsks",
             below(2, "max_recipients = 99"),
             {"smtp.max_recipients: 99 is below the minimum 100 (beredd.toml:3)"}},
        Case{"NumberAboveItsMaximum",
             instead(9, "target = { host = \"a\", port = 70000 }"),
             {"primary.target.port: 70000 is above the maximum 65535 (beredd.toml:9)"}},
        Case{"PortZeroOfATarget",
             instead(9, "target = { host = \"a\", port = 0 }"),
             {"primary.target.port: 0 is below the minimum 1 (beredd.toml:9)"}},
        Case{"NumberInQuotes",
             below(2, "max_sessions = \"many\""),
             {"smtp.max_sessions: expected a whole number, got \"many\" (beredd.toml:3)"}},
        Case{"FractionWhereANumberIsWhole",
             below(2, "max_sessions = 1.5"),
             {"smtp.max_sessions: expected a whole number, got 1.5 (beredd.toml:3)"}},
        Case{"WaitsThatAreNoDurations",
             below(8, "retry = [\"5m\", \"soon\"]"),
             {std::string("primary.retry: ") + kDuration + "\"soon\" (beredd.toml:9)"}},
        Case{"WaitBelowItsMinimum",
             below(8, "retry = [\"1ms\"]"),
             {"primary.retry: 1ms is below the minimum 100ms (beredd.toml:9)"}},
        Case{"CheckMoreOftenThanAllowed",
             below(11, "every = \"10ms\""),
             {"primary.check.every: 10ms is below the minimum 100ms (beredd.toml:12)"}},
        Case{"FallOfNothing",
             below(9, "failover = { fall = 0 }"),
             {"primary.failover.fall: 0 is below the minimum 1 (beredd.toml:10)"}}),
    sentence_of);

constexpr const char* kNetwork =
    "expected a network such as \"10.0.0.0/8\" or \"2001:db8::/32\", got ";
constexpr const char* kEndpoint =
    "expected \"address:port\" such as \"[::]:25\" or \"127.0.0.1:2525\", got ";
constexpr const char* kServer =
    "expected an address such as \"192.0.2.53\" or \"[::1]:5353\", got ";
constexpr const char* kZone = "expected a domain such as \"dnsbl.example.org\", got ";
const std::string kLongZone = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                              std::string(62, 'c');  // one octet too long
constexpr const char* kUrl = "expected a URL such as \"https://example.org/health\", got ";

INSTANTIATE_TEST_SUITE_P(
    Grammars, ValueErrors,
    testing::Values(
        Case{"HostNameWithABlank",
             instead(2, "hostname = \"mx two\""),
             {"smtp.hostname: expected a host name or an IP address, got \"mx two\" "
              "(beredd.toml:2)"}},
        Case{"EmptyHostName",
             instead(2, "hostname = \"\""),
             {"smtp.hostname: expected a host name or an IP address, got \"\" (beredd.toml:2)"}},
        Case{"HostNameStartingWithADash",
             instead(2, "hostname = \"-mx.example.org\""),
             {"smtp.hostname: expected a host name or an IP address, got \"-mx.example.org\" "
              "(beredd.toml:2)"}},
        Case{"HostNameAsNumber",
             instead(2, "hostname = 5"),
             {"smtp.hostname: expected text in quotes, got 5 (beredd.toml:2)"}},
        Case{"ListenWithoutPort",
             below(2, "listen = [\"127.0.0.1\"]"),
             {std::string("smtp.listen: ") + kEndpoint + "\"127.0.0.1\" (beredd.toml:3)"}},
        Case{"ListenOnIpv6WithoutBrackets",
             below(2, "listen = [\"::1:25\"]"),
             {std::string("smtp.listen: ") + kEndpoint + "\"::1:25\" (beredd.toml:3)"}},
        Case{"ListenOnAPortOutOfRange",
             below(2, "listen = [\"[::]:65536\"]"),
             {std::string("smtp.listen: ") + kEndpoint + "\"[::]:65536\" (beredd.toml:3)"}},
        Case{"ListenOnAPortThatIsNoNumber",
             below(2, "listen = [\"[::]:25x\"]"),
             {std::string("smtp.listen: ") + kEndpoint + "\"[::]:25x\" (beredd.toml:3)"}},
        Case{"ListenAsNumber",
             below(2, "listen = [25]"),
             {"smtp.listen: expected \"address:port\" in quotes, got 25 (beredd.toml:3)"}},
        Case{"ListenThatIsNoList",
             below(2, "listen = \"[::]:25\""),
             {"smtp.listen: expected a list, got \"[::]:25\" (beredd.toml:3)"}},
        Case{"NameServerThatIsAName",
             below(2, "[dns]\nservers = [\"ns.example.org\"]"),
             {std::string("dns.servers: ") + kServer + "\"ns.example.org\" (beredd.toml:4)"}},
        Case{"NameServerAtPortZero",
             below(2, "[dns]\nservers = [\"127.0.0.1:0\"]"),
             {std::string("dns.servers: ") + kServer + "\"127.0.0.1:0\" (beredd.toml:4)"}},
        Case{"NameServerAtAPortOutOfRange",
             below(2, "[dns]\nservers = [\"[::1]:65536\"]"),
             {std::string("dns.servers: ") + kServer + "\"[::1]:65536\" (beredd.toml:4)"}},
        Case{"NameServerAsNumber",
             below(2, "[dns]\nservers = [53]"),
             {"dns.servers: expected \"address:port\" in quotes, got 53 (beredd.toml:4)"}},
        Case{"BlockListThatIsAnAddress",
             below(2, "[smtp.limits]\ndnsbl = [\"192.0.2.1\"]"),
             {std::string("smtp.limits.dnsbl: ") + kZone + "\"192.0.2.1\" (beredd.toml:4)"}},
        Case{"BlockListWithoutADot",
             below(2, "[smtp.limits]\ndnsbl = [\"zen\"]"),
             {std::string("smtp.limits.dnsbl: ") + kZone + "\"zen\" (beredd.toml:4)"}},
        Case{
            "BlockListTooLongForAnAddressBeforeIt",
            below(2, "[smtp.limits]\ndnsbl = [\"" + kLongZone + "\"]"),
            {std::string("smtp.limits.dnsbl: ") + kZone + "\"" + kLongZone + "\" (beredd.toml:4)"}},
        Case{"NetworkThatIsAName",
             below(2, "trusted = [\"localhost\"]"),
             {std::string("smtp.trusted: ") + kNetwork + "\"localhost\" (beredd.toml:3)"}},
        Case{"NetworkWithTooLongAPrefix",
             below(2, "trusted = [\"10.0.0.0/33\"]"),
             {std::string("smtp.trusted: ") + kNetwork + "\"10.0.0.0/33\" (beredd.toml:3)"}},
        Case{"NetworkWithAnEmptyPrefix",
             below(2, "trusted = [\"10.0.0.0/\"]"),
             {std::string("smtp.trusted: ") + kNetwork + "\"10.0.0.0/\" (beredd.toml:3)"}},
        Case{"NetworkWithBitsBelowItsPrefix",
             below(2, "trusted = [\"10.1.2.3/8\"]"),
             {"smtp.trusted: \"10.1.2.3/8\" has bits below its prefix; write \"10.0.0.0/8\" if the "
              "whole network is meant (beredd.toml:3)"}},
        Case{"NetworkInTheSecondLineOfAList",
             below(2, "trusted = [\"::1\",\n  \"::1/129\"]"),
             {std::string("smtp.trusted: ") + kNetwork + "\"::1/129\" (beredd.toml:4)"}},
        Case{"UrlWithoutScheme",
             instead(11, "kind = \"http\"\nurl = \"example.org\""),
             {std::string("primary.check.url: ") + kUrl + "\"example.org\" (beredd.toml:12)"}},
        Case{"UrlOfAnotherScheme",
             instead(11, "kind = \"http\"\nurl = \"file:///etc/passwd\""),
             {std::string("primary.check.url: ") + kUrl +
              "\"file:///etc/passwd\" (beredd.toml:12)"}},
        Case{"UrlWithoutHost",
             instead(11, "kind = \"http\"\nurl = \"http:///x\""),
             {std::string("primary.check.url: ") + kUrl + "\"http:///x\" (beredd.toml:12)"}},
        Case{"UrlWithABadPort",
             instead(11, "kind = \"http\"\nurl = \"http://a:99999/\""),
             {std::string("primary.check.url: ") + kUrl + "\"http://a:99999/\" (beredd.toml:12)"}},
        Case{"UrlWithAPassword",
             instead(11, "kind = \"http\"\nurl = \"http://me:secret@example.org/\""),
             {"primary.check.url: a user or a password has no place in a URL here "
              "(beredd.toml:12)"}},
        Case{"DeskAddressWithoutDomain",
             instead(5, "addresses = [\"support\"]"),
             {"desk.addresses: expected an address such as \"support@example.org\" or "
              "\"@example.org\", got \"support\" (beredd.toml:5)"}},
        Case{"DeskDomainWithABlank",
             instead(5, "addresses = [\"@exa mple.org\"]"),
             {"desk.addresses: expected an address such as \"support@example.org\" or "
              "\"@example.org\", got \"@exa mple.org\" (beredd.toml:5)"}},
        Case{"SenderWithoutAddress",
             below(5, "from = \"Example Support\""),
             {"desk.from: expected an address such as \"Support <support@example.org>\", got "
              "\"Example Support\" (beredd.toml:6)"}},
        Case{"SenderThatWouldInjectAHeader",
             below(5, "from = \"A\\r\\nBcc: x <a@example.org>\""),
             {"desk.from: expected an address such as \"Support <support@example.org>\", got "
              "\"A\\r\\nBcc: x <a@example.org>\" (beredd.toml:6)"}},
        Case{"DeskNameWithASlash",
             instead(4, "name = \"a/b\""),
             {"desk.name: expected up to 64 letters, digits, dots, dashes or underscores, got "
              "\"a/b\" (beredd.toml:4)"}},
        Case{"EmptyPath",
             below(11, "[control]\nsocket = \"\""),
             {"control.socket: expected a path, got \"\" (beredd.toml:13)"}},
        Case{"PathWithANul",
             below(11, "[control]\nsocket = \"/run/a\\u0000b\""),
             {"control.socket: a NUL has no place here (beredd.toml:13)"}},
        Case{"BooleanInQuotes",
             instead(11, "kind = \"smtp\"\ntls = \"yes\""),
             {"primary.check.tls: expected true or false, got \"yes\" (beredd.toml:12)"}},
        Case{"UnknownChoice",
             instead(9, "target = { host = \"a\", tls = \"maybe\" }"),
             {"primary.target.tls: expected one of off, opportunistic, required, "
              "implicit, got \"maybe\" (beredd.toml:9)"}},
        Case{"ChoiceAsBoolean",
             below(8, "handback = true"),
             {"primary.handback: expected one of automatic, manual, got true (beredd.toml:9)"}},
        Case{"HttpTargetOfALaterVersion",
             instead(9, "target = { kind = \"http\", host = \"a\" }"),
             {"primary.target.kind: \"http\" is not in this version; use smtp, lmtp or imap "
              "(beredd.toml:9)"}},
        Case{"CheckKindOfALaterVersion",
             instead(11, "kind = \"canary\""),
             {"primary.check.kind: \"canary\" is not in this version; use http, smtp, imap or tcp "
              "(beredd.toml:11)"}}),
    sentence_of);

}  // namespace
}  // namespace beredd::config
