// How often a target writes: a system call and a packet each.

#include "target_fixture.h"

namespace beredd::remote {
namespace {

class CountingStream final : public io::Stream {
 public:
  CountingStream(std::unique_ptr<io::Stream> inner, int& writes)
      : inner_(std::move(inner)), writes_(writes) {}
  io::Task<base::Result<std::size_t>> read(std::span<char> buffer,
                                           base::Duration timeout) override {
    return inner_->read(buffer, timeout);
  }
  io::Task<base::Status> write(std::string_view bytes, base::Duration timeout) override {
    ++writes_;
    return inner_->write(bytes, timeout);
  }
  io::Task<base::Status> start_tls_server(io::TlsContext& context,
                                          base::Duration timeout) override {
    return inner_->start_tls_server(context, timeout);
  }
  io::Task<base::Status> start_tls_client(io::TlsContext& context, std::string_view host,
                                          base::Duration timeout) override {
    return inner_->start_tls_client(context, host, timeout);
  }
  bool secure() const override { return inner_->secure(); }
  std::string tls_summary() const override { return inner_->tls_summary(); }
  void close() override { inner_->close(); }
  std::string peer_address() const override { return inner_->peer_address(); }
  io::Executor executor() override { return inner_->executor(); }

 private:
  std::unique_ptr<io::Stream> inner_;
  int& writes_;
};

class CountingConnector final : public io::Connector {
 public:
  explicit CountingConnector(std::unique_ptr<io::Connector> inner) : inner_(std::move(inner)) {}
  io::Task<base::Result<std::unique_ptr<io::Stream>>> connect(const io::Executor& executor,
                                                              io::Address to,
                                                              base::Duration timeout) override {
    auto connected = co_await inner_->connect(executor, std::move(to), timeout);
    if (!connected) co_return std::move(connected).error();
    std::unique_ptr<io::Stream> counting =
        std::make_unique<CountingStream>(std::move(*connected), writes);
    co_return counting;
  }
  int writes = 0;

 private:
  std::unique_ptr<io::Connector> inner_;
};

struct WritesTest : TargetTest {
  CountingConnector* counting = nullptr;
  WritesTest() {
    auto made = std::make_unique<CountingConnector>(std::move(connector));
    counting = made.get();
    connector = std::move(made);
    primary.start();
  }
};

TEST_F(WritesTest, ASmallMessageTakesOneWriteForItsCommandsAndOneForAllOfItsBytes) {
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(counting->writes, 1);  // EHLO
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::acknowledged);
  EXPECT_EQ(counting->writes, 3);
}

TEST_F(WritesTest, TheNextMessagesCommandsGoWithTheFinalDot) {
  ASSERT_TRUE(open().ok());
  std::vector<io::Parcel> parcels;
  for (int i = 0; i < 10; ++i) parcels.push_back(parcel(i));
  hand_over(std::move(parcels));
  EXPECT_EQ(counting->writes, 1 + 1 + 10);
}

TEST_F(WritesTest, ALongMessageIsWrittenAsItComes) {
  ASSERT_TRUE(open().ok());
  const std::vector<std::string> chunks(10, std::string(65'000, 'x') + "\r\n");
  EXPECT_EQ(hand_over_one(parcel(1, chunks)).kind, Kind::acknowledged);
  EXPECT_GE(counting->writes, 10);
}

}  // namespace
}  // namespace beredd::remote
