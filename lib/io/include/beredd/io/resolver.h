#pragma once
// The domain name system as a port: one question, one answer, within its time.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/task.h"

namespace beredd::io {

// The numbers are those of the registry (RFC 1035 §3.2.2, RFC 3596, RFC 6698).
enum class RecordType : std::uint16_t { a = 1, mx = 15, txt = 16, aaaa = 28, tlsa = 52 };

struct DnsAnswer {
  // In presentation form, one string a record: "192.0.2.7", "10 mx.example.org" (no final dot), the
  // joined strings of a TXT record as they are, "3 1 1 0b9f…". Empty: the name, or the type, is not
  // there.
  std::vector<std::string> records;
  bool secure = false;          // DNSSEC proved it (RFC 4035)
  std::chrono::seconds ttl{0};  // how long it may be kept; of "not there" too (RFC 2308)
};

// Any executor; many questions at once.
class Resolver {
 public:
  virtual ~Resolver() = default;
  // `name`: without a final dot. Errors: permanent/invalid (no name), transient/timeout,
  // transient/unreachable (no server, or none that could answer), permanent/refused (DNSSEC found
  // the answer forged).
  virtual Task<base::Result<DnsAnswer>> query(std::string name, RecordType type,
                                              base::Duration timeout) = 0;
};

}  // namespace beredd::io
