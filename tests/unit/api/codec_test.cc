#include "beredd/api/codec.h"

#include "samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::api {
namespace {

using testing::HasSubstr;

template <typename T>
void expect_round_trip(const T& value) {
  const auto back = decode<T>(encode(value));
  ASSERT_TRUE(back.ok()) << back.error().detail;
  EXPECT_EQ(*back, value);
}

TEST(Codec, BringsEveryShapeBackAsItWas) {
  expect_round_trip(sample_message());
  expect_round_trip(sample_ticket());
  expect_round_trip(sample_status());
  expect_round_trip(sample_status().primaries[0].failover);
  expect_round_trip(sample_status().primaries[0].handback);
  expect_round_trip(Transition{"helpdesk",
                               "normal",
                               "fallback",
                               at("2026-11-23T02:14:00Z"),
                               "fell",
                               {{"http", false, at("2026-11-23T02:13:59Z"), "HTTP 502"}}});
  expect_round_trip(CheckStatus{"helpdesk", "http", "http", "https://h/health", "10s", true,
                                at("2026-11-23T02:13:59Z"), "HTTP 200 in 12 ms"});
  expect_round_trip(Plan{"helpdesk", 3, {{7, "Fel", {1, 2, 3}, base::Bytes(99)}}});
  expect_round_trip(QuarantinedItem{42, 7, "helpdesk", 5, at("2026-11-23T02:13:59Z"), "554 no",
                                    "Fel", "ann@example.net"});
  expect_round_trip(Problem{"no ticket 9", "not_found", "beredctl ticket list"});
  expect_round_trip(ForceRequest{"fallback"});
  expect_round_trip(Lease{7, "bo", at("2026-11-23T02:13:59Z"), at("2026-11-23T02:28:59Z")});
  expect_round_trip(AbsenceRequest{at("2026-12-01T08:00:00Z"), "fever"});
  expect_round_trip(LineRequest{"a database"});
  expect_round_trip(StaffingRequest{"auto"});
  expect_round_trip(Team{"first", {"anna", "bo"}, {"support"}});
  expect_round_trip(Next{"bo", sample_ticket(), {"urgent", "you speak fi"}});
  expect_round_trip(Staffing{"reduced",
                             true,
                             "anna",
                             at("2026-11-23T02:13:59Z"),
                             50,
                             {"urgent"},
                             {},
                             {"low", "tag:spam"}});
  expect_round_trip(Colleague{"anna",
                              "anna@example.org",
                              "lead",
                              {1, 2},
                              {"first"},
                              {"sv"},
                              "bo",
                              false,
                              Absence{at("2026-11-23T02:13:59Z"), {}, "fever", "anna"},
                              3});
  expect_round_trip(QuarantineRequest{"helpdesk", "spam"});
  expect_round_trip(ChangeRequest{{{7, at("2026-11-23T02:13:59Z")}, {8, {}}},
                                  "pending",
                                  at("2026-11-24T08:00:00Z"),
                                  "",
                                  "high",
                                  {{"a", "b"}},
                                  {{"c"}},
                                  true,
                                  false});
  expect_round_trip(NoteRequest{{7, 8}, "läcker\n"});
  expect_round_trip(MergeRequest{{{7, {}}}, 8, "one pump"});
  expect_round_trip(SplitRequest{42, at("2026-11-23T02:13:59Z"), "another matter"});
  expect_round_trip(Undone{"state solved", at("2026-11-23T02:13:59Z"), {7}, {{8, "gone"}}});
  expect_round_trip(ConfigView{"/etc/beredd/beredd.toml", "[node]\nname = \"a\"\n"});
}

TEST(Codec, BringsEmptyShapesBackToo) {
  expect_round_trip(Message{});
  expect_round_trip(Ticket{});
  expect_round_trip(Status{});
  expect_round_trip(CheckStatus{});
  expect_round_trip(QuarantinedItem{});
  expect_round_trip(QuarantineRequest{});
  expect_round_trip(ChangeRequest{});
  expect_round_trip(Undone{});
  expect_round_trip(std::vector<Ticket>{});
  expect_round_trip(std::vector<Ticket>{sample_ticket(), Ticket{}});
}

TEST(Codec, WritesATicketWithTheKeysOfTheDesign) {
  Ticket ticket = sample_ticket();
  ticket.messages.reset();
  ticket.history.reset();
  EXPECT_EQ(
      encode(ticket),
      R"({"id":7,"desk":"support","subject":"Fel på fakturan","state":"new","custody":"fallback",)"
      R"("line":2,"priority":"high","assignee":"eva","tags":["invoice","vip"],)"
      R"("requester":{"name":"Ann Ångström","address":"ann@example.net"},)"
      R"("created":"2026-11-23T01:30:26.5Z","updated":"2026-11-23T01:31:00Z",)"
      R"("undelivered":true,"linked":[3],"merged":[8,9],)"
      R"("reply_address":"support+t7.mzxw6ytboi@example.org","token":"[beredd-7.mzxw6ytboi]",)"
      R"("pending_until":"2026-11-24T08:00:00Z","lease":null,"due":null})");
}

TEST(Codec, WritesAMessageWithTheKeysOfTheDesign) {
  EXPECT_EQ(
      encode(sample_message()),
      R"({"id":42,"ticket":7,"desk":"support","direction":"in","source":"smtp",)"
      R"("message_id":"a@example.net","in_reply_to":"b@example.net",)"
      R"("references":["c@example.net","b@example.net"],)"
      R"("envelope":{"from":"ann@example.net","to":["support@example.org","help@example.org"],"smtputf8":true,)"
      R"("dsn":{"ret":"HDRS","envid":"QQ+2B1","recipients":[{"notify":"SUCCESS,DELAY",)"
      R"("orcpt":"rfc822;help@x.example"},{"notify":null,"orcpt":null}]}},)"
      R"("from":[{"name":"Ann Ångström","address":"ann@example.net"}],)"
      R"("to":[{"name":"","address":"support@example.org"}],)"
      R"("cc":[{"name":"Bo","address":"bo@example.net"}],)"
      R"("reply_to":[{"name":"","address":"ann+reply@example.net"}],)"
      R"("subject":"Fel på fakturan","date":"2026-11-23T01:30:00Z","received":"2026-11-23T01:30:26.5Z",)"
      R"("size":6000000000,"sha256":"ab12","text":"hej\n> citat\n","new_text":"hej\n",)"
      R"("attachments":[{"index":2,"name":"faktura.pdf","type":"application/pdf","size":1234,"sha256":"cd34"}],)"
      R"("defects":["two From headers"],)"
      R"("delivery":{"target":"helpdesk","state":"proven","attempts":2,"words":"250 ok","receipt":"250 ok","proof":"found at 01:31"},)"
      R"-("peer":"192.0.2.7 (mail.example.net)","trace_id":"4f1c2a9b.1042",)-"
      R"("kind":"delivery-report","reason":"reports on <b@example.net>","new_participant":true,)"
      R"("copy_of":40,"copies":[43,44],)"
      R"("report":{"outcome":"failed","status":"5.1.1","recipients":["bo@example.net"],"concerns":41}})");
}

TEST(Codec, WritesTheHistoryBehindTheMessages) {
  const std::string json = encode(sample_ticket());
  EXPECT_THAT(
      json,
      HasSubstr(R"("history":[{"seq":12,"at":"2026-11-23T01:40:00Z","who":"anna","what":"noted",)"
                R"("message":43,"target":null,"detail":"a note"},)"));
  EXPECT_LT(json.find(R"("messages")"), json.find(R"("history")"));
}

TEST(Codec, WritesAnAuthorOnlyWhereThereIsOne) {
  Message note = sample_message();
  EXPECT_EQ(encode(note).find("author"), std::string::npos);
  note.author = "anna";
  EXPECT_THAT(encode(note), HasSubstr(R"("author":"anna"})"));
}

TEST(Codec, ReadsARequestThatSaysOnlyWhatItWants) {
  const auto request = decode<ChangeRequest>(R"({"tickets":[{"id":7}],"state":"open"})");
  ASSERT_TRUE(request.ok()) << request.error().detail;
  EXPECT_EQ(request->tickets, (std::vector<SeenTicket>{{7, {}}}));
  EXPECT_EQ(request->state, "open");
  EXPECT_FALSE(request->assignee || request->add_tags || request->bulk);
}

TEST(Codec, WritesNullForWhatIsNotThereAndLeavesTextOutOfLists) {
  const std::string json = encode(Message{});
  EXPECT_THAT(json, HasSubstr(R"("ticket":null)"));
  EXPECT_THAT(json, HasSubstr(R"("message_id":null,"in_reply_to":null,"references":[])"));
  EXPECT_THAT(json, HasSubstr(R"("date":null)"));
  EXPECT_THAT(json, HasSubstr(R"("delivery":null)"));
  EXPECT_THAT(json, HasSubstr(R"("kind":null,"reason":null,"new_participant":false)"));
  EXPECT_THAT(json, HasSubstr(R"("copy_of":null,"copies":[],"report":null)"));
  EXPECT_THAT(json, HasSubstr(R"("envelope":{"from":"","to":[],"smtputf8":false,"dsn":null})"));
  EXPECT_EQ(json.find("text"), std::string::npos);
}

TEST(Codec, WritesBothHalvesOfAPrimaryIntoOneObject) {
  const std::string json = encode(sample_status());
  EXPECT_THAT(json,
              HasSubstr(R"({"primary":"helpdesk","mode":"fallback","since":"2026-11-23T02:14:00Z",)"
                        R"("pinned":true,"frozen":false,"evidence":[{"check":"http","ok":false,)"
                        R"("at":"2026-11-23T02:17:15Z","saw":"connection refused"}],)"
                        R"("held":17,"queued":1,"offered":2,"acknowledged":100,"proven":90,)"
                        R"("quarantined":3,"oldest":"2026-11-23T02:14:31Z","rate":0.5)"));
}

TEST(Codec, MendsTextThatIsNotUtf8) {
  Problem problem{"bad \xff byte", "invalid", ""};
  EXPECT_EQ(encode(problem),
            "{\"error\":\"bad \xEF\xBF\xBD byte\",\"code\":\"invalid\",\"hint\":null}");
}

TEST(Codec, KeepsNulsAndControlCharactersReadable) {
  const Problem problem{std::string("a\0b\x1b[2J", 7), "invalid", ""};
  EXPECT_EQ(encode(problem), R"({"error":"a\u0000b\u001b[2J","code":"invalid","hint":null})");
  EXPECT_EQ(decode<Problem>(encode(problem))->error, problem.error);
}

// --- what a decoder refuses ---------------------------------------------------------------------

template <typename T>
std::string refusal(std::string_view json) {
  const auto value = decode<T>(json);
  if (value.ok()) return "accepted";
  EXPECT_EQ(value.error().code, base::Code::invalid);
  EXPECT_EQ(value.error().fault, base::Fault::permanent);
  return value.error().detail;
}

TEST(Codec, SaysWhereSomethingDoesNotFit) {
  EXPECT_EQ(refusal<ForceRequest>(""), "this is not JSON");
  EXPECT_EQ(refusal<ForceRequest>("{\"mode\":\"fall"), "this is not JSON");
  EXPECT_EQ(refusal<ForceRequest>("[]"), "an object is missing");
  EXPECT_EQ(refusal<ForceRequest>("{}"), "mode: the key is missing");
  EXPECT_EQ(refusal<ForceRequest>(R"({"mode":3})"), "mode: a text is missing");
  EXPECT_EQ(refusal<std::vector<ForceRequest>>("{}"), "a list is missing");
  EXPECT_EQ(refusal<std::vector<ForceRequest>>(R"([{"mode":"normal"},{"mode":null}])"),
            "[1].mode: a text is missing");
}

TEST(Codec, NamesThePlaceDeepInside) {
  std::string json = encode(sample_ticket());
  const std::string from = R"("size":1234)";
  json.replace(json.find(from), from.size(), R"("size":-1)");
  EXPECT_EQ(refusal<Ticket>(json), "messages[0].attachments[0].size: the number is out of range");
}

TEST(Codec, RefusesWrongNumbersTimesAndTruths) {
  const std::string good = encode(sample_status());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string bad = good;
    const auto found = bad.find(from);
    EXPECT_NE(found, std::string::npos) << from;
    bad.replace(found, from.size(), to);
    return refusal<Status>(bad);
  };
  EXPECT_EQ(with(R"("tickets":1030)", R"("tickets":1.5)"), "tickets: a whole number is missing");
  EXPECT_EQ(with(R"("now":"2026-11-23T02:17:20Z")", R"("now":"yesterday")"),
            "now: the time is not RFC 3339");
  EXPECT_EQ(with(R"("now":"2026-11-23T02:17:20Z")", R"("now":5)"), "now: a time is missing");
  EXPECT_EQ(with(R"("pinned":true)", R"("pinned":"yes")"),
            "primaries[0].pinned: true or false is missing");
  EXPECT_EQ(with(R"("rate":0.5)", R"("rate":"fast")"), "primaries[0].rate: a number is missing");
}

TEST(Codec, PassesOverKeysThatItDoesNotKnow) {
  const auto request = decode<ForceRequest>(R"({"mode":"normal","because":{"deep":[1,2]}})");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->mode, "normal");
}

TEST(Codec, TakesAbsentForNullWhereNullIsAllowed) {
  EXPECT_EQ(decode<QuarantineRequest>("{}").value_or({"x", "x"}), QuarantineRequest{});
}

TEST(Codec, SurvivesDeepNesting) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(refusal<Problem>(deep), "this is not JSON");
}

}  // namespace
}  // namespace beredd::api
