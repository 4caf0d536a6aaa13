#pragma once
// The account at another server: a user from the configuration, a password from its file.

#include <filesystem>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/smtp/client_session.h"

namespace beredd::remote {

// The first line of `file`, without its line end; read for each login, so that a new password
// counts from the next one on. Errors name the file and the configuration's key for it, and never
// hold what is in it: transient/not_found, transient/io (it cannot be read), transient/invalid (an
// empty first line, one of more than 1,024 octets, a NUL).
base::Result<std::string> read_password(const std::filesystem::path& file, std::string_view key);

base::Result<smtp::Credentials> read_credentials(const std::string& user,
                                                 const std::filesystem::path& file,
                                                 std::string_view key);

}  // namespace beredd::remote
