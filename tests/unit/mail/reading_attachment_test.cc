#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::SizeIs;

Attachment attached(std::string_view header, std::string_view body = "x") {
  const Reading mail = read_letter("Content-Type: multipart/mixed; boundary=b\n\n--b\n" +
                                   std::string(header) + "\n\n" + std::string(body) + "\n--b--\n");
  EXPECT_THAT(mail.attachments, SizeIs(1)) << header;
  return mail.attachments.empty() ? Attachment{} : mail.attachments[0];
}

std::string named(std::string_view parameter) {
  return attached("Content-Type: application/octet-stream\nContent-Disposition: attachment; " +
                  std::string(parameter))
      .name;
}

TEST(AttachmentName, ComesFromTheDispositionFirst) {
  EXPECT_EQ(attached("Content-Type: image/png; name=old.png\nContent-Disposition: attachment; "
                     "filename=new.png")
                .name,
            "new.png");
  EXPECT_EQ(attached("Content-Type: image/png; name=old.png").name, "old.png");
}

TEST(AttachmentName, IsReadInEveryWayThatClientsWriteIt) {
  EXPECT_EQ(named("filename*=utf-8'sv'sm%C3%B6r.txt"), "smör.txt");
  EXPECT_EQ(named("filename*=iso-8859-1''sm%F6r.txt"), "smör.txt");
  EXPECT_EQ(named("filename*0*=utf-8''sm%C3;\n filename*1*=%B6r;\n filename*2=.txt"), "smör.txt");
  EXPECT_EQ(named("filename*1=b.txt;\n filename*0=a"), "ab.txt");
  EXPECT_EQ(named("filename=\"=?utf-8?B?c23DtnIudHh0?=\""), "smör.txt");
  EXPECT_EQ(named("filename==?utf-8?Q?sm=C3=B6r.txt?="), "smör.txt");
  EXPECT_EQ(named("filename=\"sm\xF6r.txt\""), "smör.txt");
  EXPECT_EQ(named("filename=\"smör.txt\""), "smör.txt");
  EXPECT_EQ(named("filename=two words.txt"), "two words.txt");
  EXPECT_EQ(named("filename=\"say \\\"hi\\\".txt\""), "say \"hi\".txt");
}

TEST(AttachmentName, PrefersTheExtendedFormToThePlainOne) {
  EXPECT_EQ(named("filename=\"smor.txt\"; filename*=utf-8''sm%C3%B6r.txt"), "smör.txt");
}

TEST(AttachmentName, IsSafeAsAFileName) {
  EXPECT_EQ(named("filename=\"../../etc/passwd\""), "_.._etc_passwd");
  EXPECT_EQ(named("filename*=utf-8''a%00b%0Ac%2Fd.txt"), "abc_d.txt");
}

TEST(AttachmentName, IsEmptyWhenThereIsNone) {
  EXPECT_EQ(attached("Content-Type: image/png").name, "");
}

TEST(Attachment, KnowsSizeAndDigestOfItsDecodedBytes) {
  const Attachment one =
      attached("Content-Type: image/png\nContent-Transfer-Encoding: base64", "AAEC\nAwQF");
  EXPECT_EQ(one.size, base::Bytes(6));
  EXPECT_EQ(one.sha256, base::sha256(std::string_view("\0\1\2\3\4\5", 6)));
}

TEST(Attachment, MayBeLargerThanADecodersPiece) {
  const std::string line =
      "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n";
  const Attachment one =
      attached("Content-Type: image/png\nContent-Transfer-Encoding: base64", repeated(line, 5000));
  EXPECT_EQ(one.size, base::Bytes(57 * 5000));
  EXPECT_EQ(one.sha256, base::sha256(std::string(57 * 5000, 'A')));
}

TEST(Attachment, TypeIsLowerCase) {
  EXPECT_EQ(attached("Content-Type: Image/PNG; name=x").type, "image/png");
}

TEST(Attachment, TextWithTheDispositionIsNotBody) {
  const Attachment one = attached("Content-Type: text/plain\nContent-Disposition: ATTACHMENT");
  EXPECT_EQ(one.type, "text/plain");
}

TEST(Attachment, UuencodedBytesAreDecoded) {
  const Attachment one =
      attached("Content-Type: application/x-thing\nContent-Transfer-Encoding: x-uuencode",
               "begin 644 x\n,2&5L;&\\@=V]R;&0A\n`\nend");
  EXPECT_EQ(one.sha256, base::sha256("Hello world!"));
}

TEST(Attachment, OfAMessageThatIsNothingElseIsFound) {
  const Reading mail = read_letter(
      "Subject: scan\nContent-Type: application/pdf; name=scan.pdf\nContent-Transfer-Encoding: "
      "base64\n\nJVBERg==\n");
  EXPECT_EQ(mail.text, "");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].index, 1U);
  EXPECT_EQ(mail.attachments[0].name, "scan.pdf");
}

}  // namespace
}  // namespace beredd::mail
