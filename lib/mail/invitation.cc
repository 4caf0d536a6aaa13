#include "invitation.h"

#include <algorithm>
#include <array>
#include <vector>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLongestLine = std::size_t{16} * 1024;
constexpr std::size_t kLongestShown = 500;
constexpr std::size_t kMostAttendees = 20;

// "NAME;PARAMETER=x;OTHER="y:z":VALUE".
struct Property {
  std::string name;  // lower case
  std::string_view parameters;
  std::string_view value;
};

Property property_of(std::string_view line) {
  bool quoted = false;
  std::size_t colon = 0;
  for (; colon < line.size() && (quoted || line[colon] != ':'); ++colon) {
    if (line[colon] == '"') quoted = !quoted;
  }
  const std::string_view front = line.substr(0, colon);
  const std::size_t name_end = std::min(front.find(';'), front.size());
  Property property;
  property.name = base::lower(front.substr(0, name_end));
  property.parameters = front.substr(name_end);
  property.value = line.substr(std::min(colon + 1, line.size()));
  return property;
}

std::string_view parameter(const Property& property, std::string_view wanted) {
  std::string_view rest = property.parameters;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // ';'
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return {};
    const std::string_view name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    const bool quoted = rest.starts_with('"');
    if (quoted) rest.remove_prefix(1);
    const std::string_view value = rest.substr(0, rest.find(quoted ? '"' : ';'));
    if (base::same_ignoring_case(name, wanted)) return value;
    rest.remove_prefix(std::min(rest.find(';', value.size()), rest.size()));
  }
  return {};
}

std::string unescaped(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < limit; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out.push_back(text[i]);
      continue;
    }
    ++i;
    out.push_back(text[i] == 'n' || text[i] == 'N' ? '\n' : text[i]);
  }
  return base::to_utf8(out);  // the limit may have cut a character
}

std::string one_line(std::string_view text) {
  std::string out = unescaped(text, kLongestShown);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return std::string(base::trim(out));
}

bool are_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "20261124T100000Z" → "2026-11-24 10:00 UTC"; what is no date stays as it stands.
std::string time_text(std::string_view value) {
  if (value.size() < 8 || !are_digits(value.substr(0, 8))) return one_line(value);
  std::string out(value.substr(0, 4));
  out.append("-").append(value.substr(4, 2)).append("-").append(value.substr(6, 2));
  if (value.size() >= 13 && value[8] == 'T' && are_digits(value.substr(9, 4))) {
    out.append(" ").append(value.substr(9, 2)).append(":").append(value.substr(11, 2));
    if (value.ends_with('Z')) out.append(" UTC");
  }
  return out;
}

std::string person(const Property& property) {
  std::string_view address = property.value;
  if (base::same_ignoring_case(address.substr(0, 7), "mailto:")) address.remove_prefix(7);
  const std::string name = one_line(parameter(property, "CN"));
  const std::string shown = one_line(address);
  if (name.empty() || name == shown) return shown;
  return name + " <" + shown + ">";
}

std::string_view title_of(std::string_view method) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTitles = {
      {{"REQUEST", "Invitation"},
       {"CANCEL", "Cancelled"},
       {"REPLY", "Answer to an invitation"},
       {"COUNTER", "Other time proposed"},
       {"REFRESH", "Question about an event"}}};
  for (const auto& [name, title] : kTitles) {
    if (base::same_ignoring_case(name, method)) return title;
  }
  return "Event";
}

class Event {
 public:
  // False: no more lines are needed.
  bool take(std::string_view line) {
    const Property property = property_of(line);
    const std::string kind = base::lower(base::trim(property.value));
    if (property.name == "begin") {
      if (kind == "vevent") found_ = true;
      // Alarms have descriptions, too.
      if (found_ && kind != "vevent") ++inside_;
      return true;
    }
    if (property.name == "end") {
      if (inside_ > 0) --inside_;
      return !(found_ && kind == "vevent");
    }
    if (property.name == "method") method_ = base::trim(property.value);
    if (found_ && inside_ == 0) keep(property);
    return true;
  }

  std::string text(bool described) const {
    if (!found_) return {};
    std::string out(title_of(method_));
    out += ": " + (summary_.empty() ? "(no title)" : summary_) + "\n";
    if (!start_.empty()) {
      out += "When: " + start_ + (end_.empty() ? "" : " – " + end_);
      out += (zone_.empty() ? "" : " (" + zone_ + ")") + "\n";
    }
    row(out, "Repeats", repeats_);
    row(out, "Where", where_);
    row(out, "Organiser", organiser_);
    row(out, "Attendees", attendees_);
    if (attendee_count_ > kMostAttendees) {
      out.pop_back();
      out += " and " + std::to_string(attendee_count_ - kMostAttendees) + " more\n";
    }
    if (described && !description_.empty()) out += "\n" + description_ + "\n";
    return out;
  }

 private:
  static void row(std::string& out, std::string_view title, const std::string& value) {
    if (!value.empty()) out.append(title).append(": ").append(value).append("\n");
  }

  void keep(const Property& property) {
    const std::string& name = property.name;
    if (name == "summary") summary_ = one_line(property.value);
    if (name == "location") where_ = one_line(property.value);
    if (name == "rrule") repeats_ = one_line(property.value);
    if (name == "organizer") organiser_ = person(property);
    if (name == "description") description_ = unescaped(property.value, kLongestLine);
    if (name == "dtend") end_ = time_text(property.value);
    if (name == "dtstart") {
      start_ = time_text(property.value);
      zone_ = one_line(parameter(property, "TZID"));
    }
    if (name == "attendee" && ++attendee_count_ <= kMostAttendees) {
      attendees_ += (attendees_.empty() ? "" : ", ") + person(property);
    }
  }

  bool found_ = false;
  unsigned inside_ = 0;
  std::string method_, summary_, start_, end_, zone_, repeats_, where_, organiser_, attendees_;
  std::string description_;
  std::size_t attendee_count_ = 0;
};

}  // namespace

std::string invitation_text(std::string_view calendar, bool described) {
  Event event;
  std::string line;
  while (!calendar.empty()) {
    const std::size_t end = std::min(calendar.find('\n'), calendar.size());
    std::string_view piece = calendar.substr(0, end);
    calendar.remove_prefix(std::min(end + 1, calendar.size()));
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    line.append(piece.substr(0, kLongestLine - std::min(line.size(), kLongestLine)));
    // A line that begins with a blank goes on with the one before (RFC 5545 §3.1).
    if (calendar.starts_with(' ') || calendar.starts_with('\t')) {
      calendar.remove_prefix(1);
      continue;
    }
    if (!event.take(line)) break;
    line.clear();
  }
  return event.text(described);
}

}  // namespace beredd::mail
