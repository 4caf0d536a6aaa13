#include "correspondence.h"

#include "evidence.h"
#include "parcel.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::service {

using base::Result;

namespace {

bool contains(const std::vector<mail::Address>& list, const mail::Address& one) {
  return std::ranges::any_of(list, [&](const mail::Address& other) {
    return base::same_ignoring_case(other.address, one.address);
  });
}

// Of `from`, who is not ourselves and not in the list yet.
void add_strangers(const config::Config& config, const std::vector<mail::Address>& from,
                   const std::vector<mail::Address>& not_these, std::vector<mail::Address>& to) {
  for (const mail::Address& one : from) {
    const bool ours = is_own_address(config, base::lower(one.address));
    if (!one.address.empty() && !ours && !contains(to, one) && !contains(not_these, one)) {
      to.push_back(one);
    }
  }
}

Result<std::optional<Original>> read_original(const store::ReadTxn& txn, base::MessageId id) {
  auto message = txn.message(id);
  if (!message) return message.error();
  auto sorted = txn.sorted(id);
  if (!sorted) return sorted.error();
  if (!*sorted || (*sorted)->copy_of || message->direction == store::Direction::note) {
    return std::optional<Original>();
  }
  return std::optional<Original>({*std::move(message), std::move((*sorted)->reading)});
}

bool by_a_person(const Original& original) {
  return original.message.direction == store::Direction::in &&
         !mail::is_automatic(original.reading.kind);
}

}  // namespace

Result<std::optional<Original>> original_of(const store::ReadTxn& txn, const ticket::Ticket& ticket,
                                            base::MessageId named) {
  std::vector<base::MessageId> all = txn.messages_of(ticket.id);
  if (named) {
    if (std::ranges::find(all, named) == all.end()) {
      return base::permanent(base::Code::not_found, fmt::format("message {} is none of ticket {}",
                                                                named.value(), ticket.id.value()));
    }
    return read_original(txn, named);
  }
  std::optional<Original> newest;
  for (auto id = all.rbegin(); id != all.rend(); ++id) {
    auto one = read_original(txn, *id);
    if (!one) return one;
    if (!*one) continue;
    if (by_a_person(**one)) return one;
    if (!newest) newest = *std::move(one);
  }
  return newest;
}

std::vector<mail::Address> answer_to(const config::Config& config, const ticket::Ticket& ticket,
                                     const std::optional<Original>& original) {
  std::vector<mail::Address> to;
  if (original) {
    const mail::Reading& reading = original->reading;
    if (original->message.direction == store::Direction::out) {
      add_strangers(config, reading.to, {}, to);
    } else if (by_a_person(*original)) {
      add_strangers(config, reading.reply_to, {}, to);
      if (to.empty()) add_strangers(config, reading.from, {}, to);
    }
  }
  if (to.empty()) add_strangers(config, {ticket.requester}, {}, to);
  return to;
}

std::vector<mail::Address> others_of(const config::Config& config, const Original& original,
                                     const std::vector<mail::Address>& to) {
  std::vector<mail::Address> others;
  add_strangers(config, original.reading.to, to, others);
  add_strangers(config, original.reading.cc, to, others);
  return others;
}

mail::Enclosure whole_message(const store::Store& store, const Original& original) {
  const store::BodyRef& body = original.message.body;
  return {{}, "message/rfc822", body.chunks, chunks_of(store, body)};
}

}  // namespace beredd::service
