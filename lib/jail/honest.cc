#include "beredd/jail/worker.h"
#include "beredd/mail/prepare.h"

namespace beredd::jail {

Reader honest() { return {mail::prepare, mail::read, mail::part_bytes}; }

}  // namespace beredd::jail
