#pragma once
// The sandbox's memory: each mail is NNNN.eml, the bytes as received, beside NNNN.json, its
// envelope.
//
//  1. NNNN.eml appears last and by a rename: it is the commit. A .json without it is the rest of a
//  crash
//     and goes when the folder is opened.
//  2. Both are on disk (fdatasync, and fsync of the folder) before keep() returns.
//  3. Numbers go on after a restart and are never given twice.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/digest.h"
#include "beredd/base/result.h"

namespace beredd::beredctl {

struct KeptMail {
  std::uint64_t number = 0;
  std::string from;  // empty: the null path
  std::vector<std::string> to;
  std::string helo;
  std::string transaction_id;  // RFC 1845, or empty
  base::Instant received{};
  bool smtputf8 = false;                   // RFC 6531
  std::string ret, envid;                  // RFC 3461, as given, or empty
  std::vector<std::string> notify, orcpt;  // likewise, beside `to`
  std::uint64_t size = 0;
  std::string sha256;
  friend bool operator==(const KeptMail&, const KeptMail&) = default;
};

// {"from","to":[],"helo","transaction_id","received","size","sha256"} on one line.
// With "smtputf8": true and "dsn": {"ret","envid","notify":[],"orcpt":[]} where the client said
// such.
std::string envelope_json(const KeptMail& mail);
// Errors: permanent/invalid.
base::Result<KeptMail> envelope_from_json(std::string_view json);

// A mail on its way in; its file goes away unless it is kept. Not thread-safe; movable.
class Draft {
 public:
  Draft(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  ~Draft();

  base::Status append(std::string_view bytes);  // Errors: transient/io, transient/store_full

 private:
  friend class MailFolder;
  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
  base::Sha256Stream digest_;
};

// Any thread.
class MailFolder {
 public:
  // Makes the directory, reads what it holds. Errors: permanent/invalid, transient/io.
  static base::Result<std::unique_ptr<MailFolder>> open(const std::filesystem::path& directory);
  ~MailFolder();

  base::Result<Draft> begin();
  // Gives the mail its number, size and digest, and makes it durable.
  base::Result<KeptMail> keep(Draft draft, KeptMail mail);

  // The size of the mail that came under this id.
  std::optional<std::uint64_t> size_of(std::string_view transaction_id) const;
  std::vector<KeptMail> mails() const;  // in the order of their numbers

 private:
  MailFolder(std::filesystem::path directory, int fd);
  base::Status read();
  base::Status read_mail(const std::filesystem::path& eml);
  void remember(const KeptMail& mail);
  std::filesystem::path file(std::uint64_t number, std::string_view ending) const;

  const std::filesystem::path directory_;
  const int fd_;
  mutable std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::uint64_t drafts_ = 0;
  std::map<std::uint64_t, KeptMail> mails_;
  std::map<std::string, std::uint64_t, std::less<>> by_transaction_;
};

}  // namespace beredd::beredctl
