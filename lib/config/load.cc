#include "cross_check.h"
#include "findings.h"
#include "inspect.h"
#include "read.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "beredd/config/config.h"

namespace beredd::config {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;

enum class Files { opened, untouched };

Loaded loaded(std::string_view toml, const std::filesystem::path& name,
              const std::filesystem::path& directory, Files files) {
  Findings findings(name.native());
  Document document = parse_document(toml);
  if (!document.root) {
    findings.error(document.line, "syntax: " + document.failure);
    return {nullptr, findings.in_file_order()};
  }
  inspect(*document.root, findings);
  auto config = std::make_shared<Config>(read(*document.root, directory));
  config->file = name;
  cross_check(*document.root, *config, findings);
  if (files == Files::opened) check_files(*document.root, *config, findings);
  if (findings.fatal()) config.reset();
  return {std::move(config), findings.in_file_order()};
}

Loaded unreadable(const std::filesystem::path& file, std::string_view why) {
  Findings findings(file.native());
  findings.error(0, fmt::format("cannot read the configuration: {}", why));
  return {nullptr, findings.in_file_order()};
}

}  // namespace

Loaded load(const std::filesystem::path& file) {
  std::error_code failure;
  if (std::filesystem::is_directory(file, failure)) return unreadable(file, "Is a directory");
  std::ifstream in(file, std::ios::binary);
  if (!in) return unreadable(file, std::strerror(errno));
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return unreadable(file, std::strerror(errno));
  if (text.size() > kLargestFile) return unreadable(file, "it is larger than 1MiB");
  const std::filesystem::path whole = std::filesystem::absolute(file, failure);
  return loaded(text, file, whole.parent_path(), Files::opened);
}

Loaded parse(std::string_view toml, const std::filesystem::path& name) {
  return loaded(toml, name, name.parent_path(), Files::untouched);
}

}  // namespace beredd::config
