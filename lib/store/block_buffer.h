#pragma once
// Bytes that begin at a block's boundary in memory and fill whole blocks, as direct I/O wants them
// (open(2), O_DIRECT). It grows and is used again. Not thread-safe.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace beredd::store {

class BlockBuffer {
 public:
  static constexpr std::size_t kBlock = 4096;  // no disk has larger ones
  static constexpr std::size_t up_to_block(std::size_t size) {
    return (size + kBlock - 1) / kBlock * kBlock;
  }

  BlockBuffer() = default;
  BlockBuffer(BlockBuffer&& other) noexcept
      : bytes_(std::move(other.bytes_)),
        capacity_(std::exchange(other.capacity_, 0)),
        size_(std::exchange(other.size_, 0)) {}
  BlockBuffer& operator=(BlockBuffer&&) = delete;

  std::size_t size() const { return size_; }
  std::string_view view() const { return {bytes_.get(), size_}; }

  void clear() { size_ = 0; }
  void append(std::string_view more) {
    if (more.empty()) return;
    reserve(size_ + more.size());
    std::memcpy(bytes_.get() + size_, more.data(), more.size());
    size_ += more.size();
  }
  // Zeros to the end of the block.
  void pad() {
    const std::size_t whole = up_to_block(size_);
    reserve(whole);
    std::fill(bytes_.get() + size_, bytes_.get() + whole, '\0');
    size_ = whole;
  }
  void wipe() { std::fill_n(bytes_.get(), size_, '\0'); }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  using Bytes = std::unique_ptr<char, Free>;

  void reserve(std::size_t size) {
    if (size <= capacity_) return;
    const std::size_t capacity = up_to_block(std::max(size, 2 * capacity_));
    Bytes larger(static_cast<char*>(std::aligned_alloc(kBlock, capacity)));
    if (!larger) throw std::bad_alloc();
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  Bytes bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace beredd::store
