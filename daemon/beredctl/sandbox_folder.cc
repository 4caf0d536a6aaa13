#include "sandbox_folder.h"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace beredd::beredctl {
namespace {

namespace fs = std::filesystem;
using base::Result;
using base::Status;

constexpr std::string_view kUnfinished = ".part";

base::Error system_error(const fs::path& path, int number) {
  const auto code = number == ENOSPC || number == EDQUOT ? base::Code::store_full : base::Code::io;
  return base::transient(
      code, fmt::format("{}: {}", path.string(), std::system_category().message(number)));
}

Status write_all(int fd, const fs::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<Draft> create(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return system_error(path, errno);
  return Draft(path, fd);
}

Status move(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return system_error(to, errno);
}

// 42 of "0042.eml"; nothing for a name that is not ours.
std::optional<std::uint64_t> number_of(const fs::path& path) {
  const std::string stem = path.stem().string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  if (error != std::errc() || end != stem.data() + stem.size() || number == 0) return std::nullopt;
  return number;
}

}  // namespace

Draft::Draft(Draft&& other) noexcept
    : path_(std::exchange(other.path_, fs::path())),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      digest_(std::move(other.digest_)) {}

Draft::~Draft() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(path_.c_str());  // after a rename there is nothing of this name
}

Status Draft::append(std::string_view bytes) {
  digest_.update(bytes);
  size_ += bytes.size();
  return write_all(fd_, path_, bytes);
}

MailFolder::MailFolder(fs::path directory, int fd) : directory_(std::move(directory)), fd_(fd) {}
MailFolder::~MailFolder() { ::close(fd_); }

fs::path MailFolder::file(std::uint64_t number, std::string_view ending) const {
  return directory_ / fmt::format("{:04}{}", number, ending);
}

Result<std::unique_ptr<MailFolder>> MailFolder::open(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_error(directory, errno);
  std::unique_ptr<MailFolder> folder(new MailFolder(directory, fd));
  if (auto read = folder->read(); !read) return read.error();
  return folder;
}

Status MailFolder::read() {
  std::error_code error;
  std::vector<fs::path> mails;
  for (fs::directory_iterator entry(directory_, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path& path = entry->path();
    const std::string ending = path.extension().string();
    if (ending == kUnfinished) ::unlink(path.c_str());
    if (!number_of(path)) continue;
    if (ending == ".eml") mails.push_back(path);
    if (ending == ".json" && !fs::exists(fs::path(path).replace_extension(".eml")))
      ::unlink(path.c_str());
  }
  if (error) return system_error(directory_, error.value());
  for (const fs::path& eml : mails) {
    if (auto done = read_mail(eml); !done) return done;
  }
  return {};
}

Status MailFolder::read_mail(const fs::path& eml) {
  const fs::path json = fs::path(eml).replace_extension(".json");
  std::ifstream in(json, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  auto mail = envelope_from_json(text.str());
  if (!mail) {
    return base::permanent(base::Code::invalid,
                           fmt::format("{}: {}", json.string(), mail.error().detail));
  }
  mail->number = *number_of(eml);
  remember(*mail);
  return {};
}

void MailFolder::remember(const KeptMail& mail) {
  next_ = std::max(next_, mail.number + 1);
  mails_[mail.number] = mail;
  if (!mail.transaction_id.empty()) by_transaction_[mail.transaction_id] = mail.size;
}

Result<Draft> MailFolder::begin() {
  std::uint64_t draft = 0;
  {
    const std::lock_guard lock(mutex_);
    draft = ++drafts_;
  }
  return create(directory_ / fmt::format("draft-{}{}", draft, kUnfinished));
}

Result<KeptMail> MailFolder::keep(Draft draft, KeptMail mail) {
  mail.size = draft.size_;
  mail.sha256 = base::to_hex(draft.digest_.finish());
  if (::fdatasync(draft.fd_) != 0) return system_error(draft.path_, errno);
  {
    const std::lock_guard lock(mutex_);
    mail.number = next_++;
  }
  auto envelope = create(file(mail.number, ".json.part"));
  if (!envelope) return envelope.error();
  if (auto written = envelope->append(envelope_json(mail) + "\n"); !written) return written.error();
  if (::fdatasync(envelope->fd_) != 0) return system_error(envelope->path_, errno);
  if (auto moved = move(envelope->path_, file(mail.number, ".json")); !moved) return moved.error();
  if (auto moved = move(draft.path_, file(mail.number, ".eml")); !moved) return moved.error();
  if (::fsync(fd_) != 0) {
    // Not durable: then it must not be seen either, because the client hears that it failed.
    const base::Error failure = system_error(directory_, errno);
    ::unlink(file(mail.number, ".eml").c_str());
    return failure;
  }
  const std::lock_guard lock(mutex_);
  remember(mail);
  return mail;
}

std::optional<std::uint64_t> MailFolder::size_of(std::string_view transaction_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_transaction_.find(transaction_id);
  if (found == by_transaction_.end()) return std::nullopt;
  return found->second;
}

std::vector<KeptMail> MailFolder::mails() const {
  const std::lock_guard lock(mutex_);
  std::vector<KeptMail> mails;
  for (const auto& [number, mail] : mails_) mails.push_back(mail);
  return mails;
}

}  // namespace beredd::beredctl
