#include "cross_check.h"

#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beredd::config {
namespace {

namespace fs = std::filesystem;

// systemd makes a unit's credentials when it starts the unit, and only the unit sees them.
bool is_credential(const fs::path& file) { return file.native().starts_with("/run/credentials/"); }

struct Named {
  std::string_view key;
  const std::optional<fs::path>& file;
  bool secret;
};

void check_file(const Value* table, std::string_view prefix, const Named& named,
                Findings& findings) {
  const Value* given = table != nullptr ? table->find(named.key) : nullptr;
  if (given == nullptr || !named.file) return;
  const auto told = [&](std::string_view what, std::string_view why) {
    return fmt::format("{}.{}: {} {}: {}", prefix, named.key, what, named.file->native(), why);
  };
  const int fd = ::open(named.file->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    const std::string reason = std::strerror(errno);
    if (is_credential(*named.file)) {
      findings.warning(given->line,
                       told("cannot open", reason + "; it is there only while the service runs"));
    } else {
      findings.error(given->line, told("cannot open", reason));
    }
    return;
  }
  struct stat status {};
  const bool known = ::fstat(fd, &status) == 0;
  ::close(fd);
  if (known && S_ISDIR(status.st_mode)) {
    findings.error(given->line, told("cannot read", "Is a directory"));
  } else if (known && named.secret && (status.st_mode & S_IROTH) != 0) {
    findings.warning(given->line, told("everyone can read", "take the right away with chmod o-r"));
  }
}

}  // namespace

void check_files(const Value& root, const Config& config, Findings& findings) {
  check_file(root.find("node"), "node", {"key_file", config.node.key_file, true}, findings);
  const Value* smtp = root.find("smtp");
  check_file(smtp, "smtp", {"certificate", config.smtp.certificate, false}, findings);
  check_file(smtp, "smtp", {"private_key", config.smtp.private_key, true}, findings);
  for (std::size_t i = 0; i < config.smtp.sni.size(); ++i) {
    const Value* table = &smtp->tables("sni")[i];
    const std::optional<fs::path> certificate = config.smtp.sni[i].certificate;
    const std::optional<fs::path> private_key = config.smtp.sni[i].private_key;
    check_file(table, "smtp.sni", {"certificate", certificate, false}, findings);
    check_file(table, "smtp.sni", {"private_key", private_key, true}, findings);
  }
  const std::vector<Value>& primaries = root.tables("primary");
  for (std::size_t i = 0; i < config.primaries.size(); ++i) {
    const Named ca_file{"ca_file", config.primaries[i].target.ca_file, false};
    const Value* target = primaries[i].find("target");
    check_file(target, "primary.target", ca_file, findings);
    const Named password{"password_file", config.primaries[i].target.password_file, true};
    check_file(target, "primary.target", password, findings);
    if (const auto& look_up = config.primaries[i].look_up) {
      const Value* table = primaries[i].find("look_up");
      check_file(table, "primary.look_up", {"ca_file", look_up->ca_file, false}, findings);
      check_file(table, "primary.look_up", {"password_file", look_up->password_file, true},
                 findings);
    }
  }
  if (config.smarthost) {
    const Named ca_file{"ca_file", config.smarthost->ca_file, false};
    check_file(root.find("smarthost"), "smarthost", ca_file, findings);
    const Named password{"password_file", config.smarthost->password_file, true};
    check_file(root.find("smarthost"), "smarthost", password, findings);
  }
}

}  // namespace beredd::config
