#pragma once
// What a probe says to a server that speaks first, sans-IO: lines in, lines out, a verdict.

#include <memory>
#include <string>
#include <string_view>

namespace beredd::remote {

class Dialogue {
 public:
  virtual ~Dialogue() = default;

  // Takes what the server sent; returns what to send. Once over(), nothing more is to be read.
  std::string receive(std::string_view bytes);
  bool over() const { return over_; }
  bool good() const { return good_; }
  // The line that decided, when it was not good().
  const std::string& words() const { return words_; }

 protected:
  virtual std::string on_line(std::string_view line) = 0;
  std::string succeed(std::string farewell);
  std::string fail(std::string words);

 private:
  std::string pending_;
  bool over_ = false;
  bool good_ = false;
  std::string words_;
};

// Greeting, EHLO, NOOP, QUIT. `helo`: our name or address literal.
std::unique_ptr<Dialogue> smtp_dialogue(std::string helo);
// Greeting, CAPABILITY, NOOP, LOGOUT (RFC 9051).
std::unique_ptr<Dialogue> imap_dialogue();

}  // namespace beredd::remote
