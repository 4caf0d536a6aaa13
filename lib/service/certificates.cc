#include "beredd/service/certificates.h"

#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "beredd/base/log.h"

namespace beredd::service {
namespace {

constexpr base::Duration kWarnAgain = std::chrono::hours(24);

std::string look_of(const std::filesystem::path& file) {
  struct stat seen {};
  if (::stat(file.c_str(), &seen) != 0) return "-;";
  return fmt::format("{}:{}:{}:{}.{};", seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtim.tv_sec,
                     seen.st_mtim.tv_nsec);
}

std::int64_t days(base::Duration left) {
  return std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
}

}  // namespace

std::vector<io::CertificateFiles> certificate_files(const config::Smtp& smtp) {
  std::vector<io::CertificateFiles> files;
  if (!smtp.certificate) return files;
  files.push_back({*smtp.certificate, *smtp.private_key});
  for (const config::Sni& sni : smtp.sni) files.push_back({sni.certificate, sni.private_key});
  return files;
}

base::Status try_certificates(const config::Smtp& smtp) {
  for (const io::CertificateFiles& pair : certificate_files(smtp)) {
    if (::access(pair.certificate.c_str(), R_OK) != 0 ||
        ::access(pair.private_key.c_str(), R_OK) != 0)
      continue;
    if (auto fit = io::server_tls(pair.certificate, pair.private_key); !fit) return fit.error();
  }
  return {};
}

Certificates::Certificates(io::ServerCertificates& certificates,
                           std::vector<io::CertificateFiles> files, io::Timers& timers,
                           const base::Clock& clock, base::Metrics& metrics, io::Executor executor)
    : certificates_(certificates),
      files_(std::move(files)),
      clock_(clock),
      metrics_(metrics),
      executor_(std::move(executor)),
      timer_(timers.make(executor_)) {}

// What was opened before is read once more: a file may have changed between.
void Certificates::start() {
  try_reload(look_of_files());
  measure();
  io::spawn(executor_, watch(), "certificates");
}

void Certificates::reload() { timer_->wake(); }

void Certificates::stop() {
  stopping_ = true;
  timer_->wake();
}

std::string Certificates::look_of_files() const {
  std::string look;
  for (const io::CertificateFiles& each : files_) {
    look += look_of(each.certificate) + look_of(each.private_key);
  }
  return look;
}

io::Task<void> Certificates::watch() {
  for (;;) {
    const bool passed = co_await timer_->wait(kEvery);
    if (stopping_) co_return;
    // Looked at before it is read: what is written meanwhile looks different the next time.
    std::string look = look_of_files();
    if (!passed || look != look_) try_reload(std::move(look));
    measure();
  }
}

void Certificates::try_reload(std::string look) {
  const auto loaded = certificates_.reload();
  if (!loaded) {
    if (loaded.error().detail != refused_) {
      base::log_error("the certificates in use stay: {}", loaded.error().detail);
    }
    refused_ = loaded.error().detail;
    look_.clear();
    return;
  }
  if (look != look_) warned_ = {};
  look_ = std::move(look);
  refused_.clear();
  for (const io::CertificateFacts& each : certificates_.in_use()) {
    base::log_info("certificate {} for {}, valid until {}", each.file.string(), each.names,
                   base::rfc3339(each.not_after));
  }
}

void Certificates::measure() {
  const base::Instant now = clock_.now();
  bool warned = false;
  for (const io::CertificateFacts& each : certificates_.in_use()) {
    const base::Duration left = std::chrono::duration_cast<base::Duration>(each.not_after - now);
    metrics_
        .gauge("beredd_tls_certificate_expiry_seconds",
               "Seconds until the certificate ends; negative: it has",
               base::label("file", each.file.string()))
        .set(std::chrono::duration_cast<std::chrono::seconds>(left).count());
    if (left > kWarnFrom || now - warned_ < kWarnAgain) continue;
    warned = true;
    if (left <= base::Duration::zero()) {
      base::log_warning("certificate {} for {} ended {}; senders that insist on TLS stay away",
                        each.file.string(), each.names, base::rfc3339(each.not_after));
    } else {
      base::log_warning("certificate {} for {} ends {}, in {} days", each.file.string(), each.names,
                        base::rfc3339(each.not_after), days(left));
    }
  }
  if (warned) warned_ = now;
}

}  // namespace beredd::service
