#pragma once
// JSON to values, along the list of their fields. The first thing that does not fit is the error,
// named by its place.

#include "fields.h"

#include <nlohmann/json.hpp>

#include "beredd/base/result.h"

namespace beredd::api {

using Json = nlohmann::ordered_json;

class Decoder {
 public:
  // What was wrong first, or nothing.
  const std::optional<base::Error>& error() const { return error_; }

  void read(const Json& json, std::string& out);
  void read(const Json& json, bool& out);
  void read(const Json& json, double& out);
  void read(const Json& json, base::Bytes& out);
  void read(const Json& json, base::Instant& out);

  template <std::integral T>
  void read(const Json& json, T& out) {
    if (!json.is_number_integer()) return fail("a whole number is missing");
    if (json.is_number_unsigned() ? !std::in_range<T>(json.get<std::uint64_t>())
                                  : !std::in_range<T>(json.get<std::int64_t>())) {
      return fail("the number is out of range");
    }
    out = json.get<T>();
  }

  template <typename T>
  void read(const Json& json, std::optional<T>& out) {
    out.reset();
    if (!json.is_null()) read(json, out.emplace());
  }

  template <typename T>
  void read(const Json& json, std::vector<T>& out) {
    if (!json.is_array()) return fail("a list is missing");
    for (std::size_t i = 0; i < json.size(); ++i) {
      const Place place(*this, "[" + std::to_string(i) + "]");
      read(json[i], out.emplace_back());
    }
  }

  template <typename T>
  requires std::is_class_v<T> && std::is_aggregate_v<T>
  void read(const Json& json, T& out) {
    if (!json.is_object()) return fail("an object is missing");
    ObjectReader reader{*this, json};
    Fields<T>::list(reader, out);
  }

 private:
  // Where we are, for the error; shortened again on the way out.
  class Place {
   public:
    Place(Decoder& decoder, std::string_view step)
        : decoder_(decoder), length_(decoder.place_.size()) {
      if (length_ > 0 && !step.starts_with('[')) decoder.place_ += '.';
      decoder.place_ += step;
    }
    ~Place() { decoder_.place_.resize(length_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Decoder& decoder_;
    std::size_t length_;
  };

  struct ObjectReader {
    Decoder& decoder;
    const Json& object;

    template <typename T>
    void operator()(const char* key, T& out) {
      const Place place(decoder, key);
      const auto found = object.find(key);
      if (found == object.end()) return decoder.fail("the key is missing");
      decoder.read(*found, out);
    }
    // Absent is as good as null.
    void nullable(const char* key, std::string& out) {
      const auto found = object.find(key);
      if (found == object.end() || found->is_null()) return;
      const Place place(decoder, key);
      decoder.read(*found, out);
    }
    template <typename T>
    void maybe(const char* key, std::optional<T>& out) {
      const auto found = object.find(key);
      if (found == object.end()) return;
      const Place place(decoder, key);
      decoder.read(*found, out);
    }
    template <typename T>
    void inline_of(T& out) {
      Fields<T>::list(*this, out);
    }
  };

  void fail(std::string_view what);

  std::string place_;
  std::optional<base::Error> error_;
};

}  // namespace beredd::api
