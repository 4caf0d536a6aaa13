#pragma once
// From a value as written to a value as meant. The detail of an error is the message without the
// key and the line: `expected a size such as "40MiB", got "40 parsecs"`.

#include "spelling.h"
#include "tree.h"

#include <cstdint>
#include <string>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/config/schema.h"

namespace beredd::config {

base::Result<std::int64_t> as_integer(const Value& value);
base::Result<bool> as_boolean(const Value& value);
base::Result<base::Duration> as_duration(const Value& value);
base::Result<base::Bytes> as_bytes(const Value& value);
base::Result<Endpoint> as_endpoint(Kind kind, const Value& value);
// Every kind that is text in the end, in its one spelling (spelling.h).
base::Result<std::string> as_text(Kind kind, const Value& value);

// Does `key` take a value: type, unit, bounds, choices? For a list: one item of it.
base::Status fits(const Key& key, const Value& value);

std::vector<std::string_view> choices_of(const Key& key);

}  // namespace beredd::config
