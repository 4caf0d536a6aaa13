#include "etpan_stream.h"

namespace beredd::remote {
namespace {

BlockingSocket& socket_of(mailstream_low* stream) {
  return *static_cast<BlockingSocket*>(stream->data);
}

ssize_t read(mailstream_low* stream, void* into, std::size_t size) {
  return socket_of(stream).read(into, size);
}
ssize_t write(mailstream_low* stream, const void* bytes, std::size_t size) {
  return socket_of(stream).write(bytes, size);
}
int close(mailstream_low*) { return 0; }
int handle(mailstream_low* stream) { return socket_of(stream).handle(); }
void release(mailstream_low* stream) { ::free(stream); }
void cancel(mailstream_low*) {}
struct mailstream_cancel* no_cancel(mailstream_low*) {
  return nullptr;
}
carray* no_certificates(mailstream_low*) { return nullptr; }
int no_idle(mailstream_low*) { return -1; }

mailstream_low_driver driver = {read,      write,           close,   handle,  release, cancel,
                                no_cancel, no_certificates, no_idle, no_idle, no_idle};

}  // namespace

mailstream_low* etpan_stream(BlockingSocket& socket) {
  return mailstream_low_new(&socket, &driver);
}

}  // namespace beredd::remote
