#pragma once
// Golden transcripts, tests/data/smtp/server_*.txt and client_*.txt: one line a step, marked
//   #   remark
//   O:  options, words as in read_options()
//   C:  a line of the client; C- bytes without a line end; C+ one that leaves with the line before
//   it S:  a line of the server; S- bytes without a line end E:  an event as the traces write it A:
//   (server) the host's answer to the next question; without one it says yes B:  (client) a
//   transaction: from= to=a,b size= id= 8bit;  M: its message T:  TLS has started;  Q: the host
//   calls quit() before all else;  L: the connection is lost
// with \r \n \0 \\ \xHH in all of them.

//
// Of a B: also smtputf8, ret=, envid=, and dsn=NOTIFY|ORCPT/NOTIFY|ORCPT, one for each recipient.

#include <filesystem>
#include <string>
#include <vector>

namespace beredd::smtp {

struct GoldenLine {
  std::string mark;  // "C:", "C+", …
  std::string text;  // escapes undone, except after E, where the traces escape as well
};

std::vector<std::filesystem::path> golden_files(const std::string& prefix);
std::vector<GoldenLine> read_golden(const std::filesystem::path& file);
std::vector<std::string> words_of(const std::string& text);

}  // namespace beredd::smtp
