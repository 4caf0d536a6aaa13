#include "beredd/mail/prepare.h"

#include "letters.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace beredd::mail {
namespace {

// Reads, where no file can be opened any more, what takes files of the C library's.
[[noreturn]] void read_without_files() {
  prepare();
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_NOFILE, &none) != 0) std::_Exit(3);
  const Reading mail = read_letter(
      "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: text/plain; charset=viscii\n\nVi\xAEt Nam\n"
      "--b\nContent-Type: text/plain; charset=tcvn\n\nVi\xD6t Nam\n"
      "--b\nContent-Type: text/html; charset=euc-jp\n\n<p>\xA4\xA2</p>\n--b--\n");
  std::fprintf(stderr, "%s\n", mail.text.c_str());
  // Not exit(): UBSan looks at destroyed objects with a pipe, which cannot be opened either.
  std::_Exit(mail.text == "Việt Nam\n\nViệt Nam\n\nあ\n" ? 0 : 1);
}

TEST(Prepare, LeavesNothingToBeOpened) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(read_without_files(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace beredd::mail
