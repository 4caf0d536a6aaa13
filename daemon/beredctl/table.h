#pragma once
// Aligned columns. Whatever a customer wrote is made safe for the terminal here.

#include "style.h"

#include <string>
#include <vector>

namespace beredd::beredctl {

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;
  bool gives_way = false;  // is cut when the terminal is too narrow
};

struct Cell {
  Cell(std::string content, Paint colour = Paint::plain)  // NOLINT(google-explicit-constructor)
      : text(std::move(content)), paint(colour) {}
  Cell(const char* content) : text(content) {}  // NOLINT(google-explicit-constructor)
  std::string text;
  Paint paint = Paint::plain;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // REQUIRES: a cell for each column.
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }

  // A line of titles and one for each row.
  std::string text(const Style& style) const;
  // Without the titles, each line after `indent`.
  std::string rows(const Style& style, std::string_view indent) const;

 private:
  std::vector<std::size_t> widths(const Style& style, bool with_titles, std::size_t indent) const;
  std::string line(const Style& style, const std::vector<Cell>& row,
                   const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace beredd::beredctl
