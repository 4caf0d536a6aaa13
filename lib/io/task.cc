#include "beredd/io/task.h"

#include <cstdlib>
#include <exception>
#include <string>

#include <boost/asio/co_spawn.hpp>

#include "beredd/base/log.h"

namespace beredd::io {
namespace {

std::string words_of(const std::exception_ptr& escaped) {
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

}  // namespace

void spawn(const Executor& executor, Task<void> task, std::string_view what) {
  auto report = [name = std::string(what)](const std::exception_ptr& escaped) {
    if (!escaped) return;
    base::log_error("a task ended by an exception, which is a bug task={} exception={}", name,
                    words_of(escaped));
    std::abort();
  };
  boost::asio::co_spawn(executor, std::move(task), std::move(report));
}

}  // namespace beredd::io
