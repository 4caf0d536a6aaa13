#include "draft_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace beredd::beredctl {
namespace {

using base::Code;

// What the daemon takes in one request, less what surrounds the text.
constexpr std::size_t kLongestText = 700'000;

base::Error cannot(std::string_view what, const std::string& path) {
  return base::transient(Code::io,
                         fmt::format("{} cannot be {}: {}", path, what, std::strerror(errno)));
}

std::string editor() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "vi";
}

}  // namespace

base::Result<DraftFile> DraftFile::create(std::string_view text) {
  const char* folder = std::getenv("TMPDIR");
  std::string path =
      fmt::format("{}/beredctl-XXXXXX.txt", folder != nullptr && *folder != '\0' ? folder : "/tmp");
  const int fd = ::mkstemps(path.data(), 4);  // ".txt"
  if (fd < 0) return cannot("made", path);
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(fd, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) break;
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  const bool closed = ::close(fd) == 0;
  if (written < text.size() || !closed) return cannot("written", path);
  return DraftFile(std::move(path));
}

// As git does it: the variable may hold arguments.
base::Status DraftFile::edit() const {
  std::string command = editor() + " \"$1\"", shell = "sh", option = "-c", path = path_;
  char* const arguments[] = {shell.data(), option.data(), command.data(),
                             shell.data(), path.data(),   nullptr};
  pid_t child = 0;
  if (const int failed = ::posix_spawnp(&child, "sh", nullptr, nullptr, arguments, environ)) {
    return base::permanent(Code::refused,
                           fmt::format("no editor can be run: {}", std::strerror(failed)));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return base::permanent(
      Code::refused, fmt::format("the editor ({}) failed: set EDITOR, or use --file", editor()));
}

base::Result<std::string> DraftFile::text() const { return read_text(path_); }

void DraftFile::discard() const { ::unlink(path_.c_str()); }

base::Result<std::string> read_text(const std::string& file) {
  std::string text;
  if (file == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
      return base::permanent(Code::invalid, file + " is a directory");
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      return base::permanent(Code::not_found,
                             fmt::format("{} cannot be read: {}", file, std::strerror(errno)));
    }
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  if (text.size() <= kLongestText) return text;
  return base::permanent(Code::too_large, "the text is too long: attach it as a file (--attach)");
}

}  // namespace beredd::beredctl
