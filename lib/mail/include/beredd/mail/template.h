#pragma once
// Texts with places for a few named values: "Your number is {ticket}.".

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"

namespace beredd::mail {

// The names that every template may use: "ticket" (its number), "customer" (their name, or the
// address where they gave none), "desk" (the desk's name), "subject", "agent" (who writes), "phone"
// (the telephone numbers, one a line), "within" (how long an answer may take).
std::span<const std::string_view> template_names();

// A text, checked once. "{name}" is a place; "{{" and "}}" are braces.
class Template {
 public:
  // Errors: permanent/invalid, naming the line and what is wrong with it: an unknown name (with the
  // one that was meant, where there is one), a brace without its other.
  static base::Result<Template> parse(std::string_view text);

  // Each place with its value; an unknown or missing value is nothing. Values are not looked into.
  // A line that is left with nothing but blanks because its values are empty, goes.
  std::string fill(const std::map<std::string, std::string, std::less<>>& values) const;

 private:
  struct Piece {
    bool is_place = false;
    std::string text;  // or the name
  };
  std::vector<std::vector<Piece>> lines_;
};

}  // namespace beredd::mail
