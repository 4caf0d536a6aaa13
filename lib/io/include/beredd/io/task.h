#pragma once
// Coroutines of this program: Task<T> suspends on an executor; spawn() starts one and never loses
// its end.

#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace beredd::io {

template <typename T>
using Task = boost::asio::awaitable<T>;
using Executor = boost::asio::any_io_executor;

// Starts `task` on `executor`. An exception that escapes it is a bug: it is logged with `what` and
// the process ends, because a service that is silently gone is worse than a restart.
void spawn(const Executor& executor, Task<void> task, std::string_view what);

}  // namespace beredd::io
