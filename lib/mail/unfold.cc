// The fence around mimetic: it sees only known fields of bounded size, without NUL and bare CR,
// only its header stage runs, and none of its typed getters is called. Its parser for input
// iterators is the one that bears hostile bytes.

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <mimetic/mimeentity.h>
#include <mimetic/parser/itparser.h>
#pragma GCC diagnostic pop

#include "header_block.h"

namespace beredd::mail {
namespace {

using Parser = mimetic::IteratorParser<const char*, std::input_iterator_tag>;

class HeaderStage final : private Parser {
 public:
  explicit HeaderStage(mimetic::MimeEntity& entity) : Parser(entity) {
    iMask(mimetic::imBody | mimetic::imChildParts | mimetic::imPreamble | mimetic::imEpilogue);
  }

  void read(std::string_view block) {
    m_bit = block.data();
    m_eit = block.data() + block.size();
    loadHeader();
  }
};

// A line of the block that mimetic cannot misread: a bare CR would end it, a NUL would cut it, and
// a line that opens with ';' would not count as folded.
void append_clean(std::string& block, std::string_view body) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    const bool line_feed_next = i + 1 < body.size() && body[i + 1] == '\n';
    if (c == '\0') continue;
    block.push_back(c == '\r' && !line_feed_next ? ' ' : c);
    if (c == '\n' && i + 1 < body.size() && body[i + 1] != ' ' && body[i + 1] != '\t') {
      block.push_back(' ');
    }
  }
}

}  // namespace

std::vector<Field> unfold(const HeaderSlice& slice) {
  std::string block;
  for (const FieldSlice& field : slice.fields) {
    if (field.id == FieldId::received) continue;
    block.append(name(field.id)).append(": ");
    append_clean(block, field.body);
    block.append("\r\n");
  }
  block.append("\r\n");

  mimetic::MimeEntity entity;
  HeaderStage(entity).read(block);
  std::vector<Field> out;
  for (const mimetic::Field& field : entity.header()) {
    const auto& id = field.name();
    out.push_back({field_named({id.data(), id.size()}), field.value()});
  }
  return out;
}

}  // namespace beredd::mail
