#pragma once
// A desk as its customers see it.

#include <optional>

#include "beredd/base/result.h"
#include "beredd/config/config.h"
#include "beredd/mail/reading.h"
#include "beredd/ticket/token.h"

namespace beredd::service {

// desk.from, read. Errors: permanent/invalid.
base::Result<mail::Address> sender_of(const config::Desk& desk);

// The address that leads back to one ticket. Nothing: the desk takes no plus addresses, or serves
// no address that could bear one.
std::optional<mail::Mailbox> signed_address(const config::Desk& desk, const ticket::Named& ticket);

// Null: the configuration has no such desk (any more).
const config::Desk* desk_named(const config::Config& config, std::string_view name);

}  // namespace beredd::service
