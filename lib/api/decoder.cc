#include "decoder.h"

namespace beredd::api {

void Decoder::fail(std::string_view what) {
  if (error_) return;
  const std::string where = place_.empty() ? std::string() : place_ + ": ";
  error_ = base::permanent(base::Code::invalid, where + std::string(what));
}

void Decoder::read(const Json& json, std::string& out) {
  if (!json.is_string()) return fail("a text is missing");
  out = json.get<std::string>();
}

void Decoder::read(const Json& json, bool& out) {
  if (!json.is_boolean()) return fail("true or false is missing");
  out = json.get<bool>();
}

void Decoder::read(const Json& json, double& out) {
  if (!json.is_number()) return fail("a number is missing");
  out = json.get<double>();
}

void Decoder::read(const Json& json, base::Bytes& out) {
  std::uint64_t count = 0;
  read(json, count);
  out = base::Bytes(count);
}

void Decoder::read(const Json& json, base::Instant& out) {
  if (!json.is_string()) return fail("a time is missing");
  const auto at = base::parse_rfc3339(json.get_ref<const std::string&>());
  if (!at) return fail("the time is not RFC 3339");
  out = *at;
}

}  // namespace beredd::api
