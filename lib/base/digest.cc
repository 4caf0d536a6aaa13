#include "beredd/base/digest.h"

#include <cstdlib>
#include <utility>

#include <openssl/evp.h>

namespace beredd::base {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// libcrypto fails here only when memory is out or it was built without SHA-256.
void require(bool done) {
  if (!done) std::abort();
}

// Fetched once, because OpenSSL 3 looks an algorithm up anew for every EVP_sha256(). Never freed:
// it lives as long as the process.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(fetched != nullptr);
  return fetched;
}

void begin(EVP_MD_CTX* context) {
  require(context != nullptr && EVP_DigestInit_ex2(context, algorithm(), nullptr) == 1);
}

void add(EVP_MD_CTX* context, std::string_view bytes) {
  require(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}

Sha256 end(EVP_MD_CTX* context) {
  Sha256 digest;
  require(EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr) ==
          1);
  return digest;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  thread_local const Context context(EVP_MD_CTX_new());
  begin(context.get());
  add(context.get(), bytes);
  return end(context.get());
}

struct Sha256Stream::State {
  Context context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) { begin(state_->context.get()); }
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(std::string_view bytes) { add(state_->context.get(), bytes); }

Sha256 Sha256Stream::finish() {
  const Sha256 digest = end(state_->context.get());
  begin(state_->context.get());
  return digest;
}

std::string to_hex(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    out += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    out += kDigits[std::to_integer<std::size_t>(byte & std::byte{0x0f})];
  }
  return out;
}

Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) {
    return permanent(Code::invalid, "expected an even number of hexadecimal digits");
  }
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) {
      return permanent(Code::invalid, "expected hexadecimal digits, 0-9 and a-f");
    }
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

}  // namespace beredd::base
