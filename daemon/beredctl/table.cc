#include "table.h"

#include <algorithm>
#include <numeric>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

void append_padded(std::string& out, const std::string& text, std::size_t taken, std::size_t width,
                   Align align, bool last) {
  const std::size_t blanks = width > taken ? width - taken : 0;
  if (align == Align::right) out.append(blanks, ' ');
  out += text;
  if (align == Align::left && !last) out.append(blanks, ' ');
  if (!last) out.append(kGap, ' ');
}

}  // namespace

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = base::for_terminal(base::to_utf8(cell.text));
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(const Style& style, bool with_titles,
                                       std::size_t indent) const {
  std::vector<std::size_t> widths(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (with_titles) widths[i] = display_width(columns_[i].title);
    for (const auto& row : rows_) widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  if (style.columns == 0) return widths;
  const std::size_t gaps = kGap * (columns_.size() - 1);
  std::size_t all = std::accumulate(widths.begin(), widths.end(), indent + gaps);
  for (std::size_t i = 0; i < columns_.size() && all > style.columns; ++i) {
    if (!columns_[i].gives_way || widths[i] <= kNarrowest) continue;
    const std::size_t less = std::min(all - style.columns, widths[i] - kNarrowest);
    widths[i] -= less;
    all -= less;
  }
  return widths;
}

std::string Table::line(const Style& style, const std::vector<Cell>& row,
                        const std::vector<std::size_t>& widths) const {
  std::string out;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const bool last = i + 1 == columns_.size();
    const std::string text = cut(row[i].text, widths[i]);
    append_padded(out, painted(style, row[i].paint, text), display_width(text), widths[i],
                  columns_[i].align, last);
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

std::string Table::text(const Style& style) const {
  const auto sizes = widths(style, true, 0);
  std::vector<Cell> titles;
  for (const Column& column : columns_) titles.emplace_back(column.title, Paint::faint);
  std::string out = line(style, titles, sizes);
  for (const auto& row : rows_) out += line(style, row, sizes);
  return out;
}

std::string Table::rows(const Style& style, std::string_view indent) const {
  const auto sizes = widths(style, false, indent.size());
  std::string out;
  for (const auto& row : rows_) out += std::string(indent) + line(style, row, sizes);
  return out;
}

}  // namespace beredd::beredctl
