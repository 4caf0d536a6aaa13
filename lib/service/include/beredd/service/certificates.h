#pragma once
// The intake's certificates: taken up anew when a file changes, and when it is asked for.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/metrics.h"
#include "beredd/config/config.h"
#include "beredd/io/timer.h"
#include "beredd/io/tls.h"

namespace beredd::service {

// smtp.certificate first, then every smtp.sni; empty when mail comes in plainly.
std::vector<io::CertificateFiles> certificate_files(const config::Smtp& smtp);

// Whether they would do, for who checks a configuration before it is used. A pair that the caller
// may not read is passed over. Errors: as io::server_tls().
base::Status try_certificates(const config::Smtp& smtp);

// Looks at the files every kEvery, through symbolic links; a renewal that is half written, or
// wrong, leaves the old certificates in use, is said once, and is tried again. Warns once a day
// from kWarnFrom before the end of a certificate. From the executor, except reload().
class Certificates {
 public:
  static constexpr base::Duration kEvery = std::chrono::seconds(5);
  static constexpr base::Duration kWarnFrom = std::chrono::hours(24 * 14);

  Certificates(io::ServerCertificates& certificates, std::vector<io::CertificateFiles> files,
               io::Timers& timers, const base::Clock& clock, base::Metrics& metrics,
               io::Executor executor);

  void start();
  void reload();  // now, whether a file changed or not; any thread
  void stop();

 private:
  // Device, inode, size and time of change of every file, what a link points at included.
  std::string look_of_files() const;
  io::Task<void> watch();
  void try_reload(std::string look);
  void measure();

  io::ServerCertificates& certificates_;
  const std::vector<io::CertificateFiles> files_;
  const base::Clock& clock_;
  base::Metrics& metrics_;
  io::Executor executor_;
  std::unique_ptr<io::Timer> timer_;
  std::string look_;     // of what is in use
  std::string refused_;  // the last complaint, said once
  base::Instant warned_{};
  bool stopping_ = false;
};

}  // namespace beredd::service
