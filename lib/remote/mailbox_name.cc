#include "mailbox_name.h"

#include <iconv.h>

namespace beredd::remote {

std::string encoded_mailbox_name(std::string_view utf8) {
  const iconv_t conversion = iconv_open("UTF-7-IMAP", "UTF-8");
  if (conversion == reinterpret_cast<iconv_t>(-1)) return std::string(utf8);
  std::string in(utf8);
  std::string out(in.size() * 8 + 8, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t in_left = in.size();
  std::size_t out_left = out.size();
  const bool whole =
      iconv(conversion, &from, &in_left, &to, &out_left) != static_cast<std::size_t>(-1) &&
      iconv(conversion, nullptr, nullptr, &to, &out_left) != static_cast<std::size_t>(-1);
  iconv_close(conversion);
  if (!whole) return std::string(utf8);
  out.resize(out.size() - out_left);
  return out;
}

}  // namespace beredd::remote
