#include "sasl.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <gsasl.h>

#include "beredd/base/text.h"

namespace beredd::smtp {
namespace {

using base::Code;
using base::permanent;

constexpr std::array<std::string_view, 4> kStrongestFirst = {"SCRAM-SHA-256", "SCRAM-SHA-1",
                                                             "PLAIN", "LOGIN"};
// Of SCRAM (RFC 7677 §4). Above the most, a server could stop us by asking for work; below the
// least, whoever reads the exchange guesses passwords cheaply.
constexpr std::uint64_t kLeastRounds = 4096, kMostRounds = 600'000;

bool offers(std::span<const std::string> offered, std::string_view mechanism) {
  return std::any_of(offered.begin(), offered.end(), [&](const std::string& word) {
    return base::same_ignoring_case(word, mechanism);
  });
}

struct Freed {
  void operator()(char* text) const { gsasl_free(text); }
};
using Text = std::unique_ptr<char, Freed>;

base::Result<std::string> decoded(std::string_view base64) {
  char* raw = nullptr;
  std::size_t size = 0;
  const int code = gsasl_base64_from(base64.data(), base64.size(), &raw, &size);
  const Text bytes(raw);
  if (code != GSASL_OK) return permanent(Code::invalid, "a challenge is no base64");
  return std::string(bytes.get(), size);
}

std::string encoded(std::string_view bytes) {
  char* raw = nullptr;
  std::size_t size = 0;
  if (gsasl_base64_to(bytes.data(), bytes.size(), &raw, &size) != GSASL_OK) return {};
  const Text text(raw);
  return std::string(text.get(), size);
}

// "r=…,s=…,i=4096": the server's first message (RFC 5802 §5.1).
base::Status check_rounds(std::string_view message) {
  const auto at = message.find(",i=");
  if (!message.starts_with("r=") || at == std::string_view::npos) return {};
  std::uint64_t rounds = 0;
  const std::string_view number = message.substr(at + 3);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), rounds);
  if (error != std::errc() || rounds < kLeastRounds || rounds > kMostRounds) {
    return permanent(Code::refused, fmt::format("the server asks for {} rounds, {} to {} are taken",
                                                number.substr(0, 20), kLeastRounds, kMostRounds));
  }
  return {};
}

bool is_sayable(std::string_view text) {
  return !text.empty() && text.find('\0') == std::string_view::npos;
}

}  // namespace

struct SaslClient::Library {
  Gsasl* context = nullptr;
  Gsasl_session* session = nullptr;
};

void SaslClient::Close::operator()(Library* library) const {
  if (library->session != nullptr) gsasl_finish(library->session);
  if (library->context != nullptr) gsasl_done(library->context);
  delete library;
}

std::optional<std::string_view> strongest_mechanism(std::span<const std::string> offered,
                                                    std::span<const std::string_view> refused) {
  for (const std::string_view mechanism : kStrongestFirst) {
    if (std::find(refused.begin(), refused.end(), mechanism) != refused.end()) continue;
    if (offers(offered, mechanism)) return mechanism;
  }
  return {};
}

SaslClient::SaslClient(std::string_view mechanism, std::unique_ptr<Library, Close> library)
    : mechanism_(mechanism), library_(std::move(library)) {}

base::Result<SaslClient> SaslClient::start(std::string_view mechanism, const Credentials& as) {
  const auto* known = std::find(kStrongestFirst.begin(), kStrongestFirst.end(), mechanism);
  if (known == kStrongestFirst.end()) {
    return permanent(Code::unsupported, fmt::format("{} is not spoken here", mechanism));
  }
  if (!is_sayable(as.user) || !is_sayable(as.password)) {
    return permanent(Code::invalid, "the user or the password is empty, or holds a NUL");
  }
  std::unique_ptr<Library, Close> library(new Library);
  int code = gsasl_init(&library->context);
  if (code == GSASL_OK) {
    code = gsasl_client_start(library->context, known->data(), &library->session);
  }
  if (code == GSASL_OK) {
    code = gsasl_property_set(library->session, GSASL_AUTHID, as.user.c_str());
  }
  if (code == GSASL_OK) {
    code = gsasl_property_set(library->session, GSASL_PASSWORD, as.password.c_str());
  }
  if (code != GSASL_OK) return permanent(Code::unsupported, gsasl_strerror(code));
  return SaslClient(*known, std::move(library));
}

base::Result<std::string> SaslClient::answer(std::string_view challenge) {
  if (complete_) return permanent(Code::invalid, "the server asks on after the last answer");
  auto message = decoded(challenge);
  if (!message) return message;
  if (mechanism_.starts_with("SCRAM")) {
    if (auto rounds = check_rounds(*message); !rounds) return rounds.error();
  }
  char* raw = nullptr;
  std::size_t size = 0;
  const int code = gsasl_step(library_->session, message->data(), message->size(), &raw, &size);
  const Text text(raw);
  if (code == GSASL_AUTHENTICATION_ERROR) {
    return permanent(Code::refused, "the server does not prove that it knows the password");
  }
  if (code != GSASL_OK && code != GSASL_NEEDS_MORE) {
    return permanent(Code::invalid, gsasl_strerror(code));
  }
  complete_ = code == GSASL_OK;
  return encoded(std::string_view(text.get() != nullptr ? text.get() : "", size));
}

}  // namespace beredd::smtp
