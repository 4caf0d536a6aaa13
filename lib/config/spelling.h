#pragma once
// The kinds of text that have a grammar. Each takes what a person wrote and gives its one spelling.
// The detail of an error ends a sentence that starts with the key: `expected a host name, got "a
// b"`.

#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/config/config.h"

namespace beredd::config {

base::Result<std::string> spell_name(std::string_view text);
base::Result<std::string> spell_host(std::string_view text);     // IPv6 without its brackets
base::Result<std::string> spell_sender(std::string_view text);   // RFC 5322 §3.4 mailbox
base::Result<std::string> spell_served(std::string_view text);   // in lower case
base::Result<std::string> spell_network(std::string_view text);  // with its prefix length
base::Result<std::string> spell_url(std::string_view text);
base::Result<Endpoint> spell_endpoint(std::string_view text);
base::Result<Endpoint> spell_server(std::string_view text);   // a name server; its port, or 53
base::Result<std::string> spell_zone(std::string_view text);  // in lower case, no final dot
base::Result<std::string> spell_selector(std::string_view text);

// The address of a sender: what stands between < and >, or all of it.
std::string_view address_in(std::string_view sender);

}  // namespace beredd::config
