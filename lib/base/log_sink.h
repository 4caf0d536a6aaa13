#pragma once
// Which way the log's lines go.

#include "beredd/base/log.h"

namespace beredd::base {

// Is `descriptor` the stream that `journal_stream`, the value of JOURNAL_STREAM, names as
// "device:inode"? A null or malformed value is no.
bool is_journal(const char* journal_stream, int descriptor);

}  // namespace beredd::base
