#include "phrases.h"

#include <algorithm>
#include <iterator>

namespace beredd::mail {
namespace {

template <typename Phrases>
bool any_in(std::string_view text, const Phrases& phrases) {
  return std::any_of(std::begin(phrases), std::end(phrases), [text](std::string_view phrase) {
    return text.find(phrase) != std::string_view::npos;
  });
}

constexpr std::string_view kDaemons[] = {"mailer-daemon",
                                         "mailer_daemon",
                                         "mailerdaemon",
                                         "mail-daemon",
                                         "maildaemon",
                                         "mdaemon",
                                         "mail delivery system",
                                         "mail delivery subsystem",
                                         "mail deliver system",
                                         "mail.delivery.system",
                                         "delivery subsystem",
                                         "double-bounce",
                                         "mail delivery service",
                                         "mail system"};

constexpr std::string_view kPostmasters[] = {"postmaster",
                                             "post_master",
                                             "post-master",
                                             "system administrator",
                                             "mail administrator",
                                             "email administrator",
                                             "mailserver",
                                             "mail server",
                                             "antivirus",
                                             "anti-virus",
                                             "mail gateway",
                                             "imss",
                                             "-bounces ",
                                             "bounce ",
                                             "-admin ",
                                             "-owner ",
                                             "-request ",
                                             "listserv",
                                             "majordomo",
                                             "systemadministrator"};

constexpr std::string_view kSubjects[] = {
    "undeliver", "un-deliver", "returned mail", "returning message to sender", "returned to sender",
    "returning to sender", "delivery status notification", "delivery notification",
    "failure notice", "failure notification", "delivery failure", "delivery failed",
    "delivery has failed", "delivery report", "delivery error", "delivery problem",
    "delivery warning", "failure delivery", "failed delivery", "delivery delayed", "non-delivery",
    "nondeliver", "non delivery", "mail delivery", "delivery unsuccessful", "not delivered",
    "mail failure", "mail failed", "failed mail", "mail error", "message delayed", "delayed mail",
    "could not be delivered", "could not send", "couldn't be delivered", "not been delivered",
    "not be delivered", "error sending your mail", "user unknown", "processing error",
    "not a member", "are not member", "duplicated message-id", "errors from", "delivery to ",
    // de, fr, nl, es, it, pt
    "unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung fehlgeschlagen",
    "fehlgeschlagene zustellung", "échec de la remise", "échec de remise", "non remis",
    "non distribu", "onbestelbaar", "niet bezorgd", "no se puede entregar", "no entregado",
    "error de entrega", "non recapitabile", "mancato recapito", "não entregue", "falha na entrega",
    // sv, nb, da, fi
    "kan inte levereras", "gick inte att leverera", "kunde inte levereras", "olevererbar",
    "leveransfel", "ej levererat", "kan ikke leveres", "kunne ikke leveres", "ikke levert",
    "ikke leveret", "leveringsfeil", "leveringsfejl", "ei voitu toimittaa", "toimitus epäonnistui",
    "toimittaminen epäonnistui",
    // ru, ja, zh
    "не доставлено", "недоставлен", "送信できませんでした", "配信不能", "配信エラー", "退信"};

constexpr std::string_view kTexts[] = {"could not be delivered",
                                       "couldn't be delivered",
                                       "cannot be delivered",
                                       "can't be delivered",
                                       "was not delivered",
                                       "not been delivered",
                                       "wasn't delivered",
                                       "unable to deliver",
                                       "unable to be delivered",
                                       "undeliverable",
                                       "undelivered",
                                       "delivery failed",
                                       "delivery has failed",
                                       "delivery to the",
                                       "delivery failure",
                                       "failed to deliver",
                                       "did not reach",
                                       "user unknown",
                                       "unknown user",
                                       "unknown address",
                                       "no such user",
                                       "no such mailbox",
                                       "mailbox unavailable",
                                       "mailbox full",
                                       "mailbox is full",
                                       "over quota",
                                       "quota exceeded",
                                       "does not exist",
                                       "doesn't exist",
                                       "not listed in",
                                       "permanent fatal error",
                                       "permanent error",
                                       "fatal errors",
                                       "returned mail",
                                       "returning message",
                                       "host unknown",
                                       "invalid recipient",
                                       "recipient rejected",
                                       "error message below",
                                       "following address",
                                       "following recipient",
                                       "not a member",
                                       "are not member",
                                       "this is the mail delivery",
                                       "bounce",
                                       "rejected",
                                       "550 ",
                                       "554 ",
                                       "smtp error",
                                       "error sending",
                                       "unzustellbar",
                                       "nicht zugestellt",
                                       "konnte nicht",
                                       "n'a pas pu être",
                                       "non remis",
                                       "kunde inte levereras",
                                       "kunne ikke leveres",
                                       "ei voitu toimittaa",
                                       "no se pudo entregar",
                                       "送信できません",
                                       "配信",
                                       "不存在",
                                       "退回"};

constexpr std::string_view kReturned[] = {"copy of the message",
                                          "copy of your message",
                                          "copy of the mail",
                                          "copy of your mail",
                                          "original message",
                                          "message follows",
                                          "message header",
                                          "header of",
                                          "headers of",
                                          "text of your mail",
                                          "transcript of session",
                                          "returned message",
                                          "unsent message",
                                          "message-id:",
                                          "original mail",
                                          "failed message",
                                          "your message",
                                          "reason:"};

// At the front of a subject only a machine writes these.
constexpr std::string_view kAwayOpenings[] = {"automatic reply:",
                                              "auto reply:",
                                              "auto-reply:",
                                              "autoreply:",
                                              "out of office",
                                              "out-of-office",
                                              "automatische antwort",
                                              "abwesenheitsnotiz",
                                              "abwesenheitsmeldung",
                                              "abwesenheit:",
                                              "réponse automatique",
                                              "automatisch antwoord",
                                              "respuesta automática",
                                              "risposta automatica",
                                              "resposta automática",
                                              "automatiskt svar",
                                              "automatisk svar",
                                              "autosvar:",
                                              "autosvar ",
                                              "frånvaromeddelande",
                                              "frånvaro:",
                                              "fraværsmelding",
                                              "fraværsmeddelelse",
                                              "fravær:",
                                              "automaattinen vastaus",
                                              "poissaoloviesti",
                                              "poissaoloilmoitus",
                                              "poissa:",
                                              "automatic response:",
                                              "automatic reply",
                                              "автоответ",
                                              "自动答复",
                                              "自動応答"};

// Where a mail is automatic anyway, these tell an absence.
constexpr std::string_view kAwayWords[] = {"out of office",
                                           "out of the office",
                                           "ooo:",
                                           "away from",
                                           "on vacation",
                                           "on holiday",
                                           "vacation",
                                           "abwesen",
                                           "im urlaub",
                                           "absence",
                                           "absent",
                                           "afwezig",
                                           "ausente",
                                           "semester",
                                           "frånvar",
                                           "fravær",
                                           "ferie",
                                           "poissa",
                                           "lomalla",
                                           "autosvar",
                                           "automatic reply",
                                           "auto reply",
                                           "autoreply",
                                           "auto-reply",
                                           "automatiskt svar",
                                           "automatisk svar",
                                           "föräldraledig"};

}  // namespace

bool is_daemon(std::string_view who) { return any_in(who, kDaemons); }
bool is_postmaster(std::string_view who) { return any_in(who, kPostmasters); }
bool speaks_of_delivery(std::string_view subject) { return any_in(subject, kSubjects); }

bool opens_with_delivery(std::string_view subject) {
  while (!subject.empty() &&
         std::string_view("*[(<- ").find(subject[0]) != std::string_view::npos) {
    subject.remove_prefix(1);
  }
  return std::any_of(std::begin(kSubjects), std::end(kSubjects),
                     [subject](std::string_view phrase) { return subject.starts_with(phrase); });
}

// RFC 5321 §4.2: a permanent reply code, at the front of a line or behind the address it is for.
bool quotes_a_reply(std::string_view text) {
  for (const std::string_view code : {"550", "551", "552", "553", "554", "501", "511", "571"}) {
    for (std::size_t at = 0; (at = text.find(code, at)) != std::string_view::npos; at += 3) {
      const bool opens =
          at == 0 || std::string_view("\n\t :>").find(text[at - 1]) != std::string_view::npos;
      const std::string_view rest = text.substr(at + 3);
      if (opens && (rest.starts_with(' ') || rest.starts_with('-'))) return true;
    }
  }
  return false;
}

bool says_undelivered(std::string_view text) { return any_in(text, kTexts); }
bool returns_a_mail(std::string_view text) { return any_in(text, kReturned); }

bool says_away(std::string_view subject, bool surely_automatic) {
  const bool opens =
      std::any_of(std::begin(kAwayOpenings), std::end(kAwayOpenings),
                  [subject](std::string_view phrase) { return subject.starts_with(phrase); });
  return opens || (surely_automatic && any_in(subject, kAwayWords));
}

}  // namespace beredd::mail
