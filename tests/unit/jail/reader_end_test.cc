#include "exit_status.h"
#include "worker_process.h"

#include <csignal>

#include <gtest/gtest.h>

namespace beredd::jail {
namespace {

using io::ReaderEnd;

constexpr int exited(int status) { return status << 8; }
constexpr int killed(int signal) { return signal; }

TEST(ReaderEnd, WhatTheDaemonSawComesBeforeHowTheProcessEnded) {
  EXPECT_EQ(reader_end(Halt::cpu, killed(SIGKILL)), ReaderEnd::cpu);
  EXPECT_EQ(reader_end(Halt::wall, killed(SIGKILL)), ReaderEnd::wall);
  EXPECT_EQ(reader_end(Halt::none, killed(SIGKILL)), ReaderEnd::garbled);
}

TEST(ReaderEnd, OfOneThatEndedByItselfTheSystemKnows) {
  EXPECT_EQ(reader_end(Halt::closed, killed(SIGSYS)), ReaderEnd::forbidden);
  EXPECT_EQ(reader_end(Halt::closed, killed(SIGXCPU)), ReaderEnd::cpu);
  EXPECT_EQ(reader_end(Halt::closed, killed(SIGKILL)), ReaderEnd::memory);
  EXPECT_EQ(reader_end(Halt::closed, killed(SIGSEGV)), ReaderEnd::crash);
  EXPECT_EQ(reader_end(Halt::closed, killed(SIGABRT)), ReaderEnd::crash);
}

TEST(ReaderEnd, AnExitIsACrashUnlessMemoryRanOut) {
  EXPECT_EQ(reader_end(Halt::closed, exited(0)), ReaderEnd::crash);
  EXPECT_EQ(reader_end(Halt::closed, exited(static_cast<int>(ExitStatus::bad_request))),
            ReaderEnd::crash);
  EXPECT_EQ(reader_end(Halt::closed, exited(static_cast<int>(ExitStatus::out_of_memory))),
            ReaderEnd::memory);
}

}  // namespace
}  // namespace beredd::jail
