#include "beredd/io/stream.h"

namespace beredd::io {

// For streams that cannot tell: read() does the waiting.
Task<base::Status> Stream::readable(base::Duration) { co_return base::Status(); }

}  // namespace beredd::io
