#include "charset_name.h"
#include "smime.h"

#include <libxml/parser.h>

#include "beredd/mail/reading.h"

namespace beredd::mail {

void warm_up() {
  load_iconv();
  xmlInitParser();
  open_smime("-");
  // A digest, both kinds of text, and a charset of ICU's data.
  read(
      "Subject: =?koi8-r?B?0NLJ18XU?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/html; charset=gb18030\r\n\r\n<p>\xC4\xE3</p>\r\n"
      "--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n--b--\r\n");
}

}  // namespace beredd::mail
