#pragma once
// A Stream over a connected socket of any family, in the clear or through TLS.

#include "attempt.h"
#include "deadline.h"
#include "tls_session.h"

#include <atomic>
#include <memory>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>

#include "beredd/io/stream.h"

namespace beredd::io {

using StreamSocket = boost::asio::generic::stream_protocol::socket;
using StreamEndpoint = boost::asio::generic::stream_protocol::endpoint;

// Every operation is attempted first and waits only when the kernel says so: while a peer is
// silent, its stream holds no buffer.
class SocketStream final : public Stream {
 public:
  SocketStream(StreamSocket socket, std::string peer);
  ~SocketStream() override;

  Task<base::Result<std::size_t>> read(std::span<char> buffer, base::Duration timeout) override;
  Task<base::Status> readable(base::Duration timeout) override;
  Task<base::Status> write(std::string_view bytes, base::Duration timeout) override;
  Task<base::Status> start_tls_server(TlsContext& context, base::Duration timeout) override;
  Task<base::Status> start_tls_client(TlsContext& context, std::string_view host,
                                      base::Duration timeout) override;
  bool secure() const override { return secure_; }
  std::string tls_summary() const override { return secure_ ? tls_->summary() : ""; }
  void close() override;
  std::string peer_address() const override { return peer_; }
  Executor executor() override { return socket_.get_executor(); }

  int descriptor() const { return descriptor_; }

 private:
  template <typename Try>
  Task<base::Result<std::size_t>> settle(Deadline& deadline, base::Duration timeout,
                                         std::string_view what, Try attempt);
  Task<base::Status> wait(Deadline& deadline, Attempt::Then direction, std::string_view what);
  Task<base::Status> shake_hands(base::Duration timeout);
  Attempt read_clear(std::span<char> buffer);
  Task<base::Result<std::size_t>> read_what_is_there(std::span<char> buffer,
                                                     base::Duration timeout);
  Task<base::Result<std::size_t>> receive(std::span<char> buffer, int flags,
                                          base::Duration timeout);
  Attempt write_clear(std::string_view bytes);
  Attempt write_all(std::string_view& bytes);

  StreamSocket socket_;
  int descriptor_;
  std::string peer_;
  Deadline reading_;
  Deadline writing_;
  std::unique_ptr<TlsSession> tls_;
  bool secure_ = false;
  bool closed_ = false;
  bool drained_ = true;  // the last read took all there was: the next one will have to wait
  unsigned without_waiting_ = 0;
};

// "192.0.2.7", "2001:db8::7" or "unix"; an IPv4 peer of a dual-stack socket in its IPv4 form.
std::string address_text(const StreamEndpoint& endpoint);

}  // namespace beredd::io
