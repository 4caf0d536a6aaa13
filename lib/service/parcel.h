#pragma once
// A stored message on its way out, and the bytes of one on their way anywhere.

#include <cstdint>
#include <functional>
#include <string>

#include "beredd/io/target.h"
#include "beredd/store/store.h"

namespace beredd::service {

// The chunks of a body, in the clear, read when asked for. `store` outlives it.
std::function<base::Result<std::string>(std::uint32_t index)> chunks_of(const store::Store& store,
                                                                        const store::BodyRef& body);

// Errors: of the store.
base::Result<io::Parcel> parcel_of(const store::Store& store, base::MessageId id);

}  // namespace beredd::service
