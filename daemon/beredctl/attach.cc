#include "attach.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

constexpr std::size_t kPiece = std::size_t{512} * 1024;  // the daemon takes 1 MiB a request

struct Known {
  std::string_view extension, type;
};
constexpr std::array<Known, 28> kKnown = {{
    {".txt", "text/plain"},
    {".log", "text/plain"},
    {".csv", "text/csv"},
    {".html", "text/html"},
    {".md", "text/markdown"},
    {".ics", "text/calendar"},
    {".json", "application/json"},
    {".xml", "application/xml"},
    {".pdf", "application/pdf"},
    {".zip", "application/zip"},
    {".gz", "application/gzip"},
    {".rtf", "application/rtf"},
    {".doc", "application/msword"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xls", "application/vnd.ms-excel"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {".odt", "application/vnd.oasis.opendocument.text"},
    {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".svg", "image/svg+xml"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".eml", "message/rfc822"},
}};

base::Error unreadable(const std::string& path) {
  return base::permanent(base::Code::not_found,
                         fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
}

base::Result<std::string> upload_one(Client& client, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return unreadable(path);
  const std::string name = std::filesystem::path(path).filename().string();
  std::string target = fmt::format("/v1/uploads?name={}&type={}", percent_encoded(name),
                                   percent_encoded(media_type(name)));
  std::string id, piece;
  do {
    piece.resize(kPiece);
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad()) return unreadable(path);
    if (piece.empty() && !id.empty()) break;
    const auto body = client.post(target, piece);
    if (!body) return body.error();
    const auto taken = api::decode<api::Upload>(*body);
    if (!taken) return taken.error();
    id = taken->id;
    target = "/v1/uploads/" + percent_encoded(id);
  } while (in);
  return id;
}

}  // namespace

std::string_view media_type(std::string_view file_name) {
  const std::string lower = base::lower(file_name);
  for (const Known& known : kKnown) {
    if (lower.ends_with(known.extension)) return known.type;
  }
  return "application/octet-stream";
}

base::Status check_files(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    std::error_code code;
    if (std::filesystem::is_directory(path, code)) {
      return base::permanent(base::Code::invalid, path + " is a directory");
    }
    if (!std::ifstream(path)) return unreadable(path);
  }
  return {};
}

base::Result<std::vector<std::string>> upload(Client& client,
                                              const std::vector<std::string>& paths) {
  std::vector<std::string> ids;
  for (const std::string& path : paths) {
    auto id = upload_one(client, path);
    if (!id) return id.error();
    ids.push_back(*std::move(id));
  }
  return ids;
}

}  // namespace beredd::beredctl
