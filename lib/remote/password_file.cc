#include "beredd/remote/password_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace beredd::remote {
namespace {

using base::Code;

constexpr std::size_t kLongest = 1024;

}  // namespace

base::Result<std::string> read_password(const std::filesystem::path& file, std::string_view key) {
  const auto unusable = [&](Code code, std::string_view why) {
    return base::transient(code, fmt::format("{} {}: {}", key, file.string(), why));
  };
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) {
    return unusable(Code::not_found, failed ? failed.message() : "no such file");
  }
  errno = 0;
  std::ifstream in(file);
  std::string first(kLongest + 2, '\0');
  in.read(first.data(), static_cast<std::streamsize>(first.size()));
  if (!in.eof() && in.fail()) {
    const int why = errno != 0 ? errno : EIO;
    return unusable(Code::io, std::generic_category().message(why));
  }
  first.resize(static_cast<std::size_t>(in.gcount()));
  first.resize(std::min(first.size(), first.find('\n')));
  if (first.ends_with('\r')) first.pop_back();
  if (first.empty()) return unusable(Code::invalid, "its first line is empty");
  if (first.size() > kLongest) return unusable(Code::invalid, "its first line is too long");
  if (first.find('\0') != std::string::npos) {
    return unusable(Code::invalid, "its first line holds a NUL");
  }
  return first;
}

base::Result<smtp::Credentials> read_credentials(const std::string& user,
                                                 const std::filesystem::path& file,
                                                 std::string_view key) {
  auto password = read_password(file, key);
  if (!password) return password.error();
  return smtp::Credentials{user, *std::move(password)};
}

}  // namespace beredd::remote
