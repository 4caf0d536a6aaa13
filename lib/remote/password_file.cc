#include "beredd/remote/password_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace beredd::remote {
namespace {

using base::Code;

constexpr std::size_t kLongest = 1024;

base::Error unusable(const std::filesystem::path& file, Code code, const std::string& why) {
  return base::transient(code, "smarthost.password_file " + file.string() + ": " + why);
}

}  // namespace

base::Result<smtp::Credentials> read_credentials(const std::string& user,
                                                 const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) {
    return unusable(file, Code::not_found, failed ? failed.message() : "no such file");
  }
  errno = 0;
  std::ifstream in(file);
  std::string first(kLongest + 2, '\0');
  in.read(first.data(), static_cast<std::streamsize>(first.size()));
  if (!in.eof() && in.fail()) {
    const int why = errno != 0 ? errno : EIO;
    return unusable(file, Code::io, std::generic_category().message(why));
  }
  first.resize(static_cast<std::size_t>(in.gcount()));
  first.resize(std::min(first.size(), first.find('\n')));
  if (first.ends_with('\r')) first.pop_back();
  if (first.empty()) return unusable(file, Code::invalid, "its first line is empty");
  if (first.size() > kLongest) return unusable(file, Code::invalid, "its first line is too long");
  if (first.find('\0') != std::string::npos) {
    return unusable(file, Code::invalid, "its first line holds a NUL");
  }
  return smtp::Credentials{user, std::move(first)};
}

}  // namespace beredd::remote
