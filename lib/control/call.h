#pragma once
// One call of the API on its way to its handler, and how its words are read.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"
#include "beredd/control/http.h"
#include "beredd/control/server.h"

namespace beredd::control {

struct Call {
  HttpRequest request;
  std::vector<std::string> arguments;  // what stands for the {…} of the pattern, decoded, in order
  std::string who;                     // who calls, for the journal; see caller.h
  std::string login;                   // the same person as the system knows them
};

// --- the query. An absent or empty key is nothing.
std::string word(const Call& call, std::string_view key);
// Errors of both: permanent/invalid, naming the key.
base::Result<std::size_t> count(const Call& call, std::string_view key, std::size_t otherwise);
base::Result<std::optional<base::Instant>> instant(const Call& call, std::string_view key);

// A positive whole number in the path; `what` names it. Errors: permanent/invalid.
base::Result<std::uint64_t> number(std::string_view text, std::string_view what);

// Errors: permanent/not_found, with the names that there are.
base::Result<const config::Primary*> primary_of(const Services& services, std::string_view name);

}  // namespace beredd::control
