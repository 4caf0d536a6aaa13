// show() writes TOML that means the same, with every key of the schema in it.

#include "sample.h"
#include "value.h"
#include "words.h"

#include "beredd/base/random.h"

namespace beredd::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kFull = R"([node]
name = "fallback-1"
state = "/var/lib/beredd"
key_file = "/run/credentials/beredd.service/master.key"
map_size = "64GiB"
low_water = "1000000B"
[smtp]
hostname = "mx2.example.org"
listen = ["[::]:25", "127.0.0.1:0"]
trusted = ["10.0.0.0/8"]
xclient_from = ["10.1.0.0/16", "2001:db8::7/128"]
etrn_from = []
certificate = "/etc/a \"quoted\" \\ name\u0007.pem"
private_key = "/etc/ä.key"
max_message_size = "25MB"
idle_timeout = "1m30s"
[[smtp.sni]]
certificate = "/etc/b.pem"
private_key = "/etc/b.key"
[smtp.limits]
dnsbl = ["zen.example", "bl.example.net"]
[lmtp]
listen = ["127.0.0.1:24"]
[dns]
servers = ["127.0.0.1:5353", "[::1]:53"]
[control]
socket = "/run/b.sock"
[search]
directory = "/run/beredd-search"
[[desk]]
name = "support"
addresses = ["support@example.org", "@help.example.org"]
from = "Example \"Support\" <support@example.org>"
primary = "helpdesk"
[[desk]]
name = "sales"
addresses = ["sales@example.org"]
primary = "crm"
plus_addresses = true
new_participant = "open"
changed_subject = "open"
phones = ["+46 8 123", "+358 9 123"]
[desk.notice]
when = "always"
language = "nb"
within = "24h"
per_hour = 17
[[desk.notice.text]]
language = "fi"
text = """
Kiitos!
{ticket}"""
[[template]]
name = "password"
desks = ["sales"]
language = "sv"
text = "Hej {customer}"
[[primary]]
name = "helpdesk"
handback = "manual"
retry = ["1s", "1h"]
target = { host = "::1", port = 2525, tls = "required", ca_file = "/ca.pem", when_unknown = "resend" }
[[primary.check]]
kind = "http"
url = "https://helpdesk.example/health?a=b"
expect = 204
body = "up\tand\nrunning"
[[primary.check]]
kind = "imap"
tls = true
every = "250ms"
[primary.failover]
quorum = 2
[[primary]]
name = "crm"
target = { kind = "imap", host = "crm.example", user = "me", password_file = "/p", mailbox = "in/{desk}" }
[[primary]]
name = "filed"
target = { kind = "lmtp", host = "::1" }
look_up = { host = "::1", port = 143, user = "me", password_file = "/p", mailbox = "in", patience = "3s" }
[[desk]]
name = "filed"
addresses = ["filed@example.org"]
primary = "filed"
[smarthost]
host = "smtp.example.org"
ca_file = "/etc/smarthost-ca.pem"
timeout = "90s"
user = "support"
password_file = "/etc/beredd/password"
[[person]]
name = "anna"
lines = [1, 2]
deputy = "bo"
[[person]]
name = "bo"
login = "u17"
address = "Bo <bo@example.org>"
role = "lead"
languages = ["sv", "fi"]
[[team]]
name = "billing"
people = ["bo"]
desks = ["sales"]
[rota]
assignment = "automatic"
lease = "20m"
[[field]]
name = "customer"
pattern = '(?i)kundnr\.? *(\d+)'
[[rule]]
name = "vip"
staffing = ["reduced", "critical"]
domains = ["Customer.example"]
words = ["nere"]
older_than = "4h"
field = "customer"
value = "47.*"
priority = "urgent"
tags = ["vip"]
line = 2
team = "billing"
assign = "auto"
language = "fi"
[staffing.critical]
first = ["tag:vip", "desk:sales"]
notice_only = []
[[calendar]]
name = "office"
zone = "Europe/Stockholm"
hours = ["mon-fri 08:00-17:00"]
holidays = ["SE"]
eves = "open"
closed = ["2026-07-06..2026-07-10"]
special = ["2026-12-23 09:00-12:00"]
[[sla]]
desks = ["sales"]
priorities = ["urgent"]
calendar = "office"
first_answer = "1h"
next_answer = "4h"
solution = "16h"
warning = 50
)";

std::shared_ptr<const Config> config_in(std::string_view toml) {
  const Loaded loaded = parse(toml, "beredd.toml");
  EXPECT_NE(loaded.config, nullptr) << testing::PrintToString(texts_of(loaded.problems));
  return loaded.config;
}

TEST(Show, MeansTheSameWhenReadAgain) {
  const auto before = config_in(kFull);
  ASSERT_NE(before, nullptr);
  const std::string shown = show(*before);
  const auto after = config_in(shown);
  ASSERT_NE(after, nullptr) << shown;
  EXPECT_EQ(show(*after), shown);
  // What show() could get wrong in the same way twice: quoting, units, order, nesting.
  EXPECT_EQ(after->node.low_water, base::Bytes(1'000'000));
  EXPECT_EQ(after->smtp.certificate, "/etc/a \"quoted\" \\ name\a.pem");
  EXPECT_EQ(after->smtp.private_key, "/etc/ä.key");
  EXPECT_EQ(after->smtp.listen, before->smtp.listen);
  EXPECT_EQ(after->smtp.idle_timeout, std::chrono::seconds(90));
  EXPECT_EQ(after->desks.at(0).from, "Example \"Support\" <support@example.org>");
  EXPECT_EQ(after->desks.at(1).name, "sales");
  EXPECT_EQ(after->primaries.at(0).target.at, (Endpoint{"::1", 2525}));
  EXPECT_EQ(after->primaries.at(0).target.when_unknown, WhenUnknown::resend);
  EXPECT_TRUE(after->desks.at(1).plus_addresses);
  EXPECT_EQ(after->desks.at(1).new_participant, Oddity::open);
  EXPECT_EQ(after->desks.at(1).changed_subject, Oddity::open);
  EXPECT_EQ(after->desks.at(1).phones, before->desks.at(1).phones);
  ASSERT_TRUE(after->desks.at(1).notice.has_value());
  EXPECT_FALSE(after->desks.at(0).notice.has_value());
  EXPECT_EQ(after->desks.at(1).notice->when, NoticeWhen::always);
  EXPECT_EQ(after->desks.at(1).notice->language, mail::Language::norwegian);
  EXPECT_EQ(after->desks.at(1).notice->within, std::chrono::hours(24));
  EXPECT_EQ(after->desks.at(1).notice->per_hour, 17);
  EXPECT_EQ(after->desks.at(1).notice->texts.at(0).text, "Kiitos!\n{ticket}");
  EXPECT_EQ(after->templates.at(0).name, "password");
  EXPECT_EQ(after->templates.at(0).desks, before->templates.at(0).desks);
  EXPECT_EQ(after->templates.at(0).language, mail::Language::swedish);
  EXPECT_EQ(after->primaries.at(0).start, HandbackStart::manual);
  EXPECT_EQ(after->primaries.at(0).retry, before->primaries.at(0).retry);
  EXPECT_EQ(after->primaries.at(0).checks.at(0).body, "up\tand\nrunning");
  EXPECT_EQ(after->primaries.at(0).checks.at(0).expect, 204);
  EXPECT_TRUE(after->primaries.at(0).checks.at(1).tls);
  EXPECT_EQ(after->primaries.at(0).failover.quorum, 2);
  EXPECT_EQ(after->primaries.at(1).name, "crm");
  EXPECT_EQ(after->smarthost->password_file, "/etc/beredd/password");
}

TEST(Show, OfPeopleAndRulesMeansTheSameToo) {
  const auto config = config_in(show(*config_in(kFull)));
  ASSERT_NE(config, nullptr);
  EXPECT_EQ(config->people.at(0).login, "anna");
  EXPECT_EQ(config->people.at(0).lines, (std::vector<int>{1, 2}));
  EXPECT_EQ(config->person_of_login("u17")->role, PersonRole::lead);
  EXPECT_EQ(config->person_named("bo")->languages, (std::vector<std::string>{"sv", "fi"}));
  EXPECT_EQ(config->teams.at(0).desks, std::vector<std::string>{"sales"});
  EXPECT_EQ(config->rota.assignment, Assignment::automatic);
  EXPECT_EQ(config->rota.lease, std::chrono::minutes(20));
  EXPECT_EQ(config->custom_fields.at(0).pattern, R"((?i)kundnr\.? *(\d+))");
  const Rule& rule = config->rules.at(0);
  EXPECT_EQ(rule.domains, std::vector<std::string>{"Customer.example"});
  EXPECT_EQ(rule.older_than, std::chrono::hours(4));
  EXPECT_EQ(rule.line, 2);
  EXPECT_THAT(config->staffing.critical.notice_only, IsEmpty());
  EXPECT_EQ(config->staffing.reduced.waits, std::vector<std::string>{"low"});
}

// Whatever is left of a file, or has become of one byte of it: either a configuration or a reason.
TEST(Parse, SurvivesEveryCutAndEveryWrongByte) {
  const std::string_view full = kFull;
  base::SeededRandom random(2026);
  for (std::size_t at = 0; at < full.size(); ++at) {
    std::string spoilt(full);
    spoilt[at] = static_cast<char>(random.below(256));
    for (const std::string_view text : {full.substr(0, at), std::string_view(spoilt)}) {
      const Loaded loaded = parse(text, "beredd.toml");
      EXPECT_TRUE(loaded.config != nullptr || !loaded.problems.empty()) << text;
      for (const Problem& problem : loaded.problems) {
        EXPECT_EQ(problem.text.find('\n'), std::string::npos) << problem.text;
      }
    }
  }
}

TEST(Show, OfTheSmallestFileMeansTheSameToo) {
  const auto before = config_in(kSmallest);
  ASSERT_NE(before, nullptr);
  const auto after = config_in(show(*before));
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(show(*after), show(*before));
  EXPECT_THAT(problems_in(show(*before)), IsEmpty());
}

TEST(Show, HasEveryKeyOfTheSchema) {
  const auto config = config_in(kFull);
  ASSERT_NE(config, nullptr);
  const std::string shown = show(*config);
  for (const Key& key : schema()) {
    const std::string leaf(key.path.substr(key.path.rfind('.') + 1));
    const bool table = key.kind == Kind::table || key.kind == Kind::tables;
    const std::string line = table ? "[" + std::string(key.path) + "]" : "\n" + leaf + " = ";
    EXPECT_THAT(shown, HasSubstr(line)) << key.path;
  }
}

TEST(Show, SaysWhichPathsAreNotSet) {
  const auto config = config_in(kSmallest);
  ASSERT_NE(config, nullptr);
  EXPECT_THAT(show(*config), HasSubstr("# key_file is not set\n"));
  EXPECT_THAT(show(*config), Not(HasSubstr("[smarthost]")));
}

template <typename Enum>
std::vector<std::string_view> spellings() {
  std::vector<std::string_view> words;
  for (const auto& [word, meaning] : Words<Enum>::all) words.push_back(word);
  return words;
}

TEST(Schema, OffersTheWordsThatTheEnumsHave) {
  EXPECT_EQ(choices_of(*key_at("primary.target.tls")), spellings<Tls>());
  EXPECT_EQ(choices_of(*key_at("smarthost.tls")), spellings<Tls>());
  EXPECT_EQ(choices_of(*key_at("primary.target.when_unknown")), spellings<WhenUnknown>());
  EXPECT_EQ(choices_of(*key_at("desk.new_participant")), spellings<Oddity>());
  EXPECT_EQ(choices_of(*key_at("desk.changed_subject")), spellings<Oddity>());
  EXPECT_EQ(choices_of(*key_at("desk.notice.when")), spellings<NoticeWhen>());
  EXPECT_EQ(choices_of(*key_at("desk.notice.language")), spellings<mail::Language>());
  EXPECT_EQ(choices_of(*key_at("desk.notice.text.language")), spellings<mail::Language>());
  EXPECT_EQ(choices_of(*key_at("template.language")), spellings<mail::Language>());
  EXPECT_EQ(choices_of(*key_at("primary.check.kind")), spellings<CheckKind>());
  EXPECT_EQ(choices_of(*key_at("primary.handback")), spellings<HandbackStart>());
}

TEST(Schema, HasATableBeforeEachKeyAndAHelpForAll) {
  std::vector<std::string_view> seen;
  for (const Key& key : schema()) {
    const auto dot = key.path.rfind('.');
    if (dot != std::string_view::npos) {
      EXPECT_THAT(seen, testing::Contains(key.path.substr(0, dot))) << key.path;
    }
    EXPECT_THAT(seen, Not(testing::Contains(key.path)));
    EXPECT_TRUE(key.help.ends_with('.')) << key.path;
    seen.push_back(key.path);
  }
}

TEST(Schema, HasDefaultsThatItsOwnCheckTakes) {
  for (const Key& key : schema()) {
    if (key.standard.empty()) continue;
    const Document document = parse_document("it = " + std::string(key.standard));
    ASSERT_TRUE(document.root) << key.path;
    const Value& value = *document.root->find("it");
    EXPECT_EQ(value.type == Value::Type::list, key.kind == Kind::list) << key.path;
    if (key.kind != Kind::list) {
      EXPECT_TRUE(fits(key, value).ok()) << key.path;
    }
    for (const Value& item : value.items) EXPECT_TRUE(fits(key, item).ok()) << key.path;
  }
}

bool is_bound(Kind kind, std::string_view bound) {
  if (kind == Kind::duration) return base::parse_duration(bound).ok();
  if (kind == Kind::bytes) return base::parse_bytes(bound).ok();
  return bound.find_first_not_of("0123456789") == std::string_view::npos;
}

TEST(Schema, HasBoundsInTheKeysOwnUnit) {
  for (const Key& key : schema()) {
    const Kind kind = key.kind == Kind::list ? key.of : key.kind;
    EXPECT_TRUE(key.minimum.empty() || is_bound(kind, key.minimum)) << key.path;
    EXPECT_TRUE(key.maximum.empty() || is_bound(kind, key.maximum)) << key.path;
    // The reader casts to int and to a port once the bounds are held.
    if (kind == Kind::integer) {
      EXPECT_FALSE(key.minimum.empty() || key.maximum.empty()) << key.path;
    }
  }
}

}  // namespace
}  // namespace beredd::config
