#include "beredd/mail/prepare.h"

#include "charset_name.h"
#include "smime.h"

#include <string_view>

#include <libxml/parser.h>
#include <time.h>
#include <unicode/udata.h>

#include "beredd/mail/reading.h"

namespace beredd::mail {
namespace {

// A bit of everything: charsets of each of ICU's kinds and one that nobody knows, HTML, a date with
// a zone, a digest of an attachment, an address.
constexpr std::string_view kEverything =
    "From: =?koi8-r?B?9MXT1A==?= <a@mail.example>\r\n"
    "To: =?gb18030?B?suLK1A==?= <b@mail.example>, =?iso-2022-jp?B?GyRCRnxLXBsoQg==?= "
    "<c@d.example>\r\n"
    "Subject: =?shift_jis?B?k/qWew==?= =?x-nobody-knows?Q?=E5?= =?utf-7?Q?+AOU-?=\r\n"
    "Date: Fri, 27 Nov 2026 10:00:00 +0100\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n"
    "\r\n"
    "--b\r\n"
    "Content-Type: text/html; charset=windows-1252\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "<p>r=E4ksm=F6rg=E5s &euro;</p>\r\n"
    "--b\r\n"
    "Content-Type: text/calendar; charset=utf-16\r\n"
    "\r\n"
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261127T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    "--b\r\n"
    "Content-Type: application/pdf; name*=iso-8859-1''r=E4ksmorgas.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "JVBERi0=\r\n"
    "--b--\r\n";

}  // namespace

void prepare() {
  ::tzset();
  // Without this, ICU looks for files of every charset that its own data do not have.
  UErrorCode status = U_ZERO_ERROR;
  udata_setFileAccess(UDATA_NO_FILES, &status);
  load_iconv();
  xmlInitParser();
  open_smime("-");  // what is no S/MIME loads OpenSSL's configuration as well
  const Reading warm = read(kEverything);
  for (const Attachment& one : warm.attachments) {
    [[maybe_unused]] const auto bytes = part_bytes(kEverything, one.index);
  }
}

}  // namespace beredd::mail
