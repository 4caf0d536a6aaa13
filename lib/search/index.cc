#include "beredd/search/index.h"

#include "xapian_index.h"

#include <system_error>

#include <fmt/format.h>

namespace beredd::search {
namespace {

// The database's folder, below which nothing is anybody else's; what compact() writes and leaves.
constexpr std::string_view kFolders[] = {"terms", "terms.new", "terms.old"};

base::Error failed(const std::filesystem::path& path, const std::error_code& code) {
  const bool full = code == std::errc::no_space_on_device;
  return base::transient(full ? base::Code::store_full : base::Code::io,
                         fmt::format("{}: {}", path.string(), code.message()));
}

base::Status remove_folder(const std::filesystem::path& path) {
  std::error_code code;
  std::filesystem::remove_all(path, code);
  return code ? failed(path, code) : base::Status();
}

}  // namespace

base::Result<std::unique_ptr<Index>> open_index(const std::filesystem::path& directory,
                                                const vault::Key& key, base::Random& random) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return failed(directory, code);
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, code);
  if (code) return failed(directory, code);
  for (const std::string_view left_over : {kFolders[1], kFolders[2]}) {
    if (auto removed = remove_folder(directory / left_over); !removed) return removed.error();
  }
  const std::filesystem::path folder = directory / kFolders[0];
  if (!std::filesystem::exists(folder, code)) {
    if (auto made = XapianIndex::make(folder, key, random); !made) return made.error();
  }
  return XapianIndex::open(folder, key);
}

base::Status discard_index(const std::filesystem::path& directory) {
  for (const std::string_view folder : kFolders) {
    if (auto removed = remove_folder(directory / folder); !removed) return removed;
  }
  return {};
}

}  // namespace beredd::search
