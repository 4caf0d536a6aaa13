#include "gmime_reader.h"

#include <memory>

// A C library's headers; their casts are its own.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

namespace beredd::bench {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename T>
using Ref = std::unique_ptr<T, Unref>;

std::string text_or_nothing(const char* text) { return text == nullptr ? "" : text; }

void add_addresses(InternetAddressList* list, std::vector<std::string>& out) {
  if (list == nullptr) return;
  for (int n = 0; n < internet_address_list_length(list); ++n) {
    InternetAddress* one = internet_address_list_get_address(list, n);
    out.push_back(text_or_nothing(internet_address_get_name(one)));
    if (INTERNET_ADDRESS_IS_MAILBOX(one))
      out.push_back(
          text_or_nothing(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one))));
  }
}

void read_headers(GMimeMessage* message, GmimeReading& out) {
  out.message_id = text_or_nothing(g_mime_message_get_message_id(message));
  out.subject = text_or_nothing(g_mime_message_get_subject(message));
  for (const auto kind : {GMIME_ADDRESS_TYPE_FROM, GMIME_ADDRESS_TYPE_TO, GMIME_ADDRESS_TYPE_CC,
                          GMIME_ADDRESS_TYPE_REPLY_TO}) {
    add_addresses(g_mime_message_get_addresses(message, kind), out.addresses);
  }
  if (GDateTime* date = g_mime_message_get_date(message)) out.date = g_date_time_to_unix(date);
  auto* object = reinterpret_cast<GMimeObject*>(message);
  out.in_reply_to = text_or_nothing(g_mime_object_get_header(object, "In-Reply-To"));
  if (const char* references = g_mime_object_get_header(object, "References")) {
    GMimeReferences* list = g_mime_references_parse(nullptr, references);
    for (int n = 0; n < g_mime_references_length(list); ++n) {
      out.references.push_back(text_or_nothing(g_mime_references_get_message_id(list, n)));
    }
    g_mime_references_free(list);
  }
}

void read_leaf(GMimeObject*, GMimeObject* part, gpointer data) {
  auto& out = *static_cast<GmimeReading*>(data);
  if (GMIME_IS_TEXT_PART(part)) {
    char* text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    out.text += text_or_nothing(text);
    g_free(text);
    return;
  }
  if (!GMIME_IS_PART(part)) return;
  GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(part));
  if (content == nullptr) return;
  const Ref<GMimeStream> memory(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, memory.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
  char* digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
  out.digests.push_back(text_or_nothing(digest));
  g_free(digest);
}

}  // namespace

GmimeReading read_with_gmime(std::string_view raw) {
  static const bool ready = (g_mime_init(), true);
  static_cast<void>(ready);
  GmimeReading out;
  const Ref<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(raw.data(), raw.size()));
  const Ref<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Ref<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return out;
  read_headers(message.get(), out);
  g_mime_message_foreach(message.get(), read_leaf, &out);
  return out;
}

}  // namespace beredd::bench
