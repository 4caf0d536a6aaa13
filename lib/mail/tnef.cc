#include "tnef.h"

#include "charset.h"
#include "mapi.h"

#include <algorithm>

namespace beredd::mail {
namespace {

constexpr std::uint32_t kSignature = 0x223E9F78;

// Attributes (MS-OXTNEF §2.1.3.1), without their types.
constexpr std::uint16_t kBody = 0x800C;
constexpr std::uint16_t kAttachData = 0x800F;
constexpr std::uint16_t kAttachTitle = 0x8010;
constexpr std::uint16_t kAttachRenderData = 0x9002;
constexpr std::uint16_t kMapiProperties = 0x9003;
constexpr std::uint16_t kAttachment = 0x9005;
constexpr std::uint16_t kOemCodepage = 0x9007;

// Properties (MS-OXPROPS).
constexpr std::uint16_t kPrBody = 0x1000;
constexpr std::uint16_t kPrRtf = 0x1009;
constexpr std::uint16_t kPrHtml = 0x1013;
constexpr std::uint16_t kPrInternetCodepage = 0x3FDE;
constexpr std::uint16_t kPrDisplayName = 0x3001;
constexpr std::uint16_t kPrAttachData = 0x3701;
constexpr std::uint16_t kPrAttachFileName = 0x3704;
constexpr std::uint16_t kPrAttachLongFileName = 0x3707;
constexpr std::uint16_t kPrAttachType = 0x370E;

std::string charset_of_codepage(std::uint32_t codepage) {
  switch (codepage) {
    case 0: return {};
    case 20127: return "us-ascii";
    case 20866: return "koi8-r";
    case 65000: return "utf-7";
    case 65001: return "utf-8";
    default: break;
  }
  if (codepage > 28590 && codepage < 28606) return "iso-8859-" + std::to_string(codepage - 28590);
  if (codepage >= 50220 && codepage <= 50222) return "iso-2022-jp";
  return (codepage >= 1250 && codepage <= 1258 ? "windows-" : "cp") + std::to_string(codepage);
}

std::string_view before_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

class Stream {
 public:
  Tnef read(std::string_view bytes) {
    LittleEndian in(bytes);
    out_.readable = in.u32() == kSignature;
    in.u16();  // a key of the sender's own
    while (out_.readable && !in.empty()) {
      in.u8();  // of the message or of an attachment: the identifier says so, too
      const auto id = static_cast<std::uint16_t>(in.u32() & 0xFFFFU);
      const std::uint32_t size = in.u32();
      const std::string_view value = in.take(size);
      if (in.failed()) break;
      take(id, value);
      if (!in.empty()) in.u16();  // a sum, which many get wrong
    }
    out_.damaged = out_.damaged || in.failed();
    std::erase_if(out_.files, [](const TnefFile& file) { return file.bytes.data() == nullptr; });
    return std::move(out_);
  }

 private:
  void take(std::uint16_t id, std::string_view value) {
    switch (id) {
      case kOemCodepage: charset_ = charset_of_codepage(LittleEndian(value).u32()); return;
      case kBody:
        if (out_.text.empty()) out_.text = said(before_nul(value));
        return;
      case kMapiProperties:
        if (!read_mapi(value, [this](const MapiProperty& p) { of_message(p); }))
          out_.damaged = true;
        return;
      case kAttachRenderData: begin_file(); return;
      case kAttachTitle:
        if (file() != nullptr && file()->name.empty()) file()->name = said(before_nul(value));
        return;
      case kAttachData:
        if (file() != nullptr) file()->bytes = value;
        return;
      case kAttachment: attachment(value); return;
      default: return;
    }
  }

  void begin_file() {
    if (out_.files.size() < kMostTnefFiles) {
      out_.files.emplace_back();
      has_long_name_ = false;
    } else {
      out_.damaged = true;
    }
  }
  TnefFile* file() { return out_.files.empty() ? nullptr : &out_.files.back(); }

  void attachment(std::string_view value) {
    if (file() == nullptr) return;
    if (!read_mapi(value, [this](const MapiProperty& p) { of_file(p, *file()); }))
      out_.damaged = true;
  }

  std::string said(std::string_view bytes) const { return decode_charset(bytes, charset_).text; }
  std::string said(const MapiProperty& property) const {
    if (property.type == mapi::kUnicode) {
      std::string text = decode_charset(property.value, "utf-16le").text;
      text.resize(before_nul(text).size());
      return text;
    }
    return said(before_nul(property.value));
  }

  void of_message(const MapiProperty& property) {
    switch (property.id) {
      case kPrBody: out_.text = said(property); return;
      case kPrRtf: out_.rtf = unpack_rtf(property.value); return;
      case kPrInternetCodepage:
        if (property.type == mapi::kLong)
          out_.html_charset = charset_of_codepage(LittleEndian(property.value).u32());
        return;
      case kPrHtml: html(property); return;
      default: return;
    }
  }

  void html(const MapiProperty& property) {
    if (property.type == mapi::kUnicode) {
      out_.html = said(property);
      out_.html_charset = "utf-8";
    } else {
      out_.html = property.value;
    }
  }

  void of_file(const MapiProperty& property, TnefFile& file) {
    switch (property.id) {
      case kPrAttachLongFileName:
        file.name = said(property);
        has_long_name_ = !file.name.empty();
        return;
      case kPrAttachFileName:
      case kPrDisplayName:
        if (!has_long_name_ && file.name.empty()) file.name = said(property);
        return;
      case kPrAttachType: file.type = said(property); return;
      case kPrAttachData: data(property, file); return;
      default: return;
    }
  }

  // An object is its class, 16 octets, and then mostly an embedded message.
  static void data(const MapiProperty& property, TnefFile& file) {
    file.bytes = property.value;
    if (property.type != mapi::kObject || file.bytes.size() < 16) return;
    file.bytes.remove_prefix(16);
    file.message = LittleEndian(file.bytes).u32() == kSignature;
  }

  Tnef out_;
  std::string charset_;
  bool has_long_name_ = false;
};

}  // namespace

Tnef read_tnef(std::string_view bytes) { return Stream().read(bytes); }

}  // namespace beredd::mail
