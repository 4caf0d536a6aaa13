#pragma once
// A name server on loopback: one answer for all questions, or silence.

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beredd::remote {

class NameServer {
 public:
  enum class Behaviour { answer, no_such_name, fail, silent };

  // `data`: the record data of the one answer, in wire form (RFC 1035 §3.2.1).
  explicit NameServer(Behaviour behaviour, std::string data = "")
      : behaviour_(behaviour), data_(std::move(data)), socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at);
    socklen_t size = sizeof at;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~NameServer() {
    stopping_ = true;
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  std::string where() const { return "127.0.0.1@" + std::to_string(port_); }

 private:
  void serve() {
    char buffer[4096];
    while (!stopping_) {
      pollfd watched{socket_, POLLIN, 0};
      if (::poll(&watched, 1, 50) <= 0) continue;
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto count = ::recvfrom(socket_, buffer, sizeof buffer, MSG_DONTWAIT,
                                    reinterpret_cast<sockaddr*>(&from), &size);
      if (count < 17 || behaviour_ == Behaviour::silent) continue;
      const std::string reply = reply_to({buffer, static_cast<std::size_t>(count)});
      ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  std::string reply_to(const std::string& query) const {
    std::size_t end = 12;
    while (query[end] != 0) end += 1U + static_cast<unsigned char>(query[end]);
    end += 5;
    const bool answers = behaviour_ == Behaviour::answer;
    const char rcode = behaviour_ == Behaviour::fail           ? '\x02'
                       : behaviour_ == Behaviour::no_such_name ? '\x03'
                                                               : '\0';
    std::string reply = query.substr(0, 2);
    reply += {'\x81', static_cast<char>('\x80' | rcode), 0, 1, 0, answers ? '\1' : '\0'};
    reply += std::string(4, '\0') + query.substr(12, end - 12);
    if (!answers) return reply;
    reply += std::string("\xc0\x0c", 2) + query.substr(end - 4, 4);
    reply += {0, 0, 0, 60, static_cast<char>(data_.size() >> 8), static_cast<char>(data_.size())};
    return reply + data_;
  }

  const Behaviour behaviour_;
  const std::string data_;
  const int socket_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace beredd::remote
