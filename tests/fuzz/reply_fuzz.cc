// Any text is an answer: what is new of it is a part of it, line by line and in its order.

#include "notice.h"
#include "plain_text.h"
#include "quotation.h"
#include "require.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "beredd/base/text.h"

namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// Blank lines may be put in the place of what was taken out.
bool is_part_of(std::string_view part, std::string_view whole) {
  while (!part.empty()) {
    const std::string_view wanted = take_line(part);
    if (wanted.empty()) continue;
    while (true) {
      if (whole.empty()) return false;
      if (take_line(whole) == wanted) break;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using beredd::fuzz::require;
  std::string text = beredd::base::to_utf8({reinterpret_cast<const char*>(data), size});
  std::erase(text, '\0');
  text = beredd::mail::with_line_feeds(std::move(text));
  const std::string fresh = beredd::mail::without_quotation(text);
  require(is_part_of(fresh, text), "what is new is part of the text");
  require(fresh.size() <= text.size() + 1, "what is new is no longer than the text");
  require(beredd::mail::is_blank_text(text) || !beredd::mail::is_blank_text(fresh),
          "something is always left");
  for (const bool delete_space : {false, true}) {
    beredd::fuzz::require_text(beredd::mail::unflow(text, delete_space));
  }
  beredd::mail::Defects defects;
  require(beredd::mail::without_pgp_armour(text, defects).size() <= text.size(),
          "taking armour away adds nothing");
  return 0;
}
