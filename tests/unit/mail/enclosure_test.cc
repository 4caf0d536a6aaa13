#include "letters.h"
#include "smime.h"
#include "tnef_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Bytes as a part without any encoding: letters in these tests are CRLF already.
std::string binary_part(std::string_view header, std::string_view bytes) {
  return crlf("--b\n" + std::string(header) + "\n\n") + std::string(bytes) + "\r\n";
}
std::string mixed(std::string_view parts) {
  return crlf("From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n") +
         std::string(parts) + "--b--\r\n";
}

constexpr std::string_view kTnef = "Content-Type: application/ms-tnef; name=winmail.dat";

std::string der(unsigned char tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 128) {
    out.push_back(static_cast<char>(content.size()));
  } else {
    out.push_back('\x84');
    for (int shift = 24; shift >= 0; shift -= 8)
      out.push_back(static_cast<char>(content.size() >> shift));
  }
  return out + std::string(content);
}

constexpr std::string_view kOidData("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01", 9);
constexpr std::string_view kOidSigned("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 9);
constexpr std::string_view kOidEnveloped("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03", 9);

std::string content_info(std::string_view oid, const std::string& content) {
  return der(0x30, der(0x06, oid) + der(0xA0, content));
}

// SignedData (RFC 5652 §5.1) that nobody signed: the reader does not look at who did.
std::string signed_data(std::string_view said) {
  const std::string inner = der(0x30, der(0x06, kOidData) + der(0xA0, der(0x04, said)));
  return content_info(kOidSigned, der(0x30, der(0x02, std::string(1, '\1')) + der(0x31, "") +
                                                inner + der(0x31, "")));
}

std::string certificates() {
  const std::string inner = der(0x30, der(0x06, kOidData));
  return content_info(kOidSigned, der(0x30, der(0x02, std::string(1, '\1')) + der(0x31, "") +
                                                inner + der(0x31, "")));
}

TEST(WinmailDat, ItsFilesStandInItsPlace) {
  const std::string tnef = TnefBuilder().file("a.pdf", "%PDF").file("b.txt", "two").build();
  const std::string raw =
      mixed(binary_part("Content-Type: text/plain", "See there.") + binary_part(kTnef, tnef) +
            binary_part("Content-Type: image/png; name=c.png", "png"));
  const Reading mail = read(raw);
  EXPECT_EQ(mail.text, "See there.");
  ASSERT_THAT(mail.attachments, SizeIs(3));
  EXPECT_EQ(mail.attachments[0].name, "a.pdf");
  EXPECT_EQ(mail.attachments[0].index, 2U);
  EXPECT_EQ(mail.attachments[0].sha256, base::sha256("%PDF"));
  EXPECT_EQ(mail.attachments[1].name, "b.txt");
  EXPECT_EQ(mail.attachments[2].name, "c.png");
  for (const Attachment& one : mail.attachments) {
    const auto bytes = part_bytes(raw, one.index);
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(base::sha256(*bytes), one.sha256);
  }
}

TEST(WinmailDat, ItsBodyIsShownWhereTheMailSaysNothingElse) {
  const std::string tnef =
      TnefBuilder().message(MapiBuilder().bytes(0x1F, 0x1000, wide("From inside."))).build();
  const std::string alone = crlf("From: a@example.org\n" + std::string(kTnef) + "\n\n") + tnef;
  EXPECT_EQ(read(alone).text, "From inside.");
  EXPECT_THAT(read(alone).attachments, IsEmpty());
  const std::string beside =
      mixed(binary_part("Content-Type: text/plain", "From outside.") + binary_part(kTnef, tnef));
  EXPECT_EQ(read(beside).text, "From outside.");
}

TEST(WinmailDat, ItsHtmlIsRenderedInItsCharset) {
  const std::string tnef =
      TnefBuilder()
          .message(MapiBuilder().number(0x3FDE, 1251).bytes(0x102, 0x1013, "<p>\xCF\xF0\xE8</p>"))
          .build();
  EXPECT_EQ(read(crlf(std::string(kTnef) + "\n\n") + tnef).text, "При\n");
}

TEST(WinmailDat, InBase64IsReadToo) {
  // A stream with the file "a" of the one octet "x".
  const Reading mail = read_letter(
      "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n"
      "eJ8+IgcAAgKQBgAAAAAAAAACEIABAAIAAABhAAAAAg+ABgABAAAAeAAA\n");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "a");
  EXPECT_EQ(mail.attachments[0].size, base::Bytes(1));
}

TEST(WinmailDat, AnEmbeddedMessageIsOpenedToo) {
  const std::string inner = TnefBuilder()
                                .message(MapiBuilder().bytes(0x1F, 0x1000, wide("inner")))
                                .file("deep", "x")
                                .build();
  const std::string outer =
      TnefBuilder()
          .file("message", "")
          .file_properties(MapiBuilder().bytes(0x0D, 0x3701, std::string(16, 'i') + inner))
          .build();
  const Reading mail =
      read(mixed(binary_part("Content-Type: text/plain", "outer") + binary_part(kTnef, outer)));
  EXPECT_EQ(mail.text, "outer");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "deep");
}

TEST(WinmailDat, InsideOfItselfEndsAtTheCap) {
  std::string stream = TnefBuilder().file("core", "x").build();
  for (int i = 0; i < 50; ++i) {
    stream = TnefBuilder()
                 .file("shell", "")
                 .file_properties(MapiBuilder().bytes(0x0D, 0x3701, std::string(16, 'i') + stream))
                 .build();
  }
  const Reading mail = read(crlf(std::string(kTnef) + "\n\n") + stream);
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "shell");
}

TEST(WinmailDat, ThatIsNoneStaysAnAttachment) {
  const Reading mail = read(mixed(binary_part(kTnef, "junk")));
  EXPECT_TRUE(has_defect(mail, "winmail.dat cannot be read"));
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "winmail.dat");
}

constexpr std::string_view kSmime =
    "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m";

TEST(Smime, SignedDataIsUnwrappedAndSaidToBeUnverified) {
  const std::string inside = crlf(
      "Content-Type: multipart/mixed; boundary=in\n\n--in\n\nThe pump drips.\n"
      "--in\nContent-Type: image/png; name=pump.png\n\npng\n--in--\n");
  const std::string raw =
      crlf("From: a@example.org\n" + std::string(kSmime) + "\n\n") + signed_data(inside);
  const Reading mail = read(raw);
  EXPECT_EQ(mail.text, "The pump drips.");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "pump.png");
  EXPECT_EQ(*part_bytes(raw, mail.attachments[0].index), "png");
  EXPECT_THAT(mail.defects, ElementsAre("signed with S/MIME, not verified"));
}

TEST(Smime, InIndefiniteLengthsIsReadToo) {
  // As `openssl cms -stream` writes it: every length open, the octets in two pieces.
  const std::string eoc(2, '\0');
  const auto open = [&eoc](unsigned char tag, const std::string& content) {
    return std::string(1, static_cast<char>(tag)) + "\x80" + content + eoc;
  };
  const std::string octets = open(0x24, der(0x04, "\r\nThe pump ") + der(0x04, "drips.\r\n"));
  const std::string inner = open(0x30, der(0x06, kOidData) + open(0xA0, octets));
  const std::string body =
      open(0x30, der(0x02, std::string(1, '\1')) + der(0x31, "") + inner + der(0x31, ""));
  const std::string all = open(0x30, der(0x06, kOidSigned) + open(0xA0, body));
  EXPECT_EQ(open_smime(all).content, "\r\nThe pump drips.\r\n");
}

TEST(Smime, SignedTwiceIsUnwrappedTwice) {
  const std::string once = crlf(std::string(kSmime) + "\n\n") + signed_data("\r\ncore");
  const std::string raw = crlf(std::string(kSmime) + "\n\n") + signed_data(once);
  EXPECT_EQ(read(raw).text, "core");
}

TEST(Smime, SignedOverAndOverEndsAtTheCap) {
  std::string raw = "\r\ncore";
  for (int i = 0; i < 60; ++i) raw = crlf(std::string(kSmime) + "\n\n") + signed_data(raw);
  const Reading mail = read(raw);
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "smime.p7m");
}

TEST(Smime, EncryptedDataIsNamedAndStaysAttached) {
  const Reading mail = read(
      crlf("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\n") +
      content_info(kOidEnveloped,
                   der(0x30, der(0x02, std::string(1, '\0')) + der(0x31, "") +
                                 der(0x30, der(0x06, kOidData) + der(0x30, der(0x06, kOidData))))));
  EXPECT_TRUE(has_defect(mail, "encrypted with S/MIME"));
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(Smime, CertificatesAloneAreAnAttachment) {
  EXPECT_EQ(open_smime(certificates()).kind, Smime::Kind::certificates);
  const Reading mail = read(crlf(std::string(kSmime) + "\n\n") + certificates());
  EXPECT_THAT(mail.defects, testing::Not(testing::Contains("S/MIME cannot be read")));
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(Smime, JunkIsADefect) {
  const Reading mail = read(crlf(std::string(kSmime) + "\n\njunk"));
  EXPECT_TRUE(has_defect(mail, "S/MIME cannot be read"));
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(Smime, EveryPrefixIsBorne) {
  const std::string all = signed_data("\r\nThe pump drips.\r\n");
  for (std::size_t size = 0; size < all.size(); ++size) {
    EXPECT_EQ(open_smime(all.substr(0, size)).kind, Smime::Kind::unreadable) << size;
  }
}

TEST(Uuencoded, AFileThatDoesNotSaySoIsDecoded) {
  const Reading mail = read_letter(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee there.\n"
      "--b\nContent-Type: application/octet-stream\n\nbegin 644 cat.txt\n#0V%T\n`\nend\n--b--\n");
  EXPECT_EQ(mail.text, "See there.");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "cat.txt");
  EXPECT_EQ(mail.attachments[0].sha256, base::sha256("Cat"));
}

TEST(Uuencoded, InATextStaysWhereItStands) {
  const Reading mail = read_letter("\nSee there:\nbegin 644 cat.txt\n#0V%T\n`\nend\n");
  EXPECT_EQ(mail.text, "See there:\nbegin 644 cat.txt\n#0V%T\n`\nend\n");
}

TEST(Uuencoded, WhatNeverEndsStaysAsItIs) {
  const Reading mail =
      read_letter("Content-Type: application/octet-stream; name=x\n\nbegin 644 cat.txt\n#0V%T\n");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "x");
}

}  // namespace
}  // namespace beredd::mail
