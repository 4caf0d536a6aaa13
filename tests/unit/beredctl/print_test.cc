// Golden pages. A change here is a change in what a person sees: read it as one.

#include "print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::beredctl {
namespace {

base::Instant at(std::string_view text) { return *base::parse_rfc3339(text); }

Style plain() {
  Style style;
  style.now = at("2026-11-23T02:17:20Z");
  return style;
}

// --- tickets and messages -----------------------------------------------------------------------

api::Message message() {
  api::Message m;
  m.id = 42;
  m.ticket = 7;
  m.desk = "support";
  m.direction = "in";
  m.source = "smtp";
  m.message_id = "a@example.net";
  m.envelope = {"ann@example.net", {"support@example.org"}};
  m.from = {{"Ann Ångström", "ann@example.net"}};
  m.to = {{"", "support@example.org"}};
  m.subject = "Fel på fakturan";
  m.date = at("2026-11-23T02:14:20Z");
  m.received = at("2026-11-23T02:14:31Z");
  m.size = base::Bytes(2048);
  m.sha256 = "ab12";
  m.text = "Hej!\n\n\tEn rad\n> citat\n";
  m.new_text = "Hej!\n\n\tEn rad\n";
  m.attachments = {{2, "faktura.pdf", "application/pdf", base::Bytes(1234), "cd34"}};
  m.delivery = api::Delivery{"helpdesk", "held", 0, "", "", ""};
  m.peer = "192.0.2.7 (mail.example.net)";
  m.trace_id = "4f1c2a9b.1042";
  return m;
}

api::Ticket ticket() {
  api::Ticket t;
  t.id = 7;
  t.desk = "support";
  t.subject = "Fel på fakturan";
  t.state = "new";
  t.custody = "fallback";
  t.priority = "normal";
  t.requester = {"Ann Ångström", "ann@example.net"};
  t.created = at("2026-11-23T02:14:31Z");
  t.updated = at("2026-11-23T02:16:00Z");
  return t;
}

TEST(TicketList, IsATable) {
  api::Ticket old = ticket();
  old.id = 12;
  old.subject = "Old";
  old.custody = "primary";
  old.assignee = "eva";
  old.requester.name.clear();
  old.updated = at("2026-11-20T10:00:00Z");
  EXPECT_EQ(
      tickets_text({ticket(), old}, plain()),
      "ID  UPDATED           DESK     STATE  CUSTODY   ASSIGNEE  FROM             SUBJECT\n"
      " 7  02:16:00          support  new    fallback  -         Ann Ångström     Fel på fakturan\n"
      "12  2026-11-20 10:00  support  new    primary   eva       ann@example.net  Old\n");
  EXPECT_EQ(tickets_text({}, plain()), "No tickets.\n");
}

TEST(TicketList, SpeaksOfLinesAndPrioritiesWhereTheyDiffer) {
  api::Ticket grave = ticket();
  grave.line = 2;
  grave.priority = "urgent";
  EXPECT_EQ(
      tickets_text({ticket(), grave}, plain()),
      "ID  UPDATED   DESK     STATE  CUSTODY   LINE  PRIORITY  ASSIGNEE  FROM          SUBJECT\n"
      " 7  02:16:00  support  new    fallback     1  normal    -         Ann Ångström  Fel på "
      "fakturan\n"
      " 7  02:16:00  support  new    fallback     2  urgent    -         Ann Ångström  Fel på "
      "fakturan\n");
}

TEST(TicketPage, ShowsEachLetterWithWhatBecameOfIt) {
  api::Ticket page = ticket();
  page.tags = {"vip"};
  api::Message second = message();
  second.id = 43;
  second.from.clear();
  second.envelope.from.clear();
  second.new_text = "";
  second.attachments.clear();
  second.defects = {"no From header"};
  second.delivery = api::Delivery{"helpdesk", "quarantined", 3, "554 5.7.1 no", "", ""};
  page.messages = {message(), second};
  EXPECT_EQ(ticket_text(page, plain()),
            "Ticket 7  Fel på fakturan\n"
            "  desk       support\n"
            "  state      new, priority normal, line 1, assigned to nobody\n"
            "  custody    fallback\n"
            "  requester  Ann Ångström <ann@example.net>\n"
            "  created    2026-11-23 02:14:31\n"
            "  updated    2026-11-23 02:16:00\n"
            "  tags       vip\n"
            "\n"
            "2026-11-23 02:14:31  from Ann Ångström <ann@example.net>  (message 42)\n"
            "  held for helpdesk\n"
            "  attached: faktura.pdf, application/pdf, 1.2 KiB (beredctl message part 42 2)\n"
            "\n"
            "    Hej!\n"
            "\n"
            "        En rad\n"
            "\n"
            "2026-11-23 02:14:31  from <>  (message 43)\n"
            "  quarantined for helpdesk, 3 attempts: 554 5.7.1 no\n"
            "  defect: no From header\n");
}

TEST(TicketPage, LetsNoEscapeSequenceThrough) {
  api::Ticket page = ticket();
  page.subject = "a\x1b[31mb";
  page.tags = {"\x1b[t"};
  page.requester.name = "\x1b]0;x\x07";
  api::Message hostile = message();
  hostile.from = {{"\x1b[1m", "x\x1by@z"}};
  hostile.new_text = "line\x1b[2J\r\nnext\x9b\n";
  hostile.attachments[0].name = "f\x1b.pdf";
  hostile.attachments[0].type = "\x1b/x";
  hostile.defects = {"\x1b"};
  hostile.delivery->words = "\x1b[0m";
  page.messages = {hostile};
  const std::string text = ticket_text(page, plain()) + message_text(hostile, plain()) +
                           messages_text({hostile}, plain()) + tickets_text({page}, plain());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
}

TEST(MessageList, IsATable) {
  api::Message unsorted;
  unsorted.id = 43;
  unsorted.desk = "support";
  unsorted.received = at("2026-11-23T02:17:00Z");
  EXPECT_EQ(
      messages_text({unsorted, message()}, plain()),
      "ID  RECEIVED  TICKET  DESK      SIZE  DELIVERY  FROM                            SUBJECT\n"
      "43  02:17:00       -  support    0 B  -         <>\n"
      "42  02:14:31       7  support  2 KiB  held      Ann Ångström <ann@example.net>  Fel på "
      "fakturan\n");
  EXPECT_EQ(messages_text({}, plain()), "No messages.\n");
}

TEST(MessagePage, ShowsTheEvidence) {
  EXPECT_EQ(message_text(message(), plain()),
            "Message 42  Fel på fakturan\n"
            "  from        Ann Ångström <ann@example.net>\n"
            "  to          support@example.org\n"
            "  date        2026-11-23 02:14:20\n"
            "  received    2026-11-23 02:14:31 by smtp from 192.0.2.7 (mail.example.net)\n"
            "  envelope    <ann@example.net> to <support@example.org>\n"
            "  message-id  a@example.net\n"
            "  ticket      7\n"
            "  size        2048 bytes\n"
            "  sha256      ab12\n"
            "  trace id    4f1c2a9b.1042\n"
            "  delivery    held for helpdesk\n"
            "  attached    faktura.pdf, application/pdf, 1.2 KiB (beredctl message part 42 2)\n"
            "\n"
            "Hej!\n"
            "\n"
            "    En rad\n"
            "> citat\n");
}

TEST(MessagePage, ShowsWhatTheSenderAskedOfSmtpAndOnlyThat) {
  api::Message asked = message();
  asked.envelope.to = {"a@b", "c@d", "e@f"};
  asked.envelope.smtputf8 = true;
  asked.envelope.dsn = api::Dsn{"FULL", "QQ1", {{"NEVER", ""}, {"", ""}, {"DELAY", "rfc822;g@h"}}};
  EXPECT_THAT(message_text(asked, plain()),
              testing::HasSubstr("  envelope    <ann@example.net> to <a@b>, <c@d>, <e@f>\n"
                                 "  asked       SMTPUTF8 RET=FULL ENVID=QQ1\n"
                                 "  asked       NOTIFY=NEVER for <a@b>\n"
                                 "  asked       NOTIFY=DELAY ORCPT=rfc822;g@h for <e@f>\n"
                                 "  message-id"));
  asked.envelope.smtputf8 = false;
  asked.envelope.dsn = api::Dsn{"", "", {{"", "rfc822;a@b"}, {}, {}}};
  EXPECT_THAT(message_text(asked, plain()),
              testing::HasSubstr("<e@f>\n  asked       ORCPT=rfc822;a@b for <a@b>\n  message-id"));
}

TEST(DeliveryWords, PreferTheStrongestEvidence) {
  EXPECT_EQ(delivery_words({"helpdesk", "proven", 1, "w", "250 ok", "found"}),
            "proven for helpdesk, 1 attempt: found");
  EXPECT_EQ(delivery_words({"helpdesk", "acknowledged", 2, "w", "250 ok", ""}),
            "acknowledged for helpdesk, 2 attempts: 250 ok");
  EXPECT_EQ(delivery_words({"helpdesk", "queued", 2, "451 later", "", ""}),
            "queued for helpdesk, 2 attempts: 451 later");
}

}  // namespace
}  // namespace beredd::beredctl
