#include "beredd/config/config.h"

#include "words.h"

#include "beredd/base/text.h"

namespace beredd::config {
namespace {

// The local part without quotes that say nothing: "support" and support are one mailbox (RFC 5321
// §4.1.2), and no address of ours differs from another by case alone.
std::string plain(std::string_view local) {
  if (local.size() < 2 || local.front() != '"' || local.back() != '"') return base::lower(local);
  std::string out;
  const std::string_view inner = local.substr(1, local.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '\\' && i + 1 < inner.size()) ++i;
    out += inner[i];
  }
  return base::lower(out);
}

struct Served {
  std::string local;        // empty: the whole domain
  std::string_view domain;  // in A-labels: the schema takes no other
};

Served served(std::string_view address) {
  const auto at = address.rfind('@');
  return {plain(address.substr(0, at)), address.substr(at + 1)};
}

}  // namespace

std::string_view name(CheckKind kind) { return word_of(kind); }
std::string_view name(TargetKind kind) { return word_of(kind); }
std::string_view name(PersonRole role) { return word_of(role); }

const Desk* Config::desk_of(const mail::Mailbox& recipient) const {
  const std::string local = plain(recipient.local);
  const std::string domain = mail::comparable_domain(recipient.domain);
  const bool postmaster = local == "postmaster";
  if (domain.empty()) return postmaster && !desks.empty() ? &desks.front() : nullptr;
  const std::string stem = local.substr(0, local.find('+'));
  const Desk* with_detail = nullptr;
  const Desk* whole_domain = nullptr;
  const Desk* of_postmaster = nullptr;
  for (const Desk& desk : desks) {
    for (const std::string& address : desk.addresses) {
      const Served one = served(address);
      if (one.domain != domain) continue;
      if (one.local == local) return &desk;
      if (desk.plus_addresses && !stem.empty() && one.local == stem && with_detail == nullptr) {
        with_detail = &desk;
      }
      if (one.local.empty() && whole_domain == nullptr) whole_domain = &desk;
      if (postmaster && of_postmaster == nullptr) of_postmaster = &desk;
    }
  }
  if (with_detail != nullptr) return with_detail;
  return whole_domain != nullptr ? whole_domain : of_postmaster;
}

const Person* Config::person_named(std::string_view name) const {
  for (const Person& person : people) {
    if (person.name == name) return &person;
  }
  return nullptr;
}

const Person* Config::person_of_login(std::string_view login) const {
  for (const Person& person : people) {
    if (person.login == login) return &person;
  }
  return nullptr;
}

const Primary* Config::primary_named(std::string_view name) const {
  for (const Primary& primary : primaries) {
    if (primary.name == name) return &primary;
  }
  return nullptr;
}

}  // namespace beredd::config
