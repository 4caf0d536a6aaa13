#include "beredd/service/desk_address.h"

#include "beredd/mail/compose.h"

namespace beredd::service {

base::Result<mail::Address> sender_of(const config::Desk& desk) {
  return mail::parse_address(desk.from);
}

std::optional<mail::Mailbox> signed_address(const config::Desk& desk, const ticket::Named& ticket) {
  if (!desk.plus_addresses) return {};
  for (const std::string& address : desk.addresses) {
    if (address.starts_with('@')) continue;
    const auto whole = mail::parse_mailbox(address);
    if (!whole) continue;
    if (auto reply = ticket::reply_address(*whole, ticket)) return reply;
  }
  return {};
}

const config::Desk* desk_named(const config::Config& config, std::string_view name) {
  for (const config::Desk& desk : config.desks) {
    if (desk.name == name) return &desk;
  }
  return nullptr;
}

}  // namespace beredd::service
