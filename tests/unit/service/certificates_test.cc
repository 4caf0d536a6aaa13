// When certificates are read anew, on simulated time.

#include "beredd/service/certificates.h"

#include "live.h"
#include "simulation.h"

#include <fstream>

#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using namespace std::chrono_literals;
using testing::Test;

struct FakeCertificates final : io::ServerCertificates {
  struct Context final : io::TlsContext {};
  io::TlsContext& context() override { return made; }
  base::Status reload() override {
    ++reloads;
    if (broken) return base::permanent(base::Code::tls, "half written");
    return {};
  }
  std::vector<io::CertificateFacts> in_use() const override { return facts; }

  Context made;
  int reloads = 0;
  bool broken = false;
  std::vector<io::CertificateFacts> facts;
};

struct CertificatesTest : Test {
  live::Folder folder;
  simulation::World world{1};
  FakeCertificates fake;
  base::Metrics metrics;
  io::CertificateFiles files{folder.path() / "a.pem", folder.path() / "a.key"};
  Certificates certificates{fake,          {files}, world.timers(),
                            world.clock(), metrics, world.executor()};

  void SetUp() override {
    write(files.certificate, "one");
    write(files.private_key, "one");
    certificates.start();
    world.run_for(1s);
    ASSERT_EQ(fake.reloads, 1);
  }
  void TearDown() override {
    certificates.stop();
    world.run_for(1s);
  }
  static void write(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path) << text;
  }
};

TEST_F(CertificatesTest, AreLeftAloneWhileNoFileChanges) {
  world.run_for(1h);
  EXPECT_EQ(fake.reloads, 1);
}

TEST_F(CertificatesTest, AreReadOnceAfterAFileChanged) {
  write(files.private_key, "longer than before");
  world.run_for(Certificates::kEvery);
  EXPECT_EQ(fake.reloads, 2);
  world.run_for(1h);
  EXPECT_EQ(fake.reloads, 2);
}

TEST_F(CertificatesTest, AreReadWhenALinkPointsElsewhere) {
  const auto link = folder.path() / "live.pem";
  std::filesystem::create_symlink(files.certificate, link);
  FakeCertificates linked;
  Certificates watching(linked, {{link, files.private_key}}, world.timers(), world.clock(), metrics,
                        world.executor());
  watching.start();
  world.run_for(1min);
  EXPECT_EQ(linked.reloads, 1);
  write(folder.path() / "archive2.pem", "one");
  std::filesystem::remove(link);
  std::filesystem::create_symlink(folder.path() / "archive2.pem", link);
  world.run_for(1min);
  EXPECT_EQ(linked.reloads, 2);
  watching.stop();
  world.run_for(1s);
}

TEST_F(CertificatesTest, AreReadWhenAskedForThoughNothingChanged) {
  certificates.reload();
  world.run_for(100ms);
  EXPECT_EQ(fake.reloads, 2);
}

TEST_F(CertificatesTest, AreTriedAgainUntilTheRenewalIsWhole) {
  fake.broken = true;
  write(files.certificate, "half");
  world.run_for(3 * Certificates::kEvery);
  EXPECT_EQ(fake.reloads, 4);
  fake.broken = false;
  world.run_for(1h);
  EXPECT_EQ(fake.reloads, 5);
}

TEST_F(CertificatesTest, StayAloneOnceStopped) {
  certificates.stop();
  world.run_for(1s);
  write(files.certificate, "after the end");
  world.run_for(1h);
  EXPECT_EQ(fake.reloads, 1);
}

TEST_F(CertificatesTest, TellTheSecondsUntilTheirEnd) {
  fake.facts.push_back({files.certificate, "mail.example", world.clock().now() + 1h});
  world.run_for(Certificates::kEvery);
  const std::string name =
      "beredd_tls_certificate_expiry_seconds{" + base::label("file", files.certificate.string());
  // The files are looked at every five seconds from the start, which was a second ago.
  EXPECT_NE(metrics.text().find(name + "} 3596\n"), std::string::npos) << metrics.text();
  world.run_for(2h);
  EXPECT_NE(metrics.text().find(name + "} -"), std::string::npos) << metrics.text();
}

TEST(CertificateFiles, AreNoneWhenMailComesInPlainly) {
  EXPECT_TRUE(certificate_files(config::Smtp{}).empty());
}

TEST(CertificateFiles, HaveTheOneForEveryoneFirst) {
  config::Smtp smtp;
  smtp.certificate = "/a.pem";
  smtp.private_key = "/a.key";
  smtp.sni.push_back({"/b.pem", "/b.key"});
  const auto files = certificate_files(smtp);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].certificate, "/a.pem");
  EXPECT_EQ(files[1].private_key, "/b.key");
}

}  // namespace
}  // namespace beredd::service
