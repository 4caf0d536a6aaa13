#pragma once
// Looking at a primary, as a port: one probe, one answer, within its time.

#include <string>

#include "beredd/base/units.h"
#include "beredd/io/network.h"
#include "beredd/io/task.h"

namespace beredd::io {

enum class ProbeKind { http, smtp, imap, tcp };

struct Probe {
  ProbeKind kind = ProbeKind::tcp;
  std::string url;   // http
  int expect = 0;    // http: this status; 0: any 2xx
  std::string body;  // http: must be contained in the first 64 KiB of the answer
  Address at;        // the other kinds
  bool tls = false;  // smtps, imaps
  base::Duration timeout{};
};

struct ProbeResult {
  bool ok = false;
  std::string saw;  // one line: "HTTP 200 in 12 ms", "connection refused", "no answer within 3s"
};

// Any executor; many probes at once; none delays another. Never fails: a failure is a result.
class Prober {
 public:
  virtual ~Prober() = default;
  virtual Task<ProbeResult> probe(Probe probe) = 0;
};

}  // namespace beredd::io
