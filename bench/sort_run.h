#pragma once
// The whole sort of a daemon, without the daemon: store, writer, jail and threading as they are.

#include <filesystem>
#include <string>
#include <vector>

namespace beredd::bench {

// Whether they are taken up into the search index as well.
enum class Index { no, yes };

// Makes a store in `folder` that holds `mails`, unsorted, and sorts them. Returns the seconds from
// when sorting is told of them to when the last one is on disk as part of a ticket, and can be
// found.
// Throws std::runtime_error.
double sort_all(const std::filesystem::path& folder, const std::vector<std::string>& mails,
                Index index);

}  // namespace beredd::bench
