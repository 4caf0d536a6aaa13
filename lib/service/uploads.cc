#include "beredd/service/uploads.h"

#include "parcel.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Result;
using base::Status;

namespace {

constexpr std::size_t kMostFiles = 100;
constexpr base::Duration kKept = std::chrono::hours(1);
constexpr base::Duration kLook = std::chrono::minutes(5);  // for what is older

base::Error no_file(const std::string& id) {
  return base::permanent(base::Code::not_found,
                         fmt::format("there is no uploaded file \"{}\"; it may be older than an "
                                     "hour, or beredd was restarted: upload it again",
                                     id));
}

}  // namespace

struct Uploads::File {
  File(Upload its_upload, store::BodyWriter its_writer, base::Instant now)
      : upload(std::move(its_upload)), writer(std::move(its_writer)), touched(now) {}

  Upload upload;
  store::BodyWriter writer;
  std::optional<store::BodyRef> whole;  // once it is finished
  base::Instant touched;                // on the steady clock
  bool busy = false;
};

Uploads::Uploads(Context& context) : context_(context) {}
Uploads::~Uploads() = default;

void Uploads::start(const io::Executor& executor) {
  timer_ = context_.timers.make(executor);
  io::spawn(executor, drop_forever(), "uploads");
}

void Uploads::stop() {
  stopping_ = true;
  if (timer_) timer_->wake();
}

io::Task<void> Uploads::drop_forever() {
  while (!stopping_) {
    co_await drop_stale();
    if (!stopping_) co_await timer_->wait(kLook);
  }
}

// Takes it for one caller; null: it is not there, or somebody has it.
std::shared_ptr<Uploads::File> Uploads::take(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(id);
  if (found == files_.end() || found->second->busy) return nullptr;
  found->second->busy = true;
  found->second->touched = context_.clock.steady();
  return found->second;
}

void Uploads::give_back(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = files_.find(id); found != files_.end()) found->second->busy = false;
}

io::Task<Result<Upload>> Uploads::begin(std::string name, std::string type) {
  co_await drop_stale();
  if (context_.store.room() < context_.config->node.low_water) {
    co_return base::transient(base::Code::store_full, "the disk is too full for files");
  }
  Upload upload{context_.random.hex(16), std::move(name), std::move(type), {}};
  auto file = std::make_shared<File>(upload, context_.store.new_body(), context_.clock.steady());
  const std::lock_guard lock(mutex_);
  if (files_.size() >= kMostFiles) {
    co_return base::transient(base::Code::store_full, "too many files are being uploaded");
  }
  files_.emplace(upload.id, std::move(file));
  co_return upload;
}

io::Task<Result<Upload>> Uploads::append(std::string id, std::string bytes) {
  const std::shared_ptr<File> file = take(id);
  if (!file) co_return no_file(id);
  std::optional<base::Error> failed;
  const base::Bytes most = context_.config->smtp.max_message_size;
  if (file->whole) {
    failed = base::permanent(base::Code::conflict, "the file is finished");
  } else if (file->writer.size().count() + bytes.size() > most.count()) {
    failed = base::permanent(base::Code::too_large,
                             fmt::format("\"{}\" is larger than smtp.max_message_size, {}",
                                         file->upload.name, base::to_string(most)));
  } else {
    std::vector<store::SealedChunk> full = file->writer.append(bytes);
    auto written = co_await write(std::move(full));
    if (!written) failed = written.error();
    file->upload.size = file->writer.size();
  }
  give_back(id);
  if (!failed) co_return file->upload;
  std::string gone = id;
  co_await drop(std::move(gone));
  co_return *failed;
}

io::Task<Result<mail::Enclosure>> Uploads::finish(std::string id) {
  const std::shared_ptr<File> file = take(id);
  if (!file) co_return no_file(id);
  if (!file->whole) {
    store::BodyWriter::Finished finished = file->writer.finish();
    file->whole = finished.ref;
    std::vector<store::SealedChunk> last;
    if (finished.last) last.push_back(*std::move(finished.last));
    auto written = co_await write(std::move(last));
    if (!written) {
      base::Error why = written.error();
      give_back(id);
      co_await drop(std::move(id));
      co_return why;
    }
  }
  give_back(id);
  mail::Enclosure out{file->upload.name, file->upload.type, file->whole->chunks,
                      chunks_of(context_.store, *file->whole)};
  co_return out;
}

io::Task<void> Uploads::drop(std::string id) {
  std::shared_ptr<File> file;
  {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(id);
    if (found == files_.end() || found->second->busy) co_return;
    file = found->second;
    files_.erase(found);
  }
  co_await drop_body(file->writer.id());
}

io::Task<Status> Uploads::write(std::vector<store::SealedChunk> chunks) {
  if (chunks.empty()) co_return Status();
  std::size_t size = 0;
  for (const store::SealedChunk& chunk : chunks) size += chunk.bytes.size();
  auto shared = std::make_shared<const std::vector<store::SealedChunk>>(std::move(chunks));
  store::Operation operation = [shared](store::WriteTxn& txn) -> Status {
    for (const store::SealedChunk& chunk : *shared) {
      if (auto put = txn.put_chunk(chunk); !put) return put;
    }
    return {};
  };
  co_return co_await context_.committer.commit(std::move(operation), base::Bytes(size));
}

io::Task<void> Uploads::drop_stale() {
  const base::Instant before = context_.clock.steady() - kKept;
  std::vector<std::string> stale;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, file] : files_) {
      if (!file->busy && file->touched < before) stale.push_back(id);
    }
  }
  for (std::string& id : stale) co_await drop(std::move(id));
}

io::Task<void> Uploads::drop_body(base::BodyId id) {
  store::Operation operation = [id](store::WriteTxn& txn) { return txn.drop_body(id); };
  auto dropped = co_await context_.committer.commit(std::move(operation), base::Bytes(64));
  if (!dropped) {
    base::log_warning("an uploaded file stays on disk until the next start: {}",
                      base::to_string(dropped.error()));
  }
}

}  // namespace beredd::service
