#pragma once
// A desk without a smarthost: its mail goes to the hosts of three domains, found by MX.

#include "desk.h"
#include "scripted_resolver.h"

#include <map>
#include <memory>
#include <string>

#include "beredd/remote/mx_target.h"

namespace beredd::scenario {

class DirectDesk : public AnsweringDesk {
 protected:
  explicit DirectDesk(std::uint64_t dice) : AnsweringDesk(dice) {
    for (const char* domain : {"customer.example", "one.example", "two.example"}) {
      hosts.emplace(domain, std::make_unique<SimulatedPrimary>(io::Address{mx_of(domain), 25}));
      hosts.at(domain)->checkpoint = false;
    }
  }

  std::unique_ptr<io::Target> find_way_out() override {
    resolver = std::make_unique<simulation::ScriptedResolver>(world->timers(), world->executor());
    for (auto& [domain, host] : hosts) {
      host->move_into(*world);
      resolver->say(domain, io::RecordType::mx, {.records = {"10 " + mx_of(domain)}});
    }
    remote::MxTargetOptions options;
    options.helo = config.smtp.hostname;
    options.resolver = [this]() -> base::Result<io::Resolver*> { return resolver.get(); };
    return remote::mx_target(std::move(options), *house->connector, tls, world->random());
  }
  void leave_way_out() override {
    for (auto& [domain, host] : hosts) host->leave();
  }

  static std::string mx_of(const std::string& domain) { return "mx." + domain; }
  SimulatedPrimary& host(const std::string& domain) { return *hosts.at(domain); }

  // How often a mail with this text came to the domain's host.
  int arrivals(const std::string& domain, const std::string& text) {
    int times = 0;
    for (const SimulatedPrimary::Kept& one : host(domain).kept) {
      if (mail::read(one.bytes).new_text == text) ++times;
    }
    return times;
  }

  service::Writing answer_to_all(base::TicketId ticket, std::string text) {
    service::Writing writing = answer(ticket, std::move(text));
    writing.to = {{"", "anna@customer.example"}};
    writing.cc = {{"", "bo@one.example"}, {"", "cai@two.example"}};
    return writing;
  }

  simulation::TlsContext tls;
  std::map<std::string, std::unique_ptr<SimulatedPrimary>> hosts;
  std::unique_ptr<simulation::ScriptedResolver> resolver;
};

}  // namespace beredd::scenario
