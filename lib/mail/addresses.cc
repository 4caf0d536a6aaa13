#include "addresses.h"

#include "encoded_word.h"
#include "etpan.h"

#include <algorithm>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kMostAddresses = 10'000;

// One entry of a list as the splitter saw it.
struct Entry {
  std::string phrase;   // what stands outside of brackets and comments, quotes undone
  std::string angle;    // what stands in <…>
  std::string comment;  // what stands in (…)
  bool has_angle = false;
};

// Splits at commas and semicolons that stand outside of quotes, comments and angle brackets. Each
// octet is looked at once; an opening mark without its end is an ordinary character.
class Splitter {
 public:
  explicit Splitter(std::string_view value) : value_(value) {}

  std::vector<Entry> run() {
    while (at_ < value_.size() && out_.size() < kMostAddresses) step();
    end_entry();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = value_[at_];
    if (c == '"') return quoted();
    if (c == '(') return comment();
    if (c == '<') return angle();
    if (c == '=' && encoded_word()) return;
    ++at_;
    if (c == ',' || c == ';') return end_entry();
    if (c == ':' && ends_group_name()) {
      entry_ = {};
      return;
    }
    if (c != '>') entry_.phrase.push_back(c);
  }

  // A comma in Q text is text: the word is copied whole.
  bool encoded_word() {
    constexpr std::size_t kLongestWord = 400;
    std::string_view word = value_.substr(at_, kLongestWord);
    if (!word.starts_with("=?")) return false;
    word = word.substr(0, word.find_first_of(" \t<>\""));
    const std::size_t charset = word.find('?', 2);
    if (charset == std::string_view::npos) return false;
    const std::size_t encoding = word.find('?', charset + 1);
    if (encoding == std::string_view::npos) return false;
    const std::size_t end = word.find("?=", encoding + 1);
    if (end == std::string_view::npos) return false;
    entry_.phrase.append(word.substr(0, end + 2));
    at_ += end + 2;
    return true;
  }

  // "Friends: a@b, c@d;", but not the colon of "<@relay:user@host>" or of a time in junk.
  bool ends_group_name() const {
    return !entry_.has_angle && entry_.phrase.find('@') == std::string::npos &&
           !base::trim(entry_.phrase).empty();
  }

  void quoted() {
    ++at_;
    if (no_more_quotes_) return;
    const std::size_t start = at_;
    std::string text;
    for (std::size_t i = start; i < value_.size(); ++i) {
      if (value_[i] == '\\' && i + 1 < value_.size()) {
        text.push_back(value_[++i]);
      } else if (value_[i] == '"') {
        at_ = i + 1;
        // "john doe"@example.org keeps its quotes, a display name does not.
        if (at_ < value_.size() && value_[at_] == '@') text = '"' + text + '"';
        entry_.phrase += text;
        return;
      } else {
        text.push_back(value_[i]);
      }
    }
    no_more_quotes_ = true;
  }

  void comment() {
    ++at_;
    if (no_more_comments_) return;
    int depth = 1;
    for (std::size_t i = at_; i < value_.size(); ++i) {
      if (value_[i] == '\\') {
        ++i;
      } else if (value_[i] == '(') {
        ++depth;
      } else if (value_[i] == ')' && --depth == 0) {
        if (!entry_.comment.empty()) entry_.comment += ' ';
        entry_.comment += value_.substr(at_, i - at_);
        at_ = i + 1;
        return;
      }
    }
    no_more_comments_ = true;
  }

  void angle() {
    ++at_;
    const std::size_t end = std::min(value_.find_first_of("<>", at_), value_.size());
    const std::string_view inside = base::trim(value_.substr(at_, end - at_));
    // "<foo <bar@x>": the last pair is the address.
    if (!entry_.has_angle || inside.find('@') != std::string_view::npos) {
      if (!entry_.angle.empty()) entry_.phrase += entry_.angle;
      entry_.angle = inside;
    }
    entry_.has_angle = true;
    at_ = end < value_.size() && value_[end] == '>' ? end + 1 : end;
  }

  void end_entry() {
    const bool something =
        entry_.has_angle || !base::trim(entry_.phrase).empty() || !entry_.comment.empty();
    if (something) out_.push_back(std::move(entry_));
    entry_ = {};
  }

  std::string_view value_;
  std::size_t at_ = 0;
  Entry entry_;
  std::vector<Entry> out_;
  bool no_more_quotes_ = false;
  bool no_more_comments_ = false;
};

// The word of `text` that holds an '@'.
std::string_view word_with_at(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return {};
  constexpr std::string_view kStops = " \t\r\n'\"[]";
  const std::size_t before = text.find_last_of(kStops, at);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const bool literal = at + 1 < text.size() && text[at + 1] == '[';
  std::size_t end = literal ? text.find(']', at) : text.find_first_of(kStops, at);
  if (end == std::string_view::npos) end = text.size();
  if (literal && end < text.size()) ++end;
  return text.substr(begin, end - begin);
}

RawAddress address_of(Entry entry) {
  const std::string phrase(base::trim(entry.phrase));
  if (entry.has_angle) {
    // A source route (RFC 5322 §4.4) ends at the colon.
    const std::size_t route =
        entry.angle.starts_with('@') ? entry.angle.find(':') : std::string::npos;
    if (route != std::string::npos) entry.angle.erase(0, route + 1);
    std::erase_if(entry.angle, [](char c) { return c == '\r' || c == '\n' || c == '\t'; });
    if (entry.angle.starts_with("mailto:")) entry.angle.erase(0, 7);
    return {phrase.empty() ? entry.comment : phrase, entry.angle};
  }
  if (phrase.front() == '"' && phrase.find("\"@") != std::string::npos)
    return {entry.comment, phrase};
  const std::string_view found = word_with_at(phrase);
  if (!found.empty()) {
    const auto begin = static_cast<std::size_t>(found.data() - phrase.data());
    std::string name(base::trim(phrase.substr(0, begin) + phrase.substr(begin + found.size())));
    return {name.empty() ? entry.comment : name, std::string(found)};
  }
  const std::string_view hidden = word_with_at(entry.comment);
  if (!hidden.empty()) return {phrase, std::string(hidden)};
  return {phrase.empty() ? entry.comment : phrase, {}};
}

std::vector<RawAddress> lenient_addresses(std::string_view value) {
  std::vector<RawAddress> out;
  for (Entry& entry : Splitter(value).run()) out.push_back(address_of(std::move(entry)));
  return out;
}

// What libetpan takes for valid may yet be a misreading: encoded words hide commas, and it joins
// the words of "Anna anna@example.org" to one. An address must stand in the value as it came out.
bool is_trustworthy(const std::vector<RawAddress>& list, std::string_view value) {
  std::size_t from = 0;
  return std::all_of(list.begin(), list.end(), [&](const RawAddress& a) {
    const bool plausible = a.address.find('@') != std::string::npos &&
                           !a.address.starts_with("=?") &&
                           a.address.find_first_of(" \t<>") == std::string::npos;
    if (plausible) from = value.find(a.address, from);
    return plausible && from != std::string_view::npos;
  });
}

// libetpan leaves the quotes around an encoded word.
void unquote(std::string& name) {
  if (name.size() < 2 || !name.starts_with('"') || !name.ends_with('"')) return;
  name.pop_back();
  name.erase(0, 1);
}

// An unquoted comma in a name leaves a piece without an address: Smith, John <john@example.org>.
// It belongs to the name behind it.
void join_split_names(std::vector<RawAddress>& list) {
  const auto empty = [](const RawAddress& a) { return a.address.find('@') == std::string::npos; };
  if (std::all_of(list.begin(), list.end(), empty)) return;
  std::string piece;
  for (RawAddress& one : list) {
    if (empty(one)) {
      piece = std::move(one.name);
    } else if (!piece.empty()) {
      one.name = one.name.empty() ? piece : piece + ", " + one.name;
      piece.clear();
    }
  }
  std::erase_if(list, empty);
}

}  // namespace

std::vector<Address> parse_addresses(std::string_view value, std::string_view hint) {
  std::optional<std::vector<RawAddress>> raw = strict_addresses(value);
  if (!raw || !is_trustworthy(*raw, value)) raw = lenient_addresses(value);
  join_split_names(*raw);
  std::vector<Address> out;
  for (RawAddress& one : *raw) {
    unquote(one.name);
    out.push_back({decode_header_text(one.name, hint), decode_header_text(one.address, hint)});
  }
  return out;
}

}  // namespace beredd::mail
