#pragma once
// The text of a mail while it is written: a file of the user's own, so that no text is lost.

#include <string>
#include <string_view>

#include "beredd/base/result.h"

namespace beredd::beredctl {

// A file below $TMPDIR that only the user can read. It stays unless discard() is called.
class DraftFile {
 public:
  // Errors: transient/io, with what to do.
  static base::Result<DraftFile> create(std::string_view text);

  const std::string& path() const { return path_; }
  // Lets the user edit it with $VISUAL, $EDITOR or vi, and waits. Errors: permanent/refused when
  // the editor cannot be run or fails.
  base::Status edit() const;
  base::Result<std::string> text() const;
  void discard() const;

 private:
  explicit DraftFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// The whole of a file, or of standard input for "-". Errors: permanent/not_found, /too_large.
base::Result<std::string> read_text(const std::string& file);

}  // namespace beredd::beredctl
