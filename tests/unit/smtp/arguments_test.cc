#include "arguments.h"

#include "command.h"

#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

ServerOptions options() {
  ServerOptions options;
  options.max_message_size = base::Bytes(1000);
  options.offer_checkpoint = true;
  return options;
}

std::string sender(const std::string& argument) {
  const auto ask = read_mail_argument(argument, options());
  if (!ask) return one_line(ask.error()).substr(0, 9);
  return ask->from ? ask->from->text() : "<>";
}

std::string recipient(const std::string& argument) {
  const auto ask = read_recipient_argument(argument, options(), /*smtputf8=*/false);
  return ask ? ask->to.text() : one_line(ask.error()).substr(0, 9);
}

struct Case {
  std::string argument, result;
};

TEST(MailArgument, ReadsAReversePath) {
  const Case cases[] = {
      {"FROM:<a@b>", "a@b"},
      {"from:<a@B>", "a@b"},
      {"FROM: <a@b>", "a@b"},
      {"FROM:\t <a@b>", "a@b"},
      {"FROM:< a@b >", "a@b"},
      {"FROM:a@b", "a@b"},
      {"FROM: a@b SIZE=5", "a@b"},
      {"FROM:<>", "<>"},
      {"FROM:<> SIZE=5", "<>"},
      {"FROM:<@r.example:a@b>", "a@b"},
      {"FROM:<@r.example,@s.example:a@b>", "a@b"},
      {"FROM:<@[IPv6:2001:db8::1]:a@b>", "a@b"},
      {"FROM:<@[192.0.2.1],@s:a@b>", "a@b"},
      {"FROM:<\"a b\"@c>", "\"a b\"@c"},
      {"FROM:<\"a>b\"@c>", "\"a>b\"@c"},
      {"FROM:<\"a\\\">b\"@c> SIZE=5", "\"a\\\">b\"@c"},
      {"FROM:\"a b\"@c SIZE=5", "\"a b\"@c"},
      {"FROM:<a=b@c>", "a=b@c"},
      {"FROM:<a@[192.0.2.7]>", "a@[192.0.2.7]"},
  };
  for (const Case& c : cases) EXPECT_EQ(sender(c.argument), c.result) << c.argument;
}

TEST(MailArgument, RefusesWhatIsNone) {
  const Case cases[] = {
      {"<a@b>", "501 5.5.4"},
      {"TO:<a@b>", "501 5.5.4"},
      {"FROM", "501 5.5.4"},
      {"FROM <a@b>", "501 5.5.4"},
      {"FROM:", "501 5.1.7"},
      {"FROM: ", "501 5.1.7"},
      {"FROM:<", "501 5.1.7"},
      {"FROM:>", "501 5.1.7"},
      {"FROM:<a@b", "501 5.1.7"},
      {"FROM:a@b>", "501 5.1.7"},
      {"FROM:<a>", "501 5.1.7"},
      {"FROM:<postmaster>", "501 5.1.7"},
      {"FROM:<@b>", "501 5.1.7"},
      {"FROM:<a@>", "501 5.1.7"},
      {"FROM:<a b@c>", "501 5.1.7"},
      {"FROM:<a@b>x", "501 5.1.7"},
      {"FROM:<a@b><c@d>", "501 5.1.7"},
      {"FROM:<a@b>SIZE=5", "501 5.1.7"},
      {"FROM:<<a@b>>", "501 5.1.7"},
      {"FROM:<@r.example>", "501 5.1.7"},
      {"FROM:<@r.example:>", "501 5.1.7"},
      {"FROM:<@:a@b>", "501 5.1.7"},
      {"FROM:<@r,:a@b>", "501 5.1.7"},
      {"FROM:<@r,s:a@b>", "501 5.1.7"},
      {"FROM:<@r.:a@b>", "501 5.1.7"},
      {"FROM:<@[192.0.2.1:a@b>", "501 5.1.7"},
      {"FROM:<\"a@b>", "501 5.1.7"},
      {"FROM:<\"a\\", "501 5.1.7"},
      {"FROM:Someone <a@b>", "501 5.1.7"},
  };
  for (const Case& c : cases) EXPECT_EQ(sender(c.argument), c.result) << c.argument;
}

TEST(MailArgument, HoldsItsParametersToTheirGrammar) {
  const Case cases[] = {
      {"FROM:<a@b> SIZE=1000", "a@b"},
      {"FROM:<a@b> SIZE=1001", "552 5.3.4"},
      {"FROM:<a@b> SIZE=18446744073709551616", "552 5.3.4"},
      {"FROM:<a@b> SIZE=000000000000000000001", "501 5.5.4"},
      {"FROM:<a@b> SIZE=", "501 5.5.4"},
      {"FROM:<a@b> SIZE", "501 5.5.4"},
      {"FROM:<a@b> SIZE=-1", "501 5.5.4"},
      {"FROM:<a@b> SIZE=+1", "501 5.5.4"},
      {"FROM:<a@b> SIZE=1k", "501 5.5.4"},
      {"FROM:<a@b> SIZE=1 size=2", "501 5.5.4"},
      {"FROM:<a@b> =5", "501 5.5.4"},
      {"FROM:<a@b> BODY=7BIT", "a@b"},
      {"FROM:<a@b>  body=8bitmime   SIZE=1", "a@b"},
      {"FROM:<a@b> BODY=BINARYMIME", "501 5.5.4"},
      {"FROM:<a@b> BODY", "501 5.5.4"},
      {"FROM:<a@b> SMTPUTF8", "555 5.5.4"},
      {"FROM:<a@b> RET=FULL", "555 5.5.4"},
      {"FROM:<a@b> AUTH=<>", "555 5.5.4"},
      {"FROM:<a@b> TRANSID=<1@x>", "a@b"},
      {"FROM:<a@b> TRANSID=<1@x", "501 5.5.4"},
      {"FROM:<a@b> TRANSID=<@x>", "501 5.5.4"},
      {"FROM:<a@b> TRANSID=<1@>", "501 5.5.4"},
      {"FROM:<a@b> TRANSID=<1@x@y>", "501 5.5.4"},
      {"FROM:<a@b> TRANSID=<1<@x>", "501 5.5.4"},
      {"FROM:<a@b> TRANSID=<" + std::string(76, '1') + "@x>", "a@b"},
      {"FROM:<a@b> TRANSID=<" + std::string(77, '1') + "@x>", "501 5.5.4"},
  };
  for (const Case& c : cases) EXPECT_EQ(sender(c.argument), c.result) << c.argument;
}

TEST(MailArgument, GivesItsParameters) {
  const auto ask =
      read_mail_argument("FROM:<a@b> size=12 BODY=8BITMIME TRANSID=<4711@x>", options());
  ASSERT_TRUE(ask);
  EXPECT_EQ(ask->size, base::Bytes(12));
  EXPECT_EQ(ask->body, mail::BodyType::eight_bit_mime);
  EXPECT_EQ(ask->transaction_id, "4711@x");
}

TEST(MailArgument, DoesNotKnowTransidUnlessCheckpointIsOffered) {
  ServerOptions plain = options();
  plain.offer_checkpoint = false;
  const auto ask = read_mail_argument("FROM:<a@b> TRANSID=<1@x>", plain);
  ASSERT_FALSE(ask);
  EXPECT_EQ(ask.error().code, 555);
}

TEST(RecipientArgument, ReadsAForwardPath) {
  const Case cases[] = {
      {"TO:<a@b>", "a@b"},
      {"to: a@b", "a@b"},
      {"TO:<postmaster>", "postmaster"},
      {"TO:<PostMaster>", "PostMaster"},
      {"TO:postmaster", "postmaster"},
      {"TO:<postmaster@b>", "postmaster@b"},
      {"TO:<@r.example:a@b>", "a@b"},
      {"TO:<a%b@c>", "a%b@c"},
      {"TO:<a!b@c>", "a!b@c"},
      {"TO:<\"a@b\"@c>", "\"a@b\"@c"},
      {"TO:<>", "501 5.1.3"},
      {"TO:<someone>", "501 5.1.3"},
      {"TO:<a@b@c>", "501 5.1.3"},
      {"TO:<a@b>,<c@d>", "501 5.1.3"},
      {"TO:", "501 5.1.3"},
      {"FROM:<a@b>", "501 5.5.4"},
      {"TO:<a@b> NOTIFY=NEVER", "555 5.5.4"},
      {"TO:<a@b> X=", "501 5.5.4"},
  };
  for (const Case& c : cases) EXPECT_EQ(recipient(c.argument), c.result) << c.argument;
}

// --- command lines
// --------------------------------------------------------------------------------

TEST(ChunkArgument, IsOctetsAndPerhapsLast) {
  struct ChunkCase {
    std::string_view argument;
    std::optional<std::uint64_t> size;
    bool too_large, last, well_formed;
  };
  for (const ChunkCase& c : {
           ChunkCase{"0", 0, false, false, true},
           {"12345", 12345, false, false, true},
           {"0005", 5, false, false, true},
           {"1 LAST", 1, false, true, true},
           {"1 \t last ", 1, false, true, true},
           {"1 LAST LAST", 1, false, false, false},
           {"1 2", 1, false, false, false},
           {"18446744073709551615", UINT64_MAX, false, false, true},
           {"18446744073709551616", {}, true, false, false},
           {"99999999999999999999999999", {}, true, false, false},
           {"", {}, false, false, false},
           {"LAST", {}, false, false, false},
           {"-1", {}, false, false, false},
           {"+1", {}, false, false, false},
           {"0x10", {}, false, false, false},
           {"1LAST", {}, false, false, false},
           {"1.0", {}, false, false, false},
       }) {
    const ChunkArgument said = read_chunk_argument(c.argument);
    EXPECT_EQ(said.size, c.size) << c.argument;
    EXPECT_EQ(said.too_large, c.too_large) << c.argument;
    if (!said.size) continue;
    EXPECT_EQ(said.last, c.last) << c.argument;
    EXPECT_EQ(said.well_formed, c.well_formed) << c.argument;
  }
}

TEST(CommandLine, PartsWordAndArgument) {
  EXPECT_EQ(split_command("NOOP").word, "NOOP");
  EXPECT_EQ(split_command("  MAIL \t FROM:<a b@c>  ").word, "MAIL");
  EXPECT_EQ(split_command("  MAIL \t FROM:<a b@c>  ").argument, "FROM:<a b@c>");
  EXPECT_EQ(split_command("").word, "");
}

TEST(CommandLine, IsFoundInAnyCaseAndWrittenInOne) {
  for (const char* word : {"HELO", "ehlo", "Mail", "rCPT", "DATA", "rset", "noop", "quit", "vrfy",
                           "expn", "help", "startTLS", "Lhlo", "bdat", "XClient", "etrn"}) {
    const CommandRule* rule = find_command(word);
    ASSERT_NE(rule, nullptr) << word;
    EXPECT_EQ(&rule_of(rule->verb), rule);
  }
  for (const char* word : {"", "MAI", "MAILS", "TURN", "AUTH", "XFORWARD", "BURL"}) {
    EXPECT_EQ(find_command(word), nullptr) << word;
  }
  EXPECT_EQ(command(Verb::data), "DATA\r\n");
  EXPECT_EQ(command(Verb::rcpt, "TO:<a@b>"), "RCPT TO:<a@b>\r\n");
}

ServerOptions modern() {
  ServerOptions modern = options();
  modern.offer_smtputf8 = modern.offer_dsn = true;
  return modern;
}

std::string asked_of(const std::string& argument) {
  const auto ask = read_mail_argument(argument, modern());
  if (!ask) return one_line(ask.error()).substr(0, 9);
  return (ask->smtputf8 ? "utf8 " : "") + std::string(mail::name(ask->dsn_return)) + " " +
         ask->envelope_id;
}

std::string asked_of_recipient(const std::string& argument, bool smtputf8) {
  const auto ask = read_recipient_argument(argument, modern(), smtputf8);
  if (!ask) return one_line(ask.error()).substr(0, 9);
  return ask->to.text() + " " + mail::text(ask->dsn.notify) + " " + ask->dsn.original_recipient;
}

TEST(MailArgument, TakesSmtputf8AndDsnWhereTheyAreOffered) {
  const Case cases[] = {
      {"FROM:<a@b> SMTPUTF8", "utf8  "},
      {"FROM:<a@b> smtputf8 RET=hdrs", "utf8 HDRS "},
      {"FROM:<a@b> RET=FULL ENVID=QQ+2B1", "FULL QQ+2B1"},
      {"FROM:<> ENVID=" + std::string(100, 'e'), " " + std::string(100, 'e')},
      {"FROM:<> ENVID=" + std::string(101, 'e'), "501 5.5.4"},
      {"FROM:<a@b> SMTPUTF8=YES", "501 5.5.4"},
      {"FROM:<a@b> RET=ALL", "501 5.5.4"},
      {"FROM:<a@b> RET", "501 5.5.4"},
      {"FROM:<a@b> ENVID", "501 5.5.4"},
      {"FROM:<a@b> ENVID=a+2b", "501 5.5.4"},
      {"FROM:<a@b> ENVID=a+", "501 5.5.4"},
      {"FROM:<a@b> ENVID=a=b", "501 5.5.4"},
      {"FROM:<a@b> RET=FULL RET=FULL", "501 5.5.4"},
      {"FROM:<a@b> NOTIFY=NEVER", "555 5.5.4"},
      {"FROM:<j\xC3\xB6rg@b>", "553 5.6.7"},
      {"FROM:<j\xC3\xB6rg@b> SMTPUTF8", "utf8  "},
      {"FROM:<j\xC3rg@b> SMTPUTF8", "501 5.1.7"},
      {"FROM:<j\xC2\x85rg@b> SMTPUTF8", "501 5.1.7"},
  };
  for (const Case& c : cases) EXPECT_EQ(asked_of(c.argument), c.result) << c.argument;
}

TEST(MailArgument, KnowsNothingOfSmtputf8AndDsnWhereTheyAreNotOffered) {
  for (const char* argument :
       {"FROM:<a@b> SMTPUTF8", "FROM:<a@b> RET=FULL", "FROM:<a@b> ENVID=x"}) {
    EXPECT_EQ(sender(argument), "555 5.5.4") << argument;
  }
  EXPECT_EQ(recipient("TO:<a@b> NOTIFY=NEVER"), "555 5.5.4");
  EXPECT_EQ(recipient("TO:<a@b> ORCPT=rfc822;a@b"), "555 5.5.4");
}

TEST(RecipientArgument, TakesDsnWhereItIsOffered) {
  struct Row {
    std::string argument;
    bool smtputf8;
    std::string result;
  };
  const std::string longest = "rfc822;" + std::string(493, 'a');
  const Row rows[] = {
      {"TO:<a@b> NOTIFY=never", false, "a@b NEVER "},
      {"TO:<a@b> NOTIFY=DELAY,success,FAILURE", false, "a@b SUCCESS,FAILURE,DELAY "},
      {"TO:<a@b> ORCPT=rfc822;c+2Bd@e", false, "a@b  rfc822;c+2Bd@e"},
      {"TO:<a@b> ORCPT=" + longest, false, "a@b  " + longest},
      {"TO:<a@b> ORCPT=" + longest + "a", false, "501 5.5.4"},
      {"TO:<a@b> NOTIFY=NEVER,DELAY", false, "501 5.5.4"},
      {"TO:<a@b> NOTIFY=DELAY,DELAY", false, "501 5.5.4"},
      {"TO:<a@b> NOTIFY=DELAY,", false, "501 5.5.4"},
      {"TO:<a@b> NOTIFY", false, "501 5.5.4"},
      {"TO:<a@b> NOTIFY=OFTEN", false, "501 5.5.4"},
      {"TO:<a@b> ORCPT=a@b", false, "501 5.5.4"},
      {"TO:<a@b> ORCPT=rfc822;", false, "501 5.5.4"},
      {"TO:<a@b> ORCPT=;a@b", false, "501 5.5.4"},
      {"TO:<a@b> ORCPT=rfc822;a+0d", false, "501 5.5.4"},
      {"TO:<a@b> ORCPT=utf-8;j\xC3\xB6rg@b", false, "501 5.5.4"},
      {"TO:<a@b> ORCPT=utf-8;j\xC3\xB6rg@b", true, "a@b  utf-8;j\xC3\xB6rg@b"},
      {"TO:<a@b> ORCPT=rfc822;j\xC3\xB6rg@b", true, "501 5.5.4"},
      {"TO:<a@b> ORCPT=utf-8;j\xC3rg@b", true, "501 5.5.4"},
      {"TO:<a@b> RET=FULL", false, "555 5.5.4"},
      {"TO:<j\xC3\xB6rg@b>", false, "553 5.6.7"},
      {"TO:<j\xC3\xB6rg@b> NOTIFY=NEVER", true, "j\xC3\xB6rg@b NEVER "},
  };
  for (const Row& r : rows) EXPECT_EQ(asked_of_recipient(r.argument, r.smtputf8), r.result);
}

}  // namespace
}  // namespace beredd::smtp
