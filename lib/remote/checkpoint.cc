#include "checkpoint.h"

#include <array>
#include <charconv>

#include "beredd/smtp/reply.h"

namespace beredd::remote {

using base::Result;

namespace {

// One command and its reply on a connection where nothing else is under way.
io::Task<Result<smtp::Reply>> exchange(io::Stream& stream, std::string command,
                                       base::Duration timeout) {
  auto sent = co_await stream.write(command, timeout);
  if (!sent) co_return sent.error();
  smtp::ReplyReader reader;
  std::string input;
  std::array<char, 1024> buffer{};
  for (;;) {
    const auto end = input.find("\r\n");
    if (end == std::string::npos) {
      auto got = co_await stream.read(buffer, timeout);
      if (!got) co_return got.error();
      input.append(buffer.data(), *got);
      if (input.size() > 16 * buffer.size()) {
        co_return base::transient(base::Code::invalid, "a reply without end");
      }
      continue;
    }
    auto reply = reader.line(std::string_view(input).substr(0, end));
    if (!reply) co_return reply.error();
    if (*reply) co_return **reply;
    input.erase(0, end + 2);
  }
}

std::uint64_t leading_number(const smtp::Reply& reply) {
  const std::string& text = reply.lines.front();
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

io::Task<io::LookUpResult> ask_for_transaction(io::Stream& stream, std::string transaction_id,
                                               base::Bytes size, base::Duration timeout) {
  std::string question = fmt::format("MAIL FROM:<> TRANSID=<{}>\r\n", transaction_id);
  auto answer = co_await exchange(stream, std::move(question), timeout);
  if (!answer) co_return io::LookUpResult{io::LookUp::failed, answer.error().detail};
  std::string forget = "RSET\r\n";
  auto forgotten = co_await exchange(stream, std::move(forget), timeout);
  if (!forgotten) co_return io::LookUpResult{io::LookUp::failed, forgotten.error().detail};

  const std::string words = smtp::one_line(*answer);
  if (answer->code == 355 && leading_number(*answer) >= size.count()) {
    co_return io::LookUpResult{io::LookUp::found, words};
  }
  const bool heard = answer->positive() || answer->intermediate();
  co_return io::LookUpResult{heard ? io::LookUp::absent : io::LookUp::failed, words};
}

}  // namespace beredd::remote
