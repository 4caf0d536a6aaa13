#pragma once
// What a worker maps: the mails that it is to read, and the room that its answers go to.

#include "wire.h"

#include <span>

#include "beredd/base/result.h"

namespace beredd::jail {

// A mapping of a descriptor, which is closed when it is there.
class Mapping {
 public:
  Mapping() = default;
  ~Mapping();
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;

  // `protection`, `flags`: of mmap(). Errors: transient/io.
  static base::Result<Mapping> of(int descriptor, int protection, int flags);
  std::span<char> bytes() const { return bytes_; }

 private:
  std::span<char> bytes_;
};

class MappedMail {
 public:
  // Errors: transient/io.
  static base::Result<MappedMail> map(int descriptor, std::uint8_t slot);

  base::Bytes size() const { return base::Bytes(mapping_.bytes().size()); }
  // REQUIRES: it lies within size().
  std::string_view at(const Span& mail) const;

 private:
  Mapping mapping_;
};

class AnswerRoom {
 public:
  // Errors: transient/io; permanent/invalid when it is of another size.
  static base::Result<AnswerRoom> map(int descriptor);

  void clear();
  // False: it has no room; nothing has changed.
  bool put(std::string_view answer);
  const Told& told() const { return told_; }

 private:
  void tell() const;

  Mapping mapping_;
  Told told_;
};

}  // namespace beredd::jail
