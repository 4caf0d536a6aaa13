#pragma once
// Mail that is on disk and not yet in the tables: two logs, of which one is written while what the
// other holds settles. So mail never waits for the tables, nor the tables for mail.

#include "intake_log.h"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

namespace beredd::store {

struct ArrivalsOptions {
  std::filesystem::path directory;
  base::Bytes size;  // of both logs together, on disk
  bool sync = true;
};

// Two threads: append() is the log writer's, next(), set_aside() and settled() are the tables'.
class Arrivals {
 public:
  // Takes over what the logs hold behind number `after`, as the first to settle. `keys` gives the
  // logs' key. Errors: those of IntakeLog.
  static base::Result<std::unique_ptr<Arrivals>> open(const ArrivalsOptions& options,
                                                      const vault::Key& key,
                                                      std::string_view instance,
                                                      std::uint64_t after);

  // On return with success they are on disk. Errors: transient/store_full when the log is full and
  // the other has not settled yet; transient/io.
  base::Status append(std::vector<Arrival> arrivals, base::Random& random);

  // What the tables are to take in next; the same until settled(). Empty: there is nothing.
  std::span<const Arrival> next();
  std::uint64_t last_number() const { return settling_last_; }
  // The tables will never take `next()[index]`: a copy of the logs is kept, and the others go on.
  void set_aside(std::size_t index, const base::Error& why);
  // The tables hold all of next(), durably.
  void settled();

  // How full the log that is written is; also above 0 while anything has not settled. Any thread.
  double fullness() const;
  // How many messages the tables do not have yet. Any thread.
  std::size_t waiting() const;

 private:
  Arrivals(std::filesystem::path directory, std::array<IntakeLog, 2> logs);
  void measure();  // REQUIRES: the mutex is held

  const std::filesystem::path directory_;
  mutable std::mutex mutex_;
  std::array<IntakeLog, 2> logs_;
  std::size_t written_ = 0;  // which log append() writes
  std::uint64_t last_ = 0;   // the last number used
  std::vector<Arrival> waiting_;
  bool settling_now_ = false;
  std::size_t behind_ = 0;  // messages in waiting_
  std::atomic<double> fullness_{0};
  std::atomic<std::size_t> count_{0};  // messages in waiting_ and settling_

  // The tables' thread only.
  std::vector<Arrival> settling_;
  std::uint64_t settling_last_ = 0;
};

}  // namespace beredd::store
