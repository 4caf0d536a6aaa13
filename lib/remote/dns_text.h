#pragma once
// Record data of the domain name system, from the wire (RFC 1035 §3.3) to the text of
// io::DnsAnswer.

#include <optional>
#include <string>
#include <string_view>

#include "beredd/io/resolver.h"

namespace beredd::remote {

// Labels of 1–63 octets, 253 octets in all, no blanks or controls. Without a final dot.
bool is_dns_name(std::string_view name);

// Nothing when the data is malformed: too short, too long, or a name that is compressed or runs
// over.
std::optional<std::string> dns_text(io::RecordType type, std::string_view data);

}  // namespace beredd::remote
