#include "beredd/store/store.h"

namespace beredd::store {

Operation taking(const Arrival& arrival) {
  return [&arrival](WriteTxn& txn) -> base::Status {
    if (arrival.last) {
      if (base::Status put = txn.put_chunk(*arrival.last); !put) return put;
    }
    for (const Message& message : arrival.messages) {
      if (auto id = txn.accept(message); !id) return id.error();
    }
    return {};
  };
}

// A store without a log of its own takes mail as it takes everything else.
std::vector<base::Status> Store::accept(std::vector<Arrival> arrivals) {
  std::vector<Operation> operations;
  operations.reserve(arrivals.size());
  for (const Arrival& arrival : arrivals) operations.push_back(taking(arrival));
  return apply(operations);
}

}  // namespace beredd::store
