#pragma once
// Reads foreign mail in a process that has nothing: no network, no files, no privileges, and only
// so much memory and time. What a mail does to it, it does to that process alone.

#include <memory>
#include <string>

#include "beredd/base/metrics.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/mail_reader.h"

namespace beredd::jail {

struct Options {
  // What is started as a worker, see worker.h. The program itself: the same version as the daemon
  // that runs, also while a package is being upgraded.
  std::string program = "/proc/self/exe";
  // The largest mail that is read; the bounds below follow from it.
  base::Bytes largest_mail = base::mebibytes(50);

  // One mail may take `cpu` of computing and `wall` of time, and so much again for each MiB.
  base::Duration cpu = std::chrono::seconds(2);
  base::Duration cpu_per_mebibyte = std::chrono::milliseconds(250);
  base::Duration wall = std::chrono::seconds(30);
  base::Duration wall_per_mebibyte = std::chrono::seconds(2);
  // The address space of a worker: `memory`, and so many times its largest mail.
  base::Bytes memory = base::mebibytes(512);
  std::uint64_t memory_factor = 16;
  // A worker is replaced after so many mails, or so much computing: what an evil mail may have done
  // to it unnoticed ends there.
  std::uint64_t mails_per_worker = 65536;
  base::Duration cpu_per_worker = std::chrono::seconds(60);
};

// Has a thread of its own. Starts the first worker at once; when that fails it says so in the log,
// and the next reading tries again: mail is taken in meanwhile.
// Metrics: beredd_jail_workers_started_total; beredd_jail_workers_killed_total{cause="..."}.
std::unique_ptr<io::MailReader> jailed_reader(const Options& options, base::Metrics& metrics);

}  // namespace beredd::jail
