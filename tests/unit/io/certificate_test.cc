// What is read out of a certificate file.

#include "beredd/io/certificate.h"

#include "certificates.h"
#include "live.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class CertificateFile : public testing::Test {
 protected:
  live::Folder folder;
  live::Authority authority{folder.path()};
};

TEST_F(CertificateFile, HasItsNamesInLowerCaseAndItsTime) {
  const auto files =
      authority.issue("DNS:MX2.example.org,DNS:*.example.net,IP:192.0.2.1", -60, 3600);
  const auto read = read_certificate(files.certificate);
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_THAT(read->names, ElementsAre("mx2.example.org", "*.example.net"));
  EXPECT_EQ(read->not_after - read->not_before, std::chrono::seconds(3660));
  EXPECT_FALSE(read->self_signed);
}

TEST_F(CertificateFile, HasAChainWithTheHostsOwnFirst) {
  const auto files = authority.issue("DNS:mx2.example.org");
  const auto own = read_certificate(files.certificate);
  const auto above = read_certificate(authority.file());
  const auto whole = folder.path() / "chain.pem";
  std::ofstream(whole) << contents_of(files.certificate) << contents_of(authority.file());
  const auto read = read_certificate(whole);
  ASSERT_TRUE(read.ok() && own.ok() && above.ok());
  ASSERT_THAT(read->chain, SizeIs(2));
  EXPECT_EQ(read->chain[0].key, own->chain[0].key);
  EXPECT_EQ(read->chain[1].whole, above->chain[0].whole);
  EXPECT_NE(read->chain[0].key, read->chain[1].key);
}

TEST_F(CertificateFile, GivesEachFormOfATlsaRecordInItsLength) {
  const auto read = read_certificate(authority.issue("DNS:mx2.example.org").certificate);
  ASSERT_TRUE(read.ok());
  for (const TlsaForms& forms : {read->chain[0].whole, read->chain[0].key}) {
    EXPECT_EQ(forms[0].substr(0, 2), "30") << "DER begins with a sequence";
    EXPECT_THAT(forms[1], SizeIs(64));
    EXPECT_THAT(forms[2], SizeIs(128));
  }
  EXPECT_THAT(read->chain[0].whole[0], HasSubstr(read->chain[0].key[0]));
}

TEST_F(CertificateFile, ThatSignedItselfIsToldFromOneThatAnAuthorityDid) {
  const auto files = authority.issue("DNS:mx2.example.org", -60, 3600, /*self_signed=*/true);
  const auto read = read_certificate(files.certificate);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->self_signed);
}

TEST_F(CertificateFile, ThatIsNoneIsNamed) {
  const auto absent = read_certificate(folder.path() / "absent.pem");
  ASSERT_FALSE(absent.ok());
  EXPECT_THAT(absent.error().detail, HasSubstr("absent.pem: no such file"));
  const auto junk = folder.path() / "junk.pem";
  std::ofstream(junk) << "no certificate\n";
  const auto read = read_certificate(junk);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, base::Code::tls);
  EXPECT_THAT(read.error().detail, HasSubstr("junk.pem: not a PEM certificate chain"));
}

TEST_F(CertificateFile, ThatIsBrokenOffIsNotTakenForAShortChain) {
  const auto files = authority.issue("DNS:mx2.example.org");
  const auto broken = folder.path() / "broken.pem";
  const std::string above = contents_of(authority.file());
  std::ofstream(broken) << contents_of(files.certificate) << above.substr(0, above.size() / 2);
  EXPECT_FALSE(read_certificate(broken).ok());
}

}  // namespace
}  // namespace beredd::io
