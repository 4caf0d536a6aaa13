#pragma once
// Giving mail to a primary, as a port. One contract for every kind of target.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/ids.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/task.h"
#include "beredd/mail/envelope.h"

namespace beredd::io {

// One message on its way out.
struct Parcel {
  base::MessageId id;
  std::string desk;
  base::Instant received{};
  mail::Envelope envelope;
  std::string trace;     // goes out before the message's own bytes
  std::string trace_id;  // its identity at the target: "4f1c2a9b.1042"
  base::Bytes size;      // of the message, without the trace
  std::uint32_t chunks = 0;
  // Chunk `index` of the message; called in order. Errors end the parcel as deferred.
  std::function<base::Result<std::string>(std::uint32_t index)> chunk;
};

struct Handover {
  enum class Kind {
    acknowledged,  // they took it: `words` is the receipt
    already,       // they had it since an earlier offer: `words` is the proof
    deferred,      // they, or the network, say later
    refused,       // they say never
    unknown,       // it may have arrived: the answer was not seen
  };
  Kind kind = Kind::deferred;
  std::string words;
  bool their_fault = true;  // false: our own store could not be read
};

enum class LookUp { found, absent, unsupported, failed };
struct LookUpResult {
  LookUp found = LookUp::unsupported;
  std::string words;
  int copies = 1;         // of what was found
  bool altered = false;   // one of them at least has other bytes than were offered
  bool compared = false;  // the two above were looked at; else nobody can tell
};

// What the target can pass on, as it said when the session was opened.
struct TargetAbilities {
  bool smtputf8 = false;
  bool dsn = false;
  std::optional<base::Bytes> max_size;  // nothing: no limit is known
};

// One connection to a target. Used from its executor only.
class TargetSession {
 public:
  virtual ~TargetSession() = default;
  // Hands over `parcels` in order, pipelined where the target can. `done` is called once for each,
  // in order, as soon as its fate is known; after the session was lost, for the rest as deferred.
  virtual Task<void> hand_over(std::vector<Parcel> parcels,
                               std::function<void(std::size_t index, Handover)> done) = 0;
  // Does the target hold this message from an earlier offer?
  virtual Task<LookUpResult> look_up(Parcel parcel) = 0;
  virtual TargetAbilities abilities() const = 0;
  // Still usable for a further call?
  virtual bool alive() const = 0;
  // A polite end (QUIT).
  virtual Task<void> finish() = 0;
};

class Target {
 public:
  virtual ~Target() = default;
  // Errors: transient/unreachable, /timeout, /tls, /refused (a greeting that says no).
  virtual Task<base::Result<std::unique_ptr<TargetSession>>> open(const Executor& executor) = 0;
  // Does mail go to the host of its recipients' domain? Then each session is for one domain, and
  // each parcel has recipients of that domain alone.
  virtual bool by_domain() const { return false; }
};

}  // namespace beredd::io
