#include "smime.h"

#include <limits>
#include <memory>

#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>

namespace beredd::mail {
namespace {

struct Free {
  void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
};

Smime::Kind kind_of(const CMS_ContentInfo* cms) {
  switch (OBJ_obj2nid(CMS_get0_type(cms))) {
    case NID_pkcs7_signed: return Smime::Kind::signed_data;
    case NID_pkcs7_enveloped:
    case NID_id_smime_ct_authEnvelopedData: return Smime::Kind::enveloped;
    case NID_id_smime_ct_compressedData: return Smime::Kind::compressed;
    default: return Smime::Kind::other;
  }
}

}  // namespace

Smime open_smime(std::string_view der) {
  Smime out;
  if (der.empty() || der.size() > std::numeric_limits<int>::max()) return out;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<CMS_ContentInfo, Free> cms(
      d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  if (cms) {
    out.kind = kind_of(cms.get());
    ASN1_OCTET_STRING** content =
        out.kind == Smime::Kind::signed_data ? CMS_get0_content(cms.get()) : nullptr;
    if (content != nullptr && *content != nullptr) {
      out.content.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*content)),
                         static_cast<std::size_t>(ASN1_STRING_length(*content)));
    } else if (out.kind == Smime::Kind::signed_data) {
      out.kind = Smime::Kind::certificates;
    }
  }
  ERR_clear_error();
  return out;
}

}  // namespace beredd::mail
