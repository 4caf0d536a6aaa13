#include "beredd/vault/hash_chain.h"

#include <array>
#include <cstdint>

namespace beredd::vault {

base::Sha256 chain_start() { return {}; }

base::Sha256 chain_next(const base::Sha256& previous, std::string_view entry) {
  std::array<char, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) {
    length[length.size() - 1 - i] = static_cast<char>(std::uint64_t{entry.size()} >> 8 * i & 0xff);
  }
  base::Sha256Stream digest;
  digest.update({reinterpret_cast<const char*>(previous.data()), previous.size()});
  digest.update({length.data(), length.size()});
  digest.update(entry);
  return digest.finish();
}

}  // namespace beredd::vault
