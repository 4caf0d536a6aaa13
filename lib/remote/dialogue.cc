#include "dialogue.h"

#include "beredd/base/text.h"
#include "beredd/smtp/reply.h"

namespace beredd::remote {
namespace {

constexpr std::size_t kLongestLine = 8192;

class SmtpDialogue final : public Dialogue {
 public:
  explicit SmtpDialogue(std::string helo) : helo_(std::move(helo)) {}

 private:
  enum class Step { greeting, ehlo, noop };

  std::string on_line(std::string_view line) override {
    auto reply = reader_.line(line);
    if (!reply) return fail("speaks no SMTP: " + std::string(line));
    if (!*reply) return "";
    if (!(*reply)->positive()) return fail(smtp::one_line(**reply));
    switch (step_) {
      case Step::greeting: step_ = Step::ehlo; return "EHLO " + helo_ + "\r\n";
      case Step::ehlo: step_ = Step::noop; return "NOOP\r\n";
      case Step::noop: break;
    }
    return succeed("QUIT\r\n");
  }

  std::string helo_;
  smtp::ReplyReader reader_;
  Step step_ = Step::greeting;
};

class ImapDialogue final : public Dialogue {
  enum class Step { greeting, capability, noop };

  std::string on_line(std::string_view line) override {
    const std::string_view tag = line.substr(0, line.find(' '));
    const std::string_view rest = line.size() > tag.size() ? line.substr(tag.size() + 1) : "";
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (step_ == Step::greeting) return on_greeting(line, tag, word);
    if (tag == "*" && base::same_ignoring_case(word, "BYE")) return fail(std::string(line));
    if (tag != awaited()) return "";  // untagged data
    if (!base::same_ignoring_case(word, "OK")) return fail(std::string(line));
    if (step_ == Step::noop) return succeed("a3 LOGOUT\r\n");
    step_ = Step::noop;
    return "a2 NOOP\r\n";
  }

  std::string on_greeting(std::string_view line, std::string_view tag, std::string_view word) {
    const bool welcome =
        base::same_ignoring_case(word, "OK") || base::same_ignoring_case(word, "PREAUTH");
    if (tag != "*" || !welcome) return fail(std::string(line));
    step_ = Step::capability;
    return "a1 CAPABILITY\r\n";
  }

  std::string_view awaited() const { return step_ == Step::capability ? "a1" : "a2"; }

  Step step_ = Step::greeting;
};

}  // namespace

std::string Dialogue::receive(std::string_view bytes) {
  std::string answer;
  pending_ += bytes;
  std::size_t at = 0;
  while (!over_) {
    const auto end = pending_.find('\n', at);
    if (end == std::string::npos) break;
    std::string_view line = std::string_view(pending_).substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    answer += on_line(line);
    at = end + 1;
  }
  pending_.erase(0, at);
  if (!over_ && pending_.size() > kLongestLine) fail("sends no lines");
  return answer;
}

std::string Dialogue::succeed(std::string farewell) {
  over_ = good_ = true;
  return farewell;
}

std::string Dialogue::fail(std::string words) {
  over_ = true;
  words_ = std::move(words);
  return "";
}

std::unique_ptr<Dialogue> smtp_dialogue(std::string helo) {
  return std::make_unique<SmtpDialogue>(std::move(helo));
}
std::unique_ptr<Dialogue> imap_dialogue() { return std::make_unique<ImapDialogue>(); }

}  // namespace beredd::remote
