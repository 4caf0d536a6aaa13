#pragma once
// Values to JSON, along the list of their fields.

#include "fields.h"

#include <nlohmann/json.hpp>

namespace beredd::api {

using Json = nlohmann::ordered_json;

inline Json encoded(const std::string& text) { return text; }
inline Json encoded(bool value) { return value; }
inline Json encoded(int value) { return value; }
inline Json encoded(std::uint32_t value) { return value; }
inline Json encoded(std::uint64_t value) { return value; }
inline Json encoded(double value) { return value; }
inline Json encoded(base::Bytes value) { return value.count(); }
inline Json encoded(base::Instant value) { return base::rfc3339(value); }

template <typename T>
Json encoded(const std::optional<T>& value);
template <typename T>
Json encoded(const std::vector<T>& values);
template <typename T>
requires std::is_class_v<T> && std::is_aggregate_v<T> Json encoded(const T& value);

class Encoder {
 public:
  explicit Encoder(Json& out) : out_(out) {}

  template <typename T>
  void operator()(const char* key, const T& value) {
    out_[key] = encoded(value);
  }
  void nullable(const char* key, const std::string& text) {
    out_[key] = text.empty() ? Json(nullptr) : Json(text);
  }
  template <typename T>
  void maybe(const char* key, const std::optional<T>& value) {
    if (value) out_[key] = encoded(*value);
  }
  template <typename T>
  void inline_of(const T& value) {
    Fields<T>::list(*this, value);
  }

 private:
  Json& out_;
};

template <typename T>
Json encoded(const std::optional<T>& value) {
  return value ? encoded(*value) : Json(nullptr);
}

template <typename T>
Json encoded(const std::vector<T>& values) {
  Json out = Json::array();
  for (const T& value : values) out.push_back(encoded(value));
  return out;
}

template <typename T>
requires std::is_class_v<T> && std::is_aggregate_v<T> Json encoded(const T& value) {
  Json out = Json::object();
  Encoder encoder(out);
  Fields<T>::list(encoder, value);
  return out;
}

}  // namespace beredd::api
