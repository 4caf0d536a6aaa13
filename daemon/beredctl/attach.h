#pragma once
// Files that go with a mail.

#include "session.h"

#include <string>
#include <string_view>
#include <vector>

namespace beredd::beredctl {

// By the extension of its name; what is not known is application/octet-stream.
std::string_view media_type(std::string_view file_name);

// Each is there and can be read. Errors: permanent/not_found, naming the file.
base::Status check_files(const std::vector<std::string>& paths);

// Hands them to the daemon, piece by piece, whatever their size; returns their ids there.
base::Result<std::vector<std::string>> upload(Client& client,
                                              const std::vector<std::string>& paths);

}  // namespace beredd::beredctl
