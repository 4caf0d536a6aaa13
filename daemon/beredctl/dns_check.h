#pragma once
// `config check --dns`: what the world's DNS will make of an outage.

#include "style.h"

#include <string>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/config/config.h"
#include "beredd/preflight/judge.h"

namespace beredd::beredctl {

// Asks for half a minute at most. Errors: a certificate or a name server that cannot be used.
base::Result<std::vector<preflight::Finding>> check_dns(const config::Config& config);

bool has_errors(const std::vector<preflight::Finding>& findings);
// What is wrong, why, and what to do, three lines each.
std::string findings_text(const std::vector<preflight::Finding>& findings, const Style& style);

}  // namespace beredd::beredctl
