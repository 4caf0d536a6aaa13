#pragma once
// The operating system's errors as ours.

#include <string>
#include <string_view>

#include <boost/system/error_code.hpp>

#include "beredd/base/error.h"

namespace beredd::io {

// "connection refused": the system's words, without the capital.
std::string system_words(int number);

// closed for everything that says that the peer went away, else io. `what` was being done.
base::Error lost_stream(int number, std::string_view what);

base::Error stream_timeout(std::string_view what);
base::Error stream_cancelled();
base::Error stream_ended();  // by the peer

}  // namespace beredd::io
