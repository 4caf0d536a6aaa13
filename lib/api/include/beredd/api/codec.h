#pragma once
// JSON of every shape, both ways. Pure; any thread.
//
// Keys come in the order of the members; times are RFC 3339 in UTC, ids and sizes are numbers, text
// that is not UTF-8 is mended with U+FFFD. A key that a reader does not know is passed over, so
// that an older beredctl understands a newer daemon.

#include <string>
#include <string_view>
#include <vector>

#include "beredd/api/action.h"
#include "beredd/api/letter.h"
#include "beredd/api/primary.h"
#include "beredd/api/request.h"
#include "beredd/api/rota.h"
#include "beredd/api/ticket.h"
#include "beredd/base/result.h"

namespace beredd::api {

// One line of JSON, without a line end. T: Message, Ticket, PrimaryStatus, Transition, CheckStatus,
// HandbackStatus, Plan, QuarantinedItem, Status, the structs of request.h and action.h, and vectors
// HandbackStatus, Plan, QuarantinedItem, Status, the structs of request.h and letter.h, and vectors
// of them.
template <typename T>
std::string encode(const T& value);

// Errors: permanent/invalid, naming the place: "messages[2].size: a whole number is missing".
template <typename T>
base::Result<T> decode(std::string_view json);

}  // namespace beredd::api
