#include "socket_bio.h"

#include "tls_context.h"

#include <cerrno>
#include <cstdint>
#include <memory>

#include <sys/socket.h>

namespace beredd::io {
namespace {

// The descriptor lies in the data pointer.
int socket_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

bool would_block(int number) {
  return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

int bio_read(BIO* bio, char* into, std::size_t size, std::size_t* count) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(socket_of(bio), into, size, MSG_DONTWAIT);
  if (got > 0) {
    *count = static_cast<std::size_t>(got);
    return 1;
  }
  if (got == 0) {
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  } else if (would_block(errno)) {
    BIO_set_retry_read(bio);
  }
  return 0;
}

int bio_write(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(socket_of(bio), from, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) {
    *count = static_cast<std::size_t>(sent);
    return 1;
  }
  if (would_block(errno)) BIO_set_retry_write(bio);
  return 0;
}

long bio_control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    default: return 0;
  }
}

using Method = std::unique_ptr<BIO_METHOD, FreeWith<&BIO_meth_free>>;

Method make_method() {
  Method method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "beredd socket"));
  if (!method) return method;
  BIO_meth_set_read_ex(method.get(), &bio_read);
  BIO_meth_set_write_ex(method.get(), &bio_write);
  BIO_meth_set_ctrl(method.get(), &bio_control);
  return method;
}

}  // namespace

BIO* new_socket_bio(int socket) {
  static const Method method = make_method();
  BIO* bio = method ? BIO_new(method.get()) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace beredd::io
