// A worker whose reader does what a mail tells it. Never built with a sanitizer, so that filter and
// limits are those of a release in every build.

#include "obedient.h"
#include "obedient_memory.h"

#include "beredd/jail/worker.h"

// Where the memory is that the worker shares: it is linked with --wrap=mmap --wrap=close.
extern "C" {
void* __wrap_mmap(void* address, size_t size, int protection, int flags, int file, off_t offset) {
  void* data = __real_mmap(address, size, protection, flags, file, offset);
  auto& shared = beredd::hostile::shared();
  if (data != MAP_FAILED && (flags & MAP_SHARED) != 0)
    ((protection & PROT_WRITE) != 0 ? shared.answers : shared.mail) = {static_cast<char*>(data),
                                                                       size};
  return data;
}

int __real_close(int descriptor);

int __wrap_close(int descriptor) {
  auto& shared = beredd::hostile::shared();
  if (!shared.keep_what_comes || descriptor <= 3) return __real_close(descriptor);
  shared.keep_what_comes = false;
  shared.kept = descriptor;
  return 0;
}
}

int main(int argc, char** argv) {
  using namespace beredd;
  const jail::Reader obedient{[] {},
                              [](std::string_view raw) {
                                hostile::obey(raw);
                                mail::Reading reading;
                                reading.text = std::string(raw);
                                reading.text += hostile::obey_through_memory(raw);
                                return reading;
                              },
                              [](std::string_view raw, std::uint32_t) -> base::Result<std::string> {
                                hostile::obey(raw);
                                return std::string(raw);
                              }};
  return jail::run_worker(argc, argv, obedient);
}
