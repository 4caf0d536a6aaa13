#include "arguments.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "beredd/base/text.h"

namespace beredd::smtp {
namespace {

using Refusal = tl::unexpected<Reply>;

constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kMaxTransactionId = 80;  // RFC 1845 §2, with its brackets

Refusal refuse(int code, std::string_view enhanced, std::string_view text) {
  return Refusal(reply(code, std::string(enhanced), std::string(text)));
}

// Takes "FROM:" or "TO:" and the blanks behind it off the front.
bool take_keyword(std::string_view& text, std::string_view keyword) {
  if (!base::same_ignoring_case(text.substr(0, keyword.size()), keyword)) return false;
  text = base::trim(text.substr(keyword.size()));
  return true;
}

struct Path {
  std::string_view inner;
  bool bracketed = false;
};

// Takes a path off the front; nothing when its bracket is not closed or something sticks to it.
std::optional<Path> take_path(std::string_view& text) {
  const bool bracketed = !text.empty() && text.front() == '<';
  bool quoted = false;
  std::size_t at = bracketed ? 1 : 0;
  for (; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && (bracketed ? text[at] == '>' : kBlanks.find(text[at]) != kBlanks.npos)) {
      break;
    }
  }
  const bool closed = at < text.size();
  if (quoted || (bracketed && !closed)) return {};
  const std::size_t first = bracketed ? 1 : 0;
  const Path path{base::trim(text.substr(first, at - first)), bracketed};
  text.remove_prefix(std::min(text.size(), at + first));
  if (!text.empty() && kBlanks.find(text.front()) == kBlanks.npos) return {};
  return path;
}

// Drops "@a,@b:" from the front; false when it is no source route. A colon inside an address
// literal ends nothing.
bool drop_source_route(std::string_view& path) {
  while (!path.empty() && path.front() == '@') {
    const auto from = path.substr(0, 2) == "@[" ? path.find(']') : 0;
    const auto end = path.find_first_of(",:", std::min(from, path.size()));
    if (end == std::string_view::npos) return false;
    if (!mail::parse_mailbox("x" + std::string(path.substr(0, end))).ok()) return false;
    const char separator = path[end];
    path.remove_prefix(end + 1);
    if (separator == ':') return true;
    if (path.empty() || path.front() != '@') return false;
  }
  return true;
}

std::optional<mail::Mailbox> read_mailbox(std::string_view path) {
  if (!drop_source_route(path)) return {};
  auto mailbox = mail::parse_mailbox(path, /*allow_utf8=*/true);
  if (!mailbox.ok()) return {};
  return *std::move(mailbox);
}

struct Parameter {
  std::string_view keyword, value;
};

// RFC 5321 §4.1.2 esmtp-param: keyword["=" value].
std::optional<std::vector<Parameter>> read_parameters(std::string_view text) {
  std::vector<Parameter> parameters;
  for (text = base::trim(text); !text.empty(); text = base::trim(text)) {
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    text.remove_prefix(word.size());
    const auto equals = word.find('=');
    const std::string_view keyword = word.substr(0, equals);
    if (keyword.empty() || equals + 1 == word.size()) return {};
    const bool twice =
        std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& earlier) {
          return base::same_ignoring_case(earlier.keyword, keyword);
        });
    if (twice) return {};
    parameters.push_back(
        {keyword, equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1)});
  }
  return parameters;
}

// RFC 1870 §3: up to 20 digits. What overflows is larger than any limit.
std::optional<base::Bytes> read_size(std::string_view value) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (value.empty() || value.size() > 20 || end != value.data() + value.size()) return {};
  return base::Bytes(error == std::errc::result_out_of_range ? UINT64_MAX : count);
}

// "<local@domain>" without its brackets, or empty.
std::string_view read_transaction_id(std::string_view value) {
  if (value.size() > kMaxTransactionId || value.size() < 5) return {};
  if (value.front() != '<' || value.back() != '>') return {};
  const std::string_view inner = value.substr(1, value.size() - 2);
  const auto at = inner.find('@');
  const bool good = at > 0 && at + 1 < inner.size() &&
                    inner.find_first_of("<>@", at + 1) == inner.npos &&
                    inner.find_first_of("<>") == inner.npos;
  return good ? inner : std::string_view();
}

std::optional<mail::BodyType> read_body_type(std::string_view value) {
  if (base::same_ignoring_case(value, "7BIT")) return mail::BodyType::seven_bit;
  if (base::same_ignoring_case(value, "8BITMIME")) return mail::BodyType::eight_bit_mime;
  return {};
}

Reply bad_parameter(std::string_view text) { return reply(501, "5.5.4", std::string(text)); }

// RFC 6531 §3.5: what only SMTPUTF8 lets in.
Reply utf8_unasked() { return reply(553, "5.6.7", "say SMTPUTF8 in MAIL to use this address"); }

std::optional<Reply> take_dsn_parameter(const Parameter& parameter, AskMail& ask) {
  if (base::same_ignoring_case(parameter.keyword, "RET")) {
    const auto ret = mail::parse_dsn_return(parameter.value);
    if (!ret) return bad_parameter("RET is FULL or HDRS");
    ask.dsn_return = *ret;
  } else if (base::same_ignoring_case(parameter.keyword, "ENVID")) {
    if (!mail::is_envelope_id(parameter.value)) return bad_parameter("ENVID is xtext");
    ask.envelope_id = parameter.value;
  } else {
    return reply(555, "5.5.4", "unknown parameter");
  }
  return {};
}

std::optional<Reply> take_dsn_parameter(const Parameter& parameter, bool smtputf8,
                                        mail::RecipientDsn& dsn) {
  if (base::same_ignoring_case(parameter.keyword, "NOTIFY")) {
    const auto notify = mail::parse_notify(parameter.value);
    if (!notify) return bad_parameter("NOTIFY is NEVER, or SUCCESS,FAILURE,DELAY");
    dsn.notify = *notify;
  } else if (base::same_ignoring_case(parameter.keyword, "ORCPT")) {
    if (!mail::is_original_recipient(parameter.value, smtputf8)) {
      return bad_parameter("ORCPT is type;xtext");
    }
    dsn.original_recipient = parameter.value;
  } else {
    return reply(555, "5.5.4", "unknown parameter");
  }
  return {};
}

// Nothing when the parameter was taken into `ask`.
std::optional<Reply> take_mail_parameter(const Parameter& parameter, const ServerOptions& options,
                                         AskMail& ask) {
  if (base::same_ignoring_case(parameter.keyword, "SIZE")) {
    ask.size = read_size(parameter.value);
    if (!ask.size) return bad_parameter("SIZE takes a number");
  } else if (base::same_ignoring_case(parameter.keyword, "BODY")) {
    const auto body = read_body_type(parameter.value);
    if (!body) return bad_parameter("BODY is 7BIT or 8BITMIME");
    ask.body = *body;
  } else if (options.offer_checkpoint && base::same_ignoring_case(parameter.keyword, "TRANSID")) {
    ask.transaction_id = read_transaction_id(parameter.value);
    if (ask.transaction_id.empty()) return bad_parameter("TRANSID is <local@domain>");
  } else if (options.offer_smtputf8 && base::same_ignoring_case(parameter.keyword, "SMTPUTF8")) {
    if (!parameter.value.empty()) return bad_parameter("SMTPUTF8 takes no value");
    ask.smtputf8 = true;
  } else if (options.offer_dsn) {
    return take_dsn_parameter(parameter, ask);
  } else {
    return reply(555, "5.5.4", "unknown parameter");
  }
  return {};
}

}  // namespace

tl::expected<AskMail, Reply> read_mail_argument(std::string_view argument,
                                                const ServerOptions& options) {
  if (!take_keyword(argument, "FROM:")) return refuse(501, "5.5.4", "say MAIL FROM:<address>");
  const auto path = take_path(argument);
  AskMail ask;
  const bool null_path = path && path->bracketed && path->inner.empty();
  if (path && !null_path) ask.from = read_mailbox(path->inner);
  if (!null_path && !ask.from) return refuse(501, "5.1.7", "malformed sender address");

  const auto parameters = read_parameters(argument);
  if (!parameters) return refuse(501, "5.5.4", "malformed parameters");
  for (const Parameter& parameter : *parameters) {
    if (auto refusal = take_mail_parameter(parameter, options, ask)) {
      return Refusal(*std::move(refusal));
    }
  }
  if (ask.from && !ask.smtputf8 && !mail::is_ascii(*ask.from)) return Refusal(utf8_unasked());
  if (ask.size && *ask.size > options.max_message_size) {
    return refuse(552, "5.3.4", "message too big");
  }
  return ask;
}

tl::expected<AskRecipient, Reply> read_recipient_argument(std::string_view argument,
                                                          const ServerOptions& options,
                                                          bool smtputf8) {
  if (!take_keyword(argument, "TO:")) return refuse(501, "5.5.4", "say RCPT TO:<address>");
  const auto path = take_path(argument);
  std::optional<mail::Mailbox> to;
  if (path && base::same_ignoring_case(path->inner, "postmaster")) {
    to = mail::Mailbox{std::string(path->inner), ""};
  } else if (path) {
    to = read_mailbox(path->inner);
  }
  if (!to) return refuse(501, "5.1.3", "malformed recipient address");
  if (!smtputf8 && !mail::is_ascii(*to)) return Refusal(utf8_unasked());

  const auto parameters = read_parameters(argument);
  if (!parameters) return refuse(501, "5.5.4", "malformed parameters");
  AskRecipient ask{*std::move(to)};
  for (const Parameter& parameter : *parameters) {
    if (!options.offer_dsn) return refuse(555, "5.5.4", "unknown parameter");
    if (auto refusal = take_dsn_parameter(parameter, smtputf8, ask.dsn)) {
      return Refusal(*std::move(refusal));
    }
  }
  return ask;
}

ChunkArgument read_chunk_argument(std::string_view argument) {
  const std::string_view digits = argument.substr(0, argument.find_first_of(kBlanks));
  const std::string_view rest = base::trim(argument.substr(digits.size()));
  ChunkArgument said;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (digits.empty() || end != digits.data() + digits.size()) return said;
  said.too_large = error == std::errc::result_out_of_range;
  if (!said.too_large) said.size = size;
  said.last = base::same_ignoring_case(rest, "LAST");
  said.well_formed = said.last || rest.empty();
  return said;
}

}  // namespace beredd::smtp
