#pragma once
// What mail::read answers, asked of GMime: header fields decoded, text in UTF-8, attachments
// decoded and digested. Only for measuring against.

#include <string>
#include <string_view>
#include <vector>

namespace beredd::bench {

struct GmimeReading {
  std::string message_id, subject, in_reply_to, text;
  std::vector<std::string> references, addresses, digests;
  long date = 0;
};

GmimeReading read_with_gmime(std::string_view raw);

}  // namespace beredd::bench
