#include "beredd/io/certificate.h"

#include "tls_context.h"

#include <ctime>
#include <span>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "beredd/base/digest.h"
#include "beredd/base/text.h"

namespace beredd::io {
namespace {

using base::Code;
using base::permanent;

using Bio = std::unique_ptr<BIO, FreeWith<&BIO_free_all>>;
using Parsed = std::unique_ptr<X509, FreeWith<&X509_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, FreeWith<&GENERAL_NAMES_free>>;

std::string hex(const unsigned char* bytes, std::size_t size) {
  return base::to_hex(std::as_bytes(std::span(bytes, size)));
}

std::string digest(const EVP_MD* kind, const std::string& der) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(der.data(), der.size(), out, &size, kind, nullptr) != 1) return {};
  return hex(out, size);
}

TlsaForms forms_of(const std::string& der) {
  return {hex(reinterpret_cast<const unsigned char*>(der.data()), der.size()),
          digest(EVP_sha256(), der), digest(EVP_sha512(), der)};
}

// `encode` is one of the i2d functions: it says the size, then writes.
template <typename T, typename Encode>
std::string der_of(T* value, Encode encode) {
  const int size = encode(value, nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  encode(value, &out);
  return der;
}

ChainLink link_of(X509* certificate) {
  return {forms_of(der_of(certificate, &i2d_X509)),
          forms_of(der_of(X509_get_X509_PUBKEY(certificate), &i2d_X509_PUBKEY))};
}

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// The common name counts only where there is no alternative name (RFC 6125 §6.4.4).
std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> names;
  const Names given(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = given ? sk_GENERAL_NAME_num(given.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(given.get(), i);
    if (name->type == GEN_DNS) names.push_back(base::lower(text_of(name->d.dNSName)));
  }
  if (!names.empty()) return names;
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at >= 0) {
    names.push_back(
        base::lower(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)))));
  }
  return names;
}

base::Instant time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::Instant(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

base::Result<Certificate> read_certificate(const std::filesystem::path& chain) {
  ERR_clear_error();
  if (auto status = readable(chain, "certificate"); !status) return std::move(status).error();
  const Bio file(BIO_new_file(chain.c_str(), "r"));
  Certificate read;
  read.file = chain;
  while (file) {
    const Parsed next(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
    if (!next) break;
    if (read.chain.empty()) {
      read.names = names_of(next.get());
      read.not_before = time_of(X509_get0_notBefore(next.get()));
      read.not_after = time_of(X509_get0_notAfter(next.get()));
      read.self_signed =
          X509_NAME_cmp(X509_get_subject_name(next.get()), X509_get_issuer_name(next.get())) == 0;
    }
    read.chain.push_back(link_of(next.get()));
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string words = openssl_words();
  if (read.chain.empty() || !at_end) {
    return permanent(Code::tls, fmt::format("certificate {}: not a PEM certificate chain: {}",
                                            chain.string(), words));
  }
  return read;
}

}  // namespace beredd::io
