// beredd with a reader that has a hole: a mail with "X-Do: crash" crashes whoever reads it.

#include "obedient.h"
#include "program.h"

#include "beredd/mail/prepare.h"

int main(int argc, char** argv) {
  using namespace beredd;
  const jail::Reader obedient{mail::prepare,
                              [](std::string_view raw) {
                                hostile::obey(raw);
                                return mail::read(raw);
                              },
                              mail::part_bytes};
  return daemon::run_program(argc, argv, obedient);
}
