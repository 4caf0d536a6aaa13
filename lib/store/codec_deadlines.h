#pragma once
// As codec.h, for deadlines.

#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/store/deadlines.h"

namespace beredd::store {

std::string encode(const TicketDeadlines& deadlines);  // without its ticket, which is the key
std::string encode(const ServiceEvent& event);         // without its number
std::string encode(const Bookmark& bookmark);
base::Result<TicketDeadlines> decode_deadlines(base::TicketId ticket, std::string_view bytes);
base::Result<ServiceEvent> decode_service_event(base::JournalSeq seq, std::string_view bytes);
base::Result<Bookmark> decode_bookmark(std::string_view bytes);

}  // namespace beredd::store
