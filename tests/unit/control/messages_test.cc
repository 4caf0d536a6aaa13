#include "control_house.h"

namespace beredd::control {
namespace {

using store::DeliveryState;
using testing::ElementsAre;
using testing::HasSubstr;

class Messages : public ControlHouse {};

TEST_F(Messages, AreListedNewestFirstWithoutText) {
  take_in(letter("one"));
  take_in(letter("two"));
  const Json list = get("/v1/messages?limit=1").json();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["id"], 2);
  EXPECT_FALSE(list[0].contains("text"));
  EXPECT_FALSE(list[0].contains("new_text"));
}

TEST_F(Messages, NotSortedYetAreShownAllTheSame) {
  accept(letter("fresh"));
  const Json shown = get("/v1/messages/1").json();
  EXPECT_EQ(shown["ticket"], nullptr);
  EXPECT_EQ(shown["subject"], "");
  EXPECT_EQ(shown["text"], "");
  EXPECT_EQ(shown["delivery"], nullptr);
  EXPECT_THAT(shown["defects"], ElementsAre("not sorted yet"));
  EXPECT_EQ(shown["envelope"]["from"], "ann@example.net");
}

TEST_F(Messages, ShowWhatTheirSenderAskedOfSmtp) {
  mail::Envelope envelope{mail::Mailbox{"j\xC3\xB6rg", "example.net"},
                          {{"support", "example.org"}, {"help", "example.org"}}};
  envelope.smtputf8 = true;
  envelope.dsn_return = mail::DsnReturn::headers;
  envelope.envelope_id = "QQ+2B1";
  const mail::Notify notify{mail::Notify::kSuccess | mail::Notify::kDelay};
  envelope.recipient_dsn = {{notify, "rfc822;support@x.example"}, {}};
  accept(letter("asked"), "support", envelope);
  const Json shown = get("/v1/messages/1").json()["envelope"];
  EXPECT_EQ(shown, Json::parse(R"({"from":"jörg@example.net",
      "to":["support@example.org","help@example.org"],"smtputf8":true,
      "dsn":{"ret":"HDRS","envid":"QQ+2B1","recipients":[
        {"notify":"SUCCESS,DELAY","orcpt":"rfc822;support@x.example"},
        {"notify":null,"orcpt":null}]}})"));
  EXPECT_EQ(get("/v1/messages").json()[0]["envelope"], shown) << "in lists as well";
}

TEST_F(Messages, ShowEachSingleWishOfTheirSender) {
  const mail::Envelope plain{mail::Mailbox{"ann", "example.net"}, {{"support", "example.org"}}};
  mail::Envelope ret = plain, envid = plain, notify = plain, orcpt = plain;
  ret.dsn_return = mail::DsnReturn::full;
  envid.envelope_id = "x";
  notify.recipient_dsn = {{mail::Notify{mail::Notify::kNever}, ""}};
  orcpt.recipient_dsn = {{{}, "rfc822;a@b"}};
  for (const mail::Envelope& envelope : {plain, ret, envid, notify, orcpt})
    accept(letter("asked"), "support", envelope);
  const auto dsn = [&](int id) {
    return get("/v1/messages/" + std::to_string(id)).json()["envelope"]["dsn"];
  };
  EXPECT_EQ(dsn(1), nullptr);
  EXPECT_EQ(dsn(2)["ret"], "FULL");
  EXPECT_EQ(dsn(3)["envid"], "x");
  EXPECT_EQ(dsn(4)["recipients"][0]["notify"], "NEVER");
  EXPECT_EQ(dsn(5)["recipients"][0]["orcpt"], "rfc822;a@b");
}

TEST_F(Messages, GiveTheirRawBytesBackWhateverTheirSize) {
  std::string raw = letter("large");
  while (raw.size() < 3 * store::kChunkSize) raw += "0123456789 \xff\r\n";
  accept(raw);
  const Reply reply = get("/v1/messages/1/raw");
  EXPECT_EQ(reply.content_type, "application/octet-stream");
  EXPECT_EQ(base::to_hex(base::sha256(reply.body)), base::to_hex(base::sha256(raw)));
  EXPECT_EQ(get("/v1/messages/2/raw").status, 404);
}

TEST_F(Messages, GiveTheBytesOfAPart) {
  const std::string raw =
      "From: ann@example.net\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
      "boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nsee file\r\n"
      "--b\r\nContent-Type: application/pdf; name=f.pdf\r\nContent-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename=f.pdf\r\n\r\nYWJj\r\n--b--\r\n";
  take_in(raw);
  const Json file = get("/v1/messages/1").json()["attachments"][0];
  EXPECT_EQ(file["name"], "f.pdf");
  const Reply part = get("/v1/messages/1/parts/" + file["index"].dump());
  EXPECT_EQ(part.status, 200);
  EXPECT_EQ(part.body, "abc");
  EXPECT_EQ(get("/v1/messages/1/parts/77").status, 404);
  EXPECT_EQ(get("/v1/messages/1/parts/x").status, 400);
}

TEST_F(Messages, ThatKilledTheirReaderAreNotReadHereAgain) {
  const auto id = accept(letter("bomb"));
  sort(id, mail::opaque("killed its reader"), DeliveryState::held);
  const Reply reply = get("/v1/messages/1/parts/1");
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.json()["hint"], HasSubstr("beredctl message raw 1"));
}

}  // namespace
}  // namespace beredd::control
