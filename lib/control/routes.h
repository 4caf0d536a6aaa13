#pragma once
// The whole API in one table, and the way from a request to its handler.

#include "access.h"
#include "call.h"

#include <span>
#include <string_view>

namespace beredd::control {

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/v1/tickets/{id}"
  Role role = Role::staff;   // who may
  io::Task<HttpResponse> (*handler)(const Services& services, Call call);
  std::string_view help;
};

std::span<const Route> routes();

// Finds the route, checks the role, runs the handler. 404, 405 and 403 are answered here.
io::Task<HttpResponse> dispatch(const Services& services, House house, HttpRequest request);

}  // namespace beredd::control
