#pragma once
// Hears of changes from the daemon on a thread of its own, so that whoever shows something waits
// for keys and for changes at once.

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace beredd::beredctl {

class ChangeWatch {
 public:
  // Waits on the daemon behind `socket`. A file descriptor is readable when something changed, or
  // when the daemon was lost or is back; see take().
  explicit ChangeWatch(std::string socket);
  ~ChangeWatch();
  ChangeWatch(const ChangeWatch&) = delete;
  ChangeWatch& operator=(const ChangeWatch&) = delete;

  int descriptor() const { return pipe_[0]; }
  void take();  // empties the descriptor
  bool connected() const { return connected_; }

 private:
  void run();
  void tell() const;
  void pause(int seconds) const;

  std::string socket_;
  int pipe_[2] = {-1, -1};     // told of changes
  int stopped_[2] = {-1, -1};  // closed at the end
  std::atomic<bool> connected_{true};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace beredd::beredctl
