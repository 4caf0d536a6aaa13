#pragma once
// Keys: made once, read from a file, derived per purpose (HKDF-SHA256, RFC 5869), wiped when
// dropped.

#include <array>
#include <cstddef>
#include <filesystem>
#include <string_view>

#include "beredd/base/random.h"
#include "beredd/base/result.h"

namespace beredd::vault {

// 32 bytes that leave memory when their owner does. Movable, not copyable.
class Key {
 public:
  static constexpr std::size_t kSize = 32;

  explicit Key(const std::array<std::byte, kSize>& bytes) : bytes_(bytes) {}
  Key(Key&& other) noexcept;
  Key& operator=(Key&& other) noexcept;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key();

  std::string_view bytes() const;

 private:
  std::array<std::byte, kSize> bytes_;
};

// Reads exactly 32 bytes.
// Errors: permanent/not_found, permanent/invalid (another size), permanent/refused (the mode lets
// group or others in; a group may read what is root's, as systemd's credentials are), transient/io.
base::Result<Key> read_key(const std::filesystem::path& file);

// Makes a key and writes it with mode 0600, synced together with its directory; never overwrites.
// Errors: permanent/exists, transient/io.
base::Result<Key> create_key(const std::filesystem::path& file, base::Random& random);

// One key per (purpose, context): HKDF with `purpose` as info and `context` as salt.
Key derive(const Key& from, std::string_view purpose, std::string_view context = {});

}  // namespace beredd::vault
