#pragma once
// What no key shows by itself: names that must be unique, names that must exist, keys that need or
// exclude each other.

#include "findings.h"
#include "tree.h"

#include "beredd/config/config.h"

namespace beredd::config {

// `config` was read from `root`.
void cross_check(const Value& root, const Config& config, Findings& findings);

// The same for where mail goes: the targets, their look-up, the smarthost.
void cross_check_targets(const Value& root, const Config& config, Findings& findings);
// The same for people, teams, fields, rules and staffing levels.
void cross_check_people(const Value& root, const Config& config, Findings& findings);
// The same for notices and templates.
void cross_check_notice(const Value& root, const Config& config, Findings& findings);
// The part of it about calendars and service levels.
void cross_check_time(const Value& root, const Config& config, Findings& findings);

// Can every named file be opened, and are the secrets among them private?
void check_files(const Value& root, const Config& config, Findings& findings);

}  // namespace beredd::config
