#include "golden.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace beredd::smtp {
namespace {

std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 'r': out += '\r'; break;
      case 'n': out += '\n'; break;
      case '0': out += '\0'; break;
      case 'x':
        out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
        break;
      default: out += c; break;
    }
  }
  return out;
}

}  // namespace

std::vector<std::filesystem::path> golden_files(const std::string& prefix) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(BEREDD_TEST_DATA "/smtp")) {
    if (entry.path().filename().string().rfind(prefix, 0) == 0) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<GoldenLine> read_golden(const std::filesystem::path& file) {
  std::vector<GoldenLine> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.size() < 2 || line[0] == '#') continue;
    const std::string text = line.substr(std::min<std::size_t>(3, line.size()));
    const bool trace = line[0] == 'E';
    lines.push_back({line.substr(0, 2), trace ? text : unescaped(text)});
  }
  return lines;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace beredd::smtp
