#pragma once
// From the model to the screen. Pure.

#include "desk_model.h"
#include "desk_screen.h"

namespace beredd::beredctl {

Screen screen_of(const DeskModel& model, base::Instant now);

// How many lines the ticket takes at this width: how far it can be scrolled.
std::size_t ticket_height(const api::Ticket& ticket, std::size_t columns);

// The keys and what they do, for help: {"Enter", "open the ticket"}.
std::vector<std::pair<std::string, std::string>> keys_of(const DeskModel& model);

}  // namespace beredd::beredctl
