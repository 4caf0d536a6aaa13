#include "beredd/ticket/notice.h"

#include <algorithm>
#include <array>
#include <string>

#include "beredd/base/text.h"

namespace beredd::ticket {
namespace {

constexpr std::array<std::string_view, 12> kNames = {
    "not-wanted", "not-held",  "null-path",     "machine-path", "automatic",    "list",
    "bulk",       "ourselves", "not-addressed", "unreadable",   "told-already", "too-many"};
static_assert(kNames.size() == static_cast<std::size_t>(Silence::too_many) + 1);

// RFC 3834 §2 names owner-, -request and MAILER-DAEMON; the rest are what sends without reading.
constexpr std::array<std::string_view, 9> kMachines = {"mailer-daemon", "postmaster",   "listserv",
                                                       "majordomo",     "noreply",      "no-reply",
                                                       "donotreply",    "do-not-reply", "bounce"};
constexpr std::array<std::string_view, 3> kFronts = {"owner-", "bounce-", "bounces-"};
constexpr std::array<std::string_view, 5> kEnds = {"-request", "-owner", "-bounce", "-bounces",
                                                   "-relay"};

bool is_machine(std::string_view local) {
  // What stands behind a plus is a detail of the same mailbox: bounces+4711@.
  const std::string name = base::lower(local.substr(0, local.find('+')));
  const auto is = [&](std::string_view word) { return name == word; };
  const auto begins = [&](std::string_view word) { return name.starts_with(word); };
  const auto ends = [&](std::string_view word) { return name.ends_with(word); };
  return std::any_of(kMachines.begin(), kMachines.end(), is) || is("bounces") ||
         std::any_of(kFronts.begin(), kFronts.end(), begins) ||
         std::any_of(kEnds.begin(), kEnds.end(), ends);
}

bool has_one_of(const std::vector<mail::Address>& addresses,
                const std::function<bool(std::string_view)>& wanted) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const mail::Address& one) { return wanted(base::lower(one.address)); });
}

std::optional<Silence> silence_of_sender(const mail::Mailbox& sender, const mail::Reading& mail,
                                         const NoticeFacts& facts) {
  if (is_machine(sender.local)) return Silence::machine_path;
  // A mark of any daemon of our kind: two of them must not talk to each other.
  if (facts.is_ours(sender_key(sender)) || !mail.loop_marks.empty() ||
      has_one_of(mail.from, facts.is_ours)) {
    return Silence::ourselves;
  }
  return std::nullopt;
}

std::optional<Silence> silence_of_content(const mail::Reading& mail, const NoticeFacts& facts) {
  if (mail.opaque) return Silence::unreadable;
  if (!mail.auto_submitted.empty() && mail.auto_submitted != "no") return Silence::automatic;
  switch (mail.kind) {
    case mail::Kind::auto_reply:
    case mail::Kind::vacation:
    case mail::Kind::delivery_report: return Silence::automatic;
    case mail::Kind::list: return Silence::list;
    case mail::Kind::bulk: return Silence::bulk;
    case mail::Kind::person: break;
  }
  const bool addressed =
      has_one_of(mail.to, facts.is_the_desks) || has_one_of(mail.cc, facts.is_the_desks);
  if (!addressed) return Silence::not_addressed;
  return std::nullopt;
}

}  // namespace

std::string sender_key(const mail::Mailbox& sender) {
  return base::lower(sender.local) + "@" + mail::comparable_domain(sender.domain);
}

std::string_view name(Silence silence) { return kNames[static_cast<std::size_t>(silence)]; }

std::optional<Silence> silence_of(const mail::Envelope& envelope, const mail::Reading& mail,
                                  const NoticeFacts& facts, base::Instant now) {
  if (facts.when == NoticeWhen::never) return Silence::not_wanted;
  if (facts.when == NoticeWhen::fallback && !facts.held) return Silence::not_held;
  if (!envelope.reverse_path || envelope.reverse_path->domain.empty()) return Silence::null_path;
  if (auto silent = silence_of_sender(*envelope.reverse_path, mail, facts)) return silent;
  if (auto silent = silence_of_content(mail, facts)) return silent;
  if (facts.last && now - std::min(*facts.last, now) < kNoticeEvery) return Silence::told_already;
  if (!facts.has_room) return Silence::too_many;
  return std::nullopt;
}

}  // namespace beredd::ticket
