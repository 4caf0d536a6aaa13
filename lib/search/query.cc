#include "beredd/search/query.h"

#include <optional>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::search {
namespace {

base::Error bad(std::string detail) {
  return base::permanent(base::Code::invalid, "the search: " + std::move(detail));
}

std::optional<Field> field_named(std::string_view name) {
  if (name == "from") return Field::from;
  if (name == "subject") return Field::subject;
  if (name == "file") return Field::file;
  return std::nullopt;
}

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// One item as it is typed: [field:]word or [field:]"words".
struct Item {
  Field field = Field::any;
  std::string_view words;
  bool quoted = false;
  bool named = false;  // a field stands before it
};

class Parser {
 public:
  Parser(std::string_view text, const Analyzer& analyzer) : rest_(text), analyzer_(analyzer) {}

  base::Result<Query> parse() {
    for (skip_blank(); !rest_.empty(); skip_blank()) {
      const base::Result<Item> item = next();
      if (!item) return item.error();
      const std::size_t before = query_.all_of.size();
      item->quoted ? add_phrase(*item) : add_words(*item);
      if (item->named && query_.all_of.size() == before) {
        return bad("after a field and its colon stands what to look for, as in from:anna");
      }
      if (query_.all_of.size() > kMostWords) {
        return bad(fmt::format("no more than {} words at once", kMostWords));
      }
    }
    if (query_.all_of.empty()) return bad("there is no letter or digit to look for in it");
    return std::move(query_);
  }

 private:
  void skip_blank() {
    while (!rest_.empty() && blank(rest_.front())) rest_.remove_prefix(1);
  }

  // "from" of "from:anna". A colon without letters alone before it is a sign among others
  // ("12:30"), and so is one before slashes ("https://…").
  std::string_view name_before_colon() const {
    std::size_t at = 0;
    while (at < rest_.size() && ((rest_[at] | 0x20) >= 'a' && (rest_[at] | 0x20) <= 'z')) ++at;
    if (at == 0 || at >= rest_.size() || rest_[at] != ':') return {};
    return rest_.substr(at + 1).starts_with("//") ? std::string_view() : rest_.substr(0, at);
  }

  base::Result<Item> next() {
    Item item;
    const std::string_view name = name_before_colon();
    if (!name.empty()) {
      const auto field = field_named(base::lower(name));
      if (!field) {
        return bad(
            fmt::format("there is no field \"{0}\": only from:, subject: and file:; in "
                        "quotation marks (\"{0}: …\") it is words",
                        name));
      }
      item.field = *field;
      item.named = true;
      rest_.remove_prefix(name.size() + 1);
    }
    if (rest_.starts_with('"')) {
      const std::size_t end = rest_.find('"', 1);
      if (end == std::string_view::npos) return bad("a quotation mark is opened and never closed");
      item.words = rest_.substr(1, end - 1);
      item.quoted = true;
      rest_.remove_prefix(end + 1);
      return item;
    }
    std::size_t end = 0;
    while (end < rest_.size() && !blank(rest_[end]) && rest_[end] != '"') ++end;
    item.words = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return item;
  }

  void add_phrase(const Item& item) {
    Phrase phrase{item.field, tokens_of_text(item.words)};
    if (phrase.tokens.empty()) return;
    for (const Token& token : phrase.tokens) {
      query_.all_of.push_back({item.field, analyzer_.forms_of(token)});
    }
    query_.phrases.push_back(std::move(phrase));
  }

  void add_words(const Item& item) {
    each_compound(item.words, [&](std::string_view compound) {
      const std::vector<Token> tokens = tokens_of(compound);
      if (tokens.size() > 1 && compound.find_first_of("@.") != std::string_view::npos) {
        query_.all_of.push_back({item.field, {fold(compound).kept}});
      } else {
        add_tokens(item.field, tokens);
      }
    });
  }

  // Characters in pairs; one that stands alone, alone.
  void add_tokens(Field field, const std::vector<Token>& tokens) {
    for (std::size_t n = 0; n < tokens.size(); ++n) {
      const bool paired = tokens[n].character && n + 1 < tokens.size() && tokens[n + 1].character;
      const bool ends_pair = tokens[n].character && n > 0 && tokens[n - 1].character;
      if (paired) {
        query_.all_of.push_back({field, {tokens[n].kept + tokens[n + 1].kept}});
      } else if (!ends_pair) {
        query_.all_of.push_back({field, analyzer_.forms_of(tokens[n])});
      }
    }
  }

  std::string_view rest_;
  const Analyzer& analyzer_;
  Query query_;
};

}  // namespace

base::Result<Query> parse_query(std::string_view text, const Analyzer& analyzer) {
  if (text.size() > kMostQueryBytes) {
    return bad(fmt::format("it is longer than {} bytes", kMostQueryBytes));
  }
  return Parser(text, analyzer).parse();
}

}  // namespace beredd::search
