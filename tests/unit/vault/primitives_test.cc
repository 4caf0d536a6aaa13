// Known answers: what we compute is what the standards say, not only what we can read back.
#include "primitives.h"

#include <string>

#include <gtest/gtest.h>

#include "beredd/base/digest.h"

namespace beredd::vault {
namespace {

std::string bytes(std::string_view hex) { return *base::from_hex(hex); }

std::string hex(std::string_view raw) { return base::to_hex(std::as_bytes(std::span(raw))); }

struct GcmVector {
  std::string key, nonce, associated, plaintext, sealed;
};

// The AES-256 cases of the proposal that NIST SP 800-38D took over (McGrew and Viega, cases 13–16).
const std::vector<GcmVector>& gcm_vectors() {
  static const std::string key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
  static const std::string plaintext =
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
  static const std::string ciphertext =
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
  static const std::vector<GcmVector> vectors = {
      {std::string(64, '0'), std::string(24, '0'), "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
      {std::string(64, '0'), std::string(24, '0'), "", std::string(32, '0'),
       "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
      {key, "cafebabefacedbaddecaf888", "", plaintext,
       ciphertext + "b094dac5d93471bdec1a502270e3cc6c"},
      {key, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       plaintext.substr(0, 120), ciphertext.substr(0, 120) + "76fc6ece0f4e1768cddf8853bb2d551b"},
  };
  return vectors;
}

TEST(Gcm, SealsAsTheStandardsVectorsDo) {
  for (const GcmVector& v : gcm_vectors()) {
    const std::string key = bytes(v.key), nonce = bytes(v.nonce), associated = bytes(v.associated);
    const std::string plaintext = bytes(v.plaintext);
    std::string sealed(plaintext.size() + kGcmTagSize, '\0');
    gcm_seal({key, nonce, associated}, plaintext, sealed.data());
    EXPECT_EQ(hex(sealed), v.sealed);
  }
}

TEST(Gcm, OpensTheStandardsVectorsInAnyOrder) {
  const auto& vectors = gcm_vectors();
  for (std::size_t i : {3U, 0U, 2U, 1U, 3U}) {
    const GcmVector& v = vectors[i];
    const std::string key = bytes(v.key), nonce = bytes(v.nonce), associated = bytes(v.associated);
    const std::string sealed = bytes(v.sealed);
    std::string plaintext(sealed.size() - kGcmTagSize, '\0');
    EXPECT_TRUE(gcm_open({key, nonce, associated}, sealed, plaintext.data()));
    EXPECT_EQ(hex(plaintext), v.plaintext);
  }
}

TEST(Gcm, LeavesNothingLegibleOfAForgedText) {
  const GcmVector& v = gcm_vectors()[3];
  const std::string key = bytes(v.key), nonce = bytes(v.nonce);
  const std::string sealed = bytes(v.sealed);
  std::string out(sealed.size() - kGcmTagSize, 'x');
  EXPECT_FALSE(gcm_open({key, nonce, "another place"}, sealed, out.data()));
  EXPECT_EQ(out, std::string(out.size(), '\0'));
}

TEST(GcmDeathTest, RefusesAKeyOfAnotherSize) {
  std::string out(kGcmTagSize, '\0');
  const std::string nonce(kGcmNonceSize, '\0');
  EXPECT_DEATH(gcm_seal({"short", nonce, {}}, {}, out.data()), "");
}

TEST(Hmac, MatchesRfc4231) {
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting += c;
  struct Row {
    std::string key, text, mac;
  };
  for (const Row& row : std::vector<Row>{
           {std::string(20, '\x0b'), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
           {"Jefe", "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
           {std::string(20, '\xaa'), std::string(50, '\xdd'),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
           {counting, std::string(50, '\xcd'),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
           {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
           {std::string(131, '\xaa'),
            "This is a test using a larger than block-size key and a larger than block-size data. "
            "The key needs to be hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}}) {
    EXPECT_EQ(base::to_hex(hmac_sha256(row.key, row.text)), row.mac);
  }
}

// `size` bytes that count up from `first`.
std::string counted(int first, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(first + i);
  return text;
}

TEST(Hkdf, MatchesTheFirstBlockOfRfc5869) {
  EXPECT_EQ(base::to_hex(hkdf_sha256(std::string(22, '\x0b'), counted(0, 13), counted(0xf0, 10))),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
  EXPECT_EQ(base::to_hex(hkdf_sha256(counted(0, 80), counted(0x60, 80), counted(0xb0, 80))),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c");
  EXPECT_EQ(base::to_hex(hkdf_sha256(std::string(22, '\x0b'), {}, {})),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(Wipe, LeavesOnlyZeros) {
  std::array<std::byte, 5> secret{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  wipe(secret);
  EXPECT_EQ(secret, (std::array<std::byte, 5>{}));
}

}  // namespace
}  // namespace beredd::vault
