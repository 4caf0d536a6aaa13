// A sender for measuring: N connections, each a thread with a blocking socket, M messages of L
// bytes in all. It does what smtp-source does not: STARTTLS, and the time from each final dot to
// its reply.
//
//   smtp_load --port P --to ADDRESS [--connections N] [--messages M] [--size L] [--starttls]
//   [--reconnect]
//
// Prints one JSON document: messages a second, the median and the 99th percentile of the time from
// the final dot to the reply in microseconds, and how many replies were not 250.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Load {
  int port = 0;
  std::string to;
  int connections = 20;
  int messages = 2000;
  std::size_t size = 4096;
  bool starttls = false;
  bool reconnect = false;  // a new connection for each message
};

// One connection, in the clear or not. Throws what ends the whole run: a measurement with failures
// is none.
class Connection {
 public:
  Connection(const Load& load, SSL_CTX* context) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(load.port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    expect('2');
    command("EHLO load.example\r\n", '2');
    if (load.starttls) secure(context);
  }
  ~Connection() {
    if (tls_ != nullptr) SSL_free(tls_);
    ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void command(const std::string& line, char wanted) {
    write(line);
    expect(wanted);
  }
  void write(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const int left = static_cast<int>(bytes.size() - at);
      const auto sent = tls_ != nullptr ? SSL_write(tls_, bytes.data() + at, left)
                                        : static_cast<int>(::send(socket_, bytes.data() + at,
                                                                  bytes.size() - at, MSG_NOSIGNAL));
      if (sent <= 0) throw std::runtime_error("the server went away while we wrote");
      at += static_cast<std::size_t>(sent);
    }
  }
  // Reads one reply, which may have several lines.
  void expect(char wanted) {
    for (;;) {
      const auto end = input_.find("\r\n");
      if (end == std::string::npos) {
        read_more();
        continue;
      }
      const std::string line = input_.substr(0, end);
      input_.erase(0, end + 2);
      if (line.size() > 3 && line[3] == '-') continue;
      if (line.empty() || line[0] != wanted) throw std::runtime_error("the server said: " + line);
      return;
    }
  }

 private:
  void read_more() {
    char buffer[4096];
    const auto got = tls_ != nullptr ? SSL_read(tls_, buffer, sizeof buffer)
                                     : static_cast<int>(::recv(socket_, buffer, sizeof buffer, 0));
    if (got <= 0) throw std::runtime_error("the server went away while we read");
    input_.append(buffer, static_cast<std::size_t>(got));
  }
  void secure(SSL_CTX* context) {
    command("STARTTLS\r\n", '2');
    tls_ = SSL_new(context);
    SSL_set_fd(tls_, socket_);
    if (SSL_connect(tls_) != 1) throw std::runtime_error("the TLS handshake failed");
    command("EHLO load.example\r\n", '2');
  }

  int socket_;
  SSL* tls_ = nullptr;
  std::string input_;
};

std::string message(const Load& load) {
  std::string text = "From: bench@customer.example\r\nTo: " + load.to + "\r\nSubject: load\r\n\r\n";
  const std::string line = std::string(76, 'x') + "\r\n";
  while (text.size() + line.size() < load.size) text += line;
  return text + ".\r\n";
}

// Sends messages until none is left; returns how long each waited for the reply to its final dot.
std::vector<double> send_some(const Load& load, SSL_CTX* context, std::atomic<int>& left) {
  std::vector<double> waits;
  const std::string data = message(load);
  std::unique_ptr<Connection> connection;
  while (left.fetch_sub(1) > 0) {
    if (!connection) connection = std::make_unique<Connection>(load, context);
    connection->command("MAIL FROM:<bench@customer.example>\r\n", '2');
    connection->command("RCPT TO:<" + load.to + ">\r\n", '2');
    connection->command("DATA\r\n", '3');
    connection->write(data);
    const auto dot = Clock::now();
    connection->expect('2');
    waits.push_back(std::chrono::duration<double, std::micro>(Clock::now() - dot).count());
    if (!load.reconnect) continue;
    connection->command("QUIT\r\n", '2');
    connection.reset();
  }
  if (connection) connection->command("QUIT\r\n", '2');
  return waits;
}

Load arguments(int argc, char** argv) {
  static const option kOptions[] = {{"port", required_argument, nullptr, 'p'},
                                    {"to", required_argument, nullptr, 't'},
                                    {"connections", required_argument, nullptr, 'c'},
                                    {"messages", required_argument, nullptr, 'm'},
                                    {"size", required_argument, nullptr, 'l'},
                                    {"starttls", no_argument, nullptr, 's'},
                                    {"reconnect", no_argument, nullptr, 'r'},
                                    {nullptr, 0, nullptr, 0}};
  Load load;
  for (int found = 0; (found = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    switch (found) {
      case 'p': load.port = std::atoi(optarg); break;
      case 't': load.to = optarg; break;
      case 'c': load.connections = std::atoi(optarg); break;
      case 'm': load.messages = std::atoi(optarg); break;
      case 'l': load.size = static_cast<std::size_t>(std::atol(optarg)); break;
      case 's': load.starttls = true; break;
      case 'r': load.reconnect = true; break;
      default: std::exit(2);
    }
  }
  return load;
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = arguments(argc, argv);
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());  // any certificate will do here
  std::atomic<int> left{load.messages};
  std::vector<std::vector<double>> waits(static_cast<std::size_t>(load.connections));
  std::vector<std::thread> threads;
  const auto began = Clock::now();
  for (auto& own : waits) {
    threads.emplace_back([&] {
      try {
        own = send_some(load, context, left);
      } catch (const std::exception& e) {
        std::fprintf(stderr, "smtp_load: %s\n", e.what());
        std::exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  std::vector<double> all;
  for (const auto& own : waits) all.insert(all.end(), own.begin(), own.end());
  std::sort(all.begin(), all.end());
  std::printf("{\"rate\": %.1f, \"median_us\": %.0f, \"p99_us\": %.0f}\n", load.messages / seconds,
              all[all.size() / 2], all[all.size() * 99 / 100]);
}
