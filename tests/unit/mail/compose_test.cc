#include "beredd/mail/compose.h"

#include "flowed.h"
#include "letters.h"
#include "plain_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/mail/quote.h"

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Letter letter(std::string text) {
  Letter out;
  out.from = {"Example Support", "support@example.org"};
  out.to = {{"Anna", "anna@example.net"}};
  out.subject = "Re: It drips";
  out.date = *base::parse_rfc3339("2026-11-23T10:00:00Z");
  out.message_id = "beredd.t7.aaaaaaaaaa.1@mx.example.org";
  out.text = std::move(text);
  out.boundary = "f00d";
  return out;
}

Enclosure file(std::string name, std::string type, std::string bytes) {
  return {std::move(name), std::move(type), 1,
          [bytes = std::move(bytes)](std::uint32_t) { return base::Result<std::string>(bytes); }};
}

struct Written {
  std::string raw;
  Composed composed;
};

Written write(const Letter& letter) {
  Written out;
  auto composition = Composition::begin(letter);
  EXPECT_TRUE(composition.ok()) << base::to_string(composition.error());
  if (!composition) return out;
  for (auto piece = composition->next(); piece && !piece->empty(); piece = composition->next()) {
    out.raw += *piece;
  }
  out.composed = composition->composed();
  return out;
}

// The longest line, in octets.
std::size_t longest(std::string_view raw) {
  std::size_t longest = 0;
  while (!raw.empty()) {
    const std::size_t end = std::min(raw.find("\r\n"), raw.size());
    longest = std::max(longest, end);
    raw.remove_prefix(std::min(end + 2, raw.size()));
  }
  return longest;
}

void expect_read_back(const Letter& letter) {
  const Written written = write(letter);
  const Reading read = mail::read(written.raw);
  EXPECT_EQ(read, written.composed.reading) << written.raw;
}

TEST(Compose, WritesAPlainAnswerToTheByte) {
  Letter answer = letter("Hello Anna,\n\nturn it off.\n");
  answer.in_reply_to = "2@example.net";
  answer.references = {"1@example.net"};
  answer.mark = "beredd.t7.aaaaaaaaaa";
  EXPECT_EQ(write(answer).raw, crlf("Date: Mon, 23 Nov 2026 10:00:00 +0000\n"
                                    "From: Example Support <support@example.org>\n"
                                    "To: Anna <anna@example.net>\n"
                                    "Subject: Re: It drips\n"
                                    "Message-ID: <beredd.t7.aaaaaaaaaa.1@mx.example.org>\n"
                                    "In-Reply-To: <2@example.net>\n"
                                    "References: <1@example.net> <2@example.net>\n"
                                    "X-Beredd-Ticket: beredd.t7.aaaaaaaaaa\n"
                                    "MIME-Version: 1.0\n"
                                    "Content-Type: text/plain; charset=utf-8; format=flowed\n"
                                    "Content-Transfer-Encoding: 7bit\n"
                                    "\n"
                                    "Hello Anna,\n\nturn it off.\n"));
}

TEST(Compose, ReadingFindsWhatWasSaid) {
  Letter answer = letter("Hej Örjan,\n\nstäng av den.\n-- \nStöd\n");
  answer.to = {{"Örjan \"Öset\" Öberg", "orjan@example.net"}, {"", "plain@example.net"}};
  answer.cc = {{"Doe, Jane", "jane@example.net"}, {"Ключ", "k@example.net"}};
  answer.reply_to = {{"Support", "support+t7.aaaaaaaaaa@example.org"}};
  answer.subject = "Re: Det droppar från kranen i köket på övervåningen sedan i måndags förmiddag";
  answer.in_reply_to = "2@example.net";
  answer.references = {"1@example.net"};
  answer.auto_submitted = "auto-replied";
  const Written written = write(answer);
  Reading expected = written.composed.reading;
  expected.kind = Kind::auto_reply;  // the one thing that only a reader judges
  EXPECT_EQ(mail::read(written.raw), expected) << written.raw;
  EXPECT_LE(longest(written.raw), 78U);
}

TEST(Compose, LongAsciiIsFoldedWhereThereIsABlank) {
  Letter answer = letter("x\n");
  answer.subject = repeated("word ", 60);
  for (int i = 0; i < 15; ++i) {
    answer.to.push_back({"Somebody With A Name", "person" + std::to_string(i) + "@example.net"});
  }
  expect_read_back(answer);
  EXPECT_LE(longest(write(answer).raw), 78U);
}

TEST(Compose, AWordThatCannotBeFoldedIsEncoded) {
  Letter answer = letter("x\n");
  answer.subject = repeated("a", 3000);
  expect_read_back(answer);
  EXPECT_LE(longest(write(answer).raw), 78U);
}

TEST(Compose, NoValueBeginsAnotherField) {
  Letter answer = letter("x\n");
  answer.subject = "a\r\nBcc: evil@example.com\r\n\r\nbody";
  answer.to.front().name = "Anna\r\nBcc: evil@example.com";
  answer.from.name = "S\nX: y";
  answer.message_id = "a@b>\r\nBcc: evil@example.com";
  answer.in_reply_to = "a b@c";
  answer.references = {"ok@example.net", "no\r\nBcc: x"};
  answer.mark = "x\r\ny";
  answer.auto_submitted = "auto-replied\r\nBcc: x";
  answer.enclosures = {file("a\r\nBcc: b.txt\"", "text/plain\r\nX: y", "bytes")};
  const Written written = write(answer);
  EXPECT_THAT(written.raw, Not(HasSubstr("\nBcc:")));
  EXPECT_THAT(written.raw, Not(HasSubstr("\nX:")));
  const Reading read = mail::read(written.raw);
  EXPECT_EQ(read.subject, "a Bcc: evil@example.com body");
  EXPECT_EQ(read.message_id, "");
  EXPECT_THAT(read.references, ElementsAre("ok@example.net"));
  EXPECT_EQ(read.attachments.front().type, "application/octet-stream");
}

TEST(Compose, WhatLooksEncodedIsTakenAtItsWord) {
  Letter answer = letter("x\n");
  answer.subject = "=?utf-8?q?not_really?=";
  answer.to.front().name = "=?utf-8?b?QW5uYQ==?=";
  expect_read_back(answer);
}

TEST(Compose, NoEncodedWordCutsACharacter) {
  Letter answer = letter("x\n");
  const std::string family =
      "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
  answer.subject = repeated(family, 12);
  const Written written = write(answer);
  expect_read_back(answer);
  // Each word is whole by itself, though some readers convert it alone.
  for (std::size_t at = 0; (at = written.raw.find("=?utf-8?b?", at)) != std::string::npos; ++at) {
    const std::size_t end = written.raw.find("?=", at) + 2;
    Letter alone = letter("x\n");
    const std::string word = written.raw.substr(at, end - at);
    const Reading read = read_letter("Subject: " + word + "\n\nx\n");
    EXPECT_EQ(read.subject.size() % family.size(), 0U) << word;
  }
}

TEST(Compose, LongLinesFlowAndComeBackWhole) {
  const std::string text =
      repeated("many words in one paragraph ", 40) + "end.\n\n" +
      " a leading blank\nFrom the start\n> quoted " + repeated("long ", 30) + "line\n" +
      ">> twice\n> \n" + repeated("-- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ", 5) +
      "y\n" + repeated("w", 300) + "\n-- \nSignature\n";
  const std::string canonical = canonical_text(text);
  EXPECT_EQ(unflow(with_line_feeds(flow(canonical)), false), canonical);
  EXPECT_LE(longest(flow(canonical)), 300U);
  expect_read_back(letter(text));
}

TEST(Compose, MarksOfQuotationAreWrittenAsFlowedWantsThem) {
  EXPECT_EQ(canonical_text("> > a\n>>b\n>\n"), ">> a\n>> b\n> \n");
  EXPECT_EQ(quote("a\n\n> b\n"), "> a\n>\n>> b\n");
}

TEST(Compose, TextIsCleanedOfWhatNoMailMayHold) {
  EXPECT_EQ(canonical_text("\n \n a \r\nb\rc\x01 d\t\n-- \n\n\n"), " a\nb\nc d\n-- \n");
  EXPECT_EQ(canonical_text(" \n\t\n"), "");
  EXPECT_EQ(canonical_text("a\xFF"), "a\xEF\xBF\xBD\n");
}

// The composer's fuzzer found the first of them.
TEST(Compose, ACanonicalTextStaysAsItIs) {
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& text :
       {"\x7F" + mark + "a", mark + mark + "a", "\n\n" + mark + "a", mark + "\x01" + mark + " \n a",
        std::string("a \0\t\n\0 \n", 8), std::string("-- \0\n-- \t\n>\0 -- \n", 17),
        std::string("> >\0> a\n>  > b\n", 15)}) {
    const std::string once = canonical_text(text);
    EXPECT_EQ(canonical_text(once), once) << testing::PrintToString(text);
    EXPECT_FALSE(once.starts_with(mark)) << testing::PrintToString(text);
  }
  EXPECT_EQ(canonical_text("\x7F" + mark + "a"), "a\n");
}

TEST(Compose, TheEncodingFitsTheText) {
  EXPECT_EQ(encode_text("plain\r\n").encoding, "7bit");
  EXPECT_EQ(encode_text("smörgåsbord and a good deal of plain text beside it\r\n").encoding,
            "quoted-printable");
  EXPECT_EQ(encode_text("Привет, мир\r\n").encoding, "base64");
  EXPECT_EQ(encode_text(repeated("x", 2000) + "\r\n").encoding, "quoted-printable");
  expect_read_back(letter("Привет, мир\n"));
  expect_read_back(letter(repeated("x", 2000)));
  expect_read_back(letter(repeated("ö", 2000) + " = . \n.\n"));
}

TEST(Compose, FilesGoWithTheirNames) {
  Letter answer = letter("see the files\n");
  answer.enclosures = {file("bild på läckan.png", "image/png", repeated("\x89PNG\r\n", 5000)),
                       file("notes \"final\".txt", "text/plain", "a\nb"), file("", "nonsense", "x"),
                       file(repeated("långt namn ", 17) + ".pdf", "application/pdf", "%PDF")};
  expect_read_back(answer);
  EXPECT_LE(longest(write(answer).raw), 78U);
}

TEST(Compose, AMessageIsPassedOnAsItIs) {
  Letter forward = letter("please look\n");
  const std::string inner = crlf("From: anna@example.net\nSubject: It drips\n\nLäckan\n");
  forward.enclosures = {file("", "message/rfc822", inner)};
  const Written written = write(forward);
  EXPECT_THAT(written.raw, HasSubstr("\r\n\r\n" + inner + "\r\n--=_f00d--\r\n"));
  EXPECT_EQ(written.composed.body, BodyType::eight_bit_mime);
  EXPECT_EQ(mail::read(written.raw).attachments, written.composed.reading.attachments);
}

TEST(Compose, AMessageThatMimeDoesNotAllowInsideBecomesAFile) {
  for (const std::string& inner : {crlf("Subject: L\xC3\xA4"
                                        "cka\n\nx\n"),
                                   std::string("Subject: x\n\nbare feeds\n"),
                                   crlf("Subject: x\n\n" + repeated("y", 1200) + "\n"),
                                   std::string("Subject: x\r\n\r\n\0\r\n", 17)}) {
    Letter forward = letter("please look\n");
    forward.enclosures = {file("", "message/rfc822", inner)};
    const Written written = write(forward);
    EXPECT_EQ(written.composed.body, BodyType::seven_bit);
    const Reading read = mail::read(written.raw);
    EXPECT_EQ(read, written.composed.reading);
    EXPECT_EQ(*part_bytes(written.raw, 2), inner);
  }
}

TEST(Compose, ReferencesKeepTheFirstAndTheNewest) {
  Letter answer = letter("x\n");
  for (int i = 0; i < 200; ++i) answer.references.push_back(std::to_string(i) + "@example.net");
  answer.in_reply_to = "last@example.net";
  const Reading read = mail::read(write(answer).raw);
  EXPECT_EQ(read.references.size(), 20U);
  EXPECT_EQ(read.references.front(), "0@example.net");
  EXPECT_EQ(read.references.back(), "last@example.net");
  EXPECT_EQ(read.references[18], "199@example.net");
}

TEST(Compose, AnAddressThatIsNoneIsRefusedByName) {
  Letter answer = letter("x\n");
  answer.to = {{"Anna", "anna@exa mple"}};
  const auto composition = Composition::begin(answer);
  ASSERT_FALSE(composition.ok());
  EXPECT_THAT(composition.error().detail, HasSubstr("anna@exa mple"));
  answer.to.clear();
  EXPECT_FALSE(Composition::begin(answer).ok());
}

TEST(Compose, OneAddressIsReadAsAPersonWritesIt) {
  EXPECT_EQ(*parse_address("Anna Öman <anna@example.net>"),
            (Address{"Anna Öman", "anna@example.net"}));
  EXPECT_EQ(*parse_address(" anna@example.net "), (Address{"", "anna@example.net"}));
  for (const char* none : {"", "Anna", "a@b.example, c@d.example", "anna@", "a@exa mple"}) {
    EXPECT_FALSE(parse_address(none).ok()) << none;
  }
}

TEST(Compose, AnInternationalAddressSaysThatItNeedsSmtpUtf8) {
  Letter answer = letter("x\n");
  answer.to = {{"", "anna@bücher.example"}};
  EXPECT_FALSE(write(answer).composed.smtputf8);
  EXPECT_THAT(write(answer).raw, HasSubstr("anna@xn--bcher-kva.example"));
  answer.to = {{"", "örjan@example.org"}};
  EXPECT_TRUE(write(answer).composed.smtputf8);
}

TEST(Compose, AFileThatCannotBeReadEndsIt) {
  Letter answer = letter("x\n");
  answer.enclosures = {{"a.png", "image/png", 2, [](std::uint32_t) {
                          return base::Result<std::string>(base::transient(base::Code::io, "gone"));
                        }}};
  auto composition = Composition::begin(answer);
  ASSERT_TRUE(composition.ok());
  auto piece = composition->next();
  while (piece && !piece->empty()) piece = composition->next();
  ASSERT_FALSE(piece.ok());
  EXPECT_EQ(piece.error().code, base::Code::io);
}

TEST(Compose, TheAttributionIsKnownForWhatItIs) {
  const auto at = *base::parse_rfc3339("2026-11-23T10:00:00Z");
  for (const Language language :
       {Language::english, Language::swedish, Language::norwegian, Language::finnish}) {
    Letter answer =
        letter("Turn it off.\n\n" + attribution(language, at, {"Anna", "anna@example.net"}) + "\n" +
               quote("It drips.\nAnna\n"));
    const Written written = write(answer);
    EXPECT_EQ(mail::read(written.raw).new_text, "Turn it off.\n") << written.raw;
    EXPECT_EQ(language_coded(code(language)), language);
  }
  EXPECT_EQ(language_coded("nb"), Language::norwegian);
  EXPECT_EQ(language_coded("xx"), std::nullopt);
}

TEST(Compose, SubjectsAreMarkedOnce) {
  EXPECT_EQ(reply_subject("It drips"), "Re: It drips");
  EXPECT_EQ(reply_subject("Sv: It drips"), "Sv: It drips");
  EXPECT_EQ(forward_subject("It drips"), "Fwd: It drips");
  EXPECT_EQ(forward_subject("Fwd: It drips"), "Fwd: It drips");
}

}  // namespace
}  // namespace beredd::mail
