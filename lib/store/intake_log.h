#pragma once
// The log in front of the tables: mail is on disk, and may be answered 250, after one write and one
// fdatasync of adjacent blocks; the tables follow in larger transactions.
//
// 1. The file has its full size, written with zeros, from the start: what comes later overwrites
//    blocks, so that no batch waits for the file system's journal and none finds the disk full.
// 2. A batch begins at a block of its own: no block that holds an acknowledged record is written
//    again before the log starts over.
// 3. The log starts over at its beginning once the tables hold all of it. What an earlier round
//    left behind the last record is told by its number: numbers only grow.
// 4. Every record is sealed together with its header and its chunk: what a crash tore in two does
// not
//    open, and was never acknowledged.
//
// The bytes are described in docs/store-format.md. Not thread-safe.

#include "block_buffer.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/random.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/store/body.h"
#include "beredd/vault/key.h"

namespace beredd::store {

class IntakeLog {
 public:
  // Makes the file when it is not there. `instance` is the store's: a log of another store opens
  // nothing. Errors: transient/store_full, transient/io, permanent/refused.
  static base::Result<IntakeLog> open(const std::filesystem::path& file, base::Bytes size,
                                      vault::Key key, std::string_view instance, bool sync);
  ~IntakeLog();
  IntakeLog(IntakeLog&& other) noexcept;
  IntakeLog& operator=(IntakeLog&&) = delete;

  // What the log holds from number `after` on (exclusive), in order.
  struct Record {
    std::uint64_t number = 0;
    Arrival arrival;
  };
  // Errors: transient/io.
  base::Result<std::vector<Record>> read(std::uint64_t after);

  // Numbers the arrivals from `first` on, and writes them: on return with success they are on disk.
  // After a failure nothing of the batch counts. Errors: transient/io, transient/store_full when
  // they do not fit into what is left.
  base::Status append(std::span<const Arrival> arrivals, std::uint64_t first, base::Random& random);

  base::Bytes used() const { return base::Bytes(end_); }
  base::Bytes size() const { return base::Bytes(size_); }
  // The tables hold all: the next batch goes to the beginning.
  void start_over() { end_ = 0; }

 private:
  IntakeLog(int fd, vault::Key key, std::string_view instance, bool sync);
  std::string where(std::string_view header, std::string_view chunk) const;
  void add_record(const Arrival& arrival, std::uint64_t number, base::Random& random);
  // The record at the front of `bytes`, which it is cut off from; nothing: there is none.
  std::optional<Record> take_record(std::string_view& bytes) const;
  base::Status make(base::Bytes size);
  void set_direct(bool direct);
  base::Result<std::string> read_all();
  base::Status write(std::uint64_t at, std::string_view bytes);

  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t end_ = 0;  // where the next batch goes
  vault::Key key_;
  std::string instance_;
  bool sync_ = true;
  bool direct_ = false;  // past the page cache
  BlockBuffer batch_;
};

}  // namespace beredd::store
