// Every golden transcript, whole, byte by byte and in random cuts: the events never differ.

#include "golden.h"

#include "smtp_client_trace.h"
#include "smtp_server_trace.h"

#include <functional>

#include <gtest/gtest.h>

#include "beredd/base/text.h"

namespace beredd::smtp {
namespace {

using testing::escaped;
using testing::Pieces;
using Cut = std::function<Pieces(std::string_view)>;

std::vector<Cut> cuts() {
  std::vector<Cut> all = {testing::in_one, testing::byte_by_byte};
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    all.push_back([seed](std::string_view bytes) { return testing::at_random(bytes, seed); });
  }
  return all;
}

// The text behind "key=" if that is what the word is.
std::optional<std::string> value_of(const std::string& word, const std::string& key) {
  if (word.rfind(key + "=", 0) != 0) return {};
  return word.substr(key.size() + 1);
}

Reply as_reply(const std::string& line) {
  ReplyReader reader;
  auto reply = reader.line(line);
  EXPECT_TRUE(reply.ok() && *reply) << line;
  return reply.ok() && *reply ? **reply : Reply{};
}

// The bytes that one side sends, parted where TLS starts.
std::vector<std::string> stream_of(const std::vector<GoldenLine>& lines, char side) {
  std::vector<std::string> parts(1);
  for (const GoldenLine& line : lines) {
    if (line.mark == "T:") parts.emplace_back();
    if (line.mark[0] != side) continue;
    parts.back() += line.text;
    if (line.mark[1] != '-') parts.back() += "\r\n";
  }
  return parts;
}

std::vector<std::string> expected_of(const std::vector<GoldenLine>& lines, char side) {
  std::vector<std::string> out;
  for (const GoldenLine& line : lines) {
    if (line.mark == "E:") out.push_back("E: " + line.text);
    if (line.mark[0] == side) out.push_back(line.mark + " " + escaped(line.text));
  }
  return out;
}

// --- the server
// -----------------------------------------------------------------------------------

ServerOptions server_options(const std::vector<GoldenLine>& lines) {
  ServerOptions options;
  options.hostname = "mx.example";
  for (const GoldenLine& line : lines) {
    if (line.mark != "O:") continue;
    for (const std::string& word : words_of(line.text)) {
      if (word == "starttls") options.offer_starttls = true;
      if (word == "checkpoint") options.offer_checkpoint = true;
      if (word == "smtputf8") options.offer_smtputf8 = true;
      if (word == "dsn") options.offer_dsn = true;
      if (word == "chunking") options.offer_chunking = true;
      if (word == "lmtp") options.protocol = Protocol::lmtp;
      if (auto size = value_of(word, "size"))
        options.max_message_size = base::Bytes(std::stoull(*size));
      if (auto count = value_of(word, "recipients")) options.max_recipients = std::stoi(*count);
      if (auto count = value_of(word, "errors")) options.max_errors = std::stoi(*count);
    }
  }
  return options;
}

Privileges privileges(const std::vector<GoldenLine>& lines) {
  Privileges privileges;
  for (const GoldenLine& line : lines) {
    if (line.mark != "O:") continue;
    for (const std::string& word : words_of(line.text)) {
      if (word == "xclient") privileges.xclient = true;
      if (word == "etrn") privileges.etrn = true;
    }
  }
  return privileges;
}

std::vector<std::string> run_server(const std::vector<GoldenLine>& lines, const Cut& cut) {
  std::deque<Reply> answers;
  for (const GoldenLine& line : lines) {
    if (line.mark == "A:") answers.push_back(as_reply(line.text));
  }
  testing::ServerTrace trace(server_options(lines), answers, privileges(lines));
  bool first = true;
  for (const std::string& part : stream_of(lines, 'C')) {
    if (!std::exchange(first, false)) trace.start_tls();
    trace.feed(cut(part));
  }
  return trace.lines();
}

class ServerTranscript : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(ServerTranscript, IsTheSameHoweverItIsCut) {
  const auto lines = read_golden(GetParam());
  const auto expected = expected_of(lines, 'S');
  int number = 0;
  for (const Cut& cut : cuts()) {
    ASSERT_EQ(run_server(lines, cut), expected) << "cut number " << number;
    ++number;
  }
}

// --- the client
// -----------------------------------------------------------------------------------

ClientOptions client_options(const std::vector<GoldenLine>& lines) {
  ClientOptions options{"beredd.example", TlsPolicy::opportunistic};
  for (const GoldenLine& line : lines) {
    if (line.mark != "O:") continue;
    for (const std::string& word : words_of(line.text)) {
      if (word == "tls=off") options.tls = TlsPolicy::off;
      if (word == "tls=required") options.tls = TlsPolicy::required;
      if (word == "tls=implicit") options.tls = TlsPolicy::implicit;
      if (auto password = value_of(word, "password")) options.credentials = {"support", *password};
      if (auto octets = value_of(word, "chunk")) options.chunk_size = std::stoul(*octets);
      if (auto count = value_of(word, "ahead")) options.chunks_ahead = std::stoul(*count);
    }
  }
  return options;
}

mail::Mailbox mailbox(const std::string& text) {
  const auto at = text.rfind('@');
  return {text.substr(0, at), text.substr(at + 1)};
}

Transaction as_transaction(const std::string& text) {
  Transaction transaction;
  for (const std::string& word : words_of(text)) {
    if (word == "8bit") transaction.envelope.body = mail::BodyType::eight_bit_mime;
    if (word == "smtputf8") transaction.envelope.smtputf8 = true;
    if (auto ret = value_of(word, "ret"))
      transaction.envelope.dsn_return = *mail::parse_dsn_return(*ret);
    if (auto id = value_of(word, "envid")) transaction.envelope.envelope_id = *id;
    if (auto asked = value_of(word, "dsn")) {
      for (const auto one : base::split(*asked, '/')) {
        const auto parts = base::split(one, '|');
        transaction.envelope.recipient_dsn.push_back(
            {mail::parse_notify(parts[0]).value_or(mail::Notify{}), std::string(parts[1])});
      }
    }
    if (auto from = value_of(word, "from")) transaction.envelope.reverse_path = mailbox(*from);
    if (auto size = value_of(word, "size")) transaction.size = base::Bytes(std::stoull(*size));
    if (auto id = value_of(word, "id")) transaction.transaction_id = *id;
    if (auto to = value_of(word, "to")) {
      for (const auto recipient : base::split(*to, ',')) {
        transaction.envelope.forward_paths.push_back(mailbox(std::string(recipient)));
      }
    }
  }
  return transaction;
}

std::vector<std::string> run_client(const std::vector<GoldenLine>& lines, const Cut& cut) {
  testing::ClientTrace trace(client_options(lines));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].mark == "Q:") trace.session().quit();
    if (lines[i].mark != "B:") continue;
    const bool has_message = i + 1 < lines.size() && lines[i + 1].mark == "M:";
    trace.begin(as_transaction(lines[i].text), has_message ? lines[i + 1].text : "");
  }
  trace.drain();
  bool first = true;
  for (const std::string& part : stream_of(lines, 'S')) {
    if (!std::exchange(first, false)) trace.start_tls();
    trace.feed(cut(part));
  }
  for (const GoldenLine& line : lines) {
    if (line.mark == "L:") trace.lost(line.text);
  }
  return trace.lines();
}

class ClientTranscript : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(ClientTranscript, IsTheSameHoweverItIsCut) {
  const auto lines = read_golden(GetParam());
  const auto expected = expected_of(lines, 'C');
  int number = 0;
  for (const Cut& cut : cuts()) {
    ASSERT_EQ(run_client(lines, cut), expected) << "cut number " << number;
    ++number;
  }
}

std::string name_of_file(const ::testing::TestParamInfo<std::filesystem::path>& info) {
  return info.param.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Golden, ServerTranscript, ::testing::ValuesIn(golden_files("server_")),
                         name_of_file);
INSTANTIATE_TEST_SUITE_P(Golden, ClientTranscript, ::testing::ValuesIn(golden_files("client_")),
                         name_of_file);

}  // namespace
}  // namespace beredd::smtp
