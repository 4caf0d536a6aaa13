#include "beredd/mail/kind.h"

#include "classify.h"
#include "phrases.h"
#include "report_parts.h"
#include "signs.h"

#include <algorithm>
#include <array>

#include "beredd/base/text.h"
#include "beredd/mail/subject.h"

namespace beredd::mail {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"person",          "auto-reply", "vacation",
                                                    "delivery-report", "list",       "bulk"};

// What it takes to call a mail that carries no machine-readable report a delivery report.
constexpr int kEnough = 3;

// A report that comes under nobody's known name says so from its first word on.
bool opens_as_report(const Reading& mail) {
  constexpr std::size_t kOpening = 300;
  const std::string subject = fold_subject(mail.subject);
  const bool verdict = subject.ends_with("(delivery failed)");  // behind the subject that it had
  return (verdict || opens_with_delivery(subject)) &&
         says_undelivered(base::lower(std::string_view(mail.text).substr(0, kOpening)));
}

// How far the sender is one of the names that mail servers report under.
int weigh_sender(const Reading& mail) {
  if (mail.from.empty()) return 0;
  const std::string address = base::lower(mail.from.front().address);
  const std::string name = base::lower(mail.from.front().name);
  const std::string who = address.substr(0, address.rfind('@')) + " " + name;
  if (is_daemon(who) || (address.empty() && name.empty())) return 2;
  return is_postmaster(who) ? 1 : 0;
}

int weigh_subject(const Reading& mail) {
  const SubjectLine subject = normalise_subject(mail.subject);
  if (!speaks_of_delivery(subject.base)) return 0;
  // A person may answer a report, or ask about one.
  return subject.is_reply || subject.is_forward ? 1 : 2;
}

int weigh_text(const Reading& mail) {
  constexpr std::size_t kEnoughText = 8192;
  const std::string text = base::lower(std::string_view(mail.text).substr(0, kEnoughText));
  return (says_undelivered(text) ? 1 : 0) + (returns_a_mail(text) ? 1 : 0) +
         (quotes_a_reply(text) ? 1 : 0);
}

bool is_report(const Signs& signs, const ReportParts& parts, const Reading& mail) {
  if (parts.status || !signs.failed.empty() || parts.notification) return true;
  const int sender = weigh_sender(mail);
  const int subject = weigh_subject(mail);
  if (parts.declared && sender + subject > 0) return true;
  const int path = signs.null_return_path || signs.daemon_return_path ? 1 : 0;
  const int origin = sender + subject + path;
  // What a person writes is no report, whatever it quotes.
  if (origin == 0 || (sender + path == 0 && !opens_as_report(mail))) return false;
  return origin + weigh_text(mail) + (parts.returned ? 1 : 0) >= kEnough;
}

bool is_automatic_submission(std::string_view auto_submitted) {
  return !auto_submitted.empty() && auto_submitted != "no";
}

Kind kind_of(const Signs& signs, const ReportParts& parts, const Reading& mail) {
  if (is_report(signs, parts, mail)) return Kind::delivery_report;
  const bool automatic =
      signs.auto_reply || is_automatic_submission(mail.auto_submitted) || parts.receipt;
  const std::string subject = fold_subject(mail.subject);
  if (signs.vacation || says_away(subject, automatic || signs.null_return_path)) {
    return Kind::vacation;
  }
  if (automatic) return Kind::auto_reply;
  if (signs.list) return Kind::list;
  if (signs.bulk) return Kind::bulk;
  if (signs.null_return_path) return Kind::auto_reply;  // nobody is to answer, RFC 5321 §4.5.5
  return Kind::person;
}

}  // namespace

std::string_view name(Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_named(std::string_view text) {
  const auto* found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Kind>(found - kNames.begin());
}

void classify(std::string_view raw, const Skeleton& skeleton, Reading& out) {
  Signs signs = signs_of(raw.substr(0, skeleton.header.end));
  const ReportParts parts = report_parts(skeleton, out.text);
  out.kind = kind_of(signs, parts, out);
  if (out.kind == Kind::delivery_report) out.report = report_of(skeleton, parts, signs, out);
  // "Message from Bob <bob@example.org> of Monday": other threaders take the address for a
  // reference, and a list's conversations are to be the same as theirs. It ties more together than
  // a reader would, which is why it is not done to mail that comes from a person.
  if (out.kind == Kind::list) {
    for (std::string& id : signs.answered) {
      const auto known = std::find(out.in_reply_to.begin(), out.in_reply_to.end(), id);
      if (known == out.in_reply_to.end()) out.in_reply_to.push_back(std::move(id));
    }
  }
  out.former_ids = std::move(signs.former_ids);
  std::erase(out.former_ids, out.message_id);
  out.thread_index = std::move(signs.thread_index);
  out.loop_marks = std::move(signs.loop_marks);
}

}  // namespace beredd::mail
