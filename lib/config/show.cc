#include "fields.h"
#include "words.h"

#include <fmt/format.h>

#include "beredd/config/config.h"

namespace beredd::config {
namespace {

std::string basic_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (code < ' ' || code == 127)
      out += fmt::format("\\u{:04X}", code);
    else
      out += c;
  }
  return out + '"';
}

std::string toml(const std::string& value) { return basic_string(value); }
std::string toml(const std::filesystem::path& value) { return basic_string(value.native()); }
std::string toml(bool value) { return value ? "true" : "false"; }
std::string toml(int value) { return std::to_string(value); }
std::string toml(base::Duration value) { return basic_string(base::to_string(value)); }
std::string toml(base::Bytes value) { return basic_string(base::to_string(value)); }
std::string toml(const Endpoint& value) {
  const bool v6 = value.host.find(':') != std::string::npos;
  const std::string host = v6 ? fmt::format("[{}]", value.host) : value.host;
  return basic_string(fmt::format("{}:{}", host, value.port));
}

template <typename Enum>
requires std::is_enum_v<Enum> std::string toml(Enum value) { return basic_string(word_of(value)); }

template <typename T>
std::string toml(const std::vector<T>& values) {
  std::vector<std::string> items;
  items.reserve(values.size());
  for (const T& value : values) items.push_back(toml(value));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

class Writer {
 public:
  void operator()(std::string_view key, const auto& value) {
    out_ += fmt::format("{} = {}\n", key, toml(value));
  }
  void operator()(std::string_view key, const std::optional<std::filesystem::path>& value) {
    if (value)
      (*this)(key, *value);
    else
      out_ += fmt::format("# {} is not set\n", key);
  }

  template <typename T>
  void table(std::string_view name, const T& value) {
    nested(name, "[{}]\n", value);
  }
  template <typename T>
  void table(std::string_view name, const std::optional<T>& value) {
    if (value) table(name, *value);
  }
  template <typename T>
  void tables(std::string_view name, const std::vector<T>& values) {
    for (const T& value : values) nested(name, "[[{}]]\n", value);
  }

  std::string text() && { return std::move(out_); }

 private:
  template <typename T>
  void nested(std::string_view name, std::string_view header, const T& value) {
    const std::string outer = prefix_;
    if (!out_.empty()) out_ += '\n';
    out_ += fmt::format(fmt::runtime(header), prefix_ + std::string(name));
    prefix_ += std::string(name) + '.';
    fields(*this, value);
    prefix_ = outer;
  }

  std::string out_;
  std::string prefix_;
};

}  // namespace

std::string show(const Config& config) {
  Writer writer;
  fields(writer, config);
  return std::move(writer).text();
}

}  // namespace beredd::config
