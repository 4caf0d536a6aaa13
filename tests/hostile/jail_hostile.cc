// A worker whose reader does what a mail tells it. Never built with a sanitizer, so that filter and
// limits are those of a release in every build.

#include "obedient.h"

#include "beredd/jail/worker.h"

int main(int argc, char** argv) {
  using namespace beredd;
  const jail::Reader obedient{[] {},
                              [](std::string_view raw) {
                                hostile::obey(raw);
                                mail::Reading reading;
                                reading.text = raw;
                                return reading;
                              },
                              [](std::string_view raw, std::uint32_t) -> base::Result<std::string> {
                                hostile::obey(raw);
                                return std::string(raw);
                              }};
  return jail::run_worker(argc, argv, obedient);
}
