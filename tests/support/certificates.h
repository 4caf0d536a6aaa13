#pragma once
// A certificate authority for one test: makes keys and certificates as PEM files.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace beredd::live {

struct CertificateFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

class Authority {
 public:
  explicit Authority(std::filesystem::path folder) : folder_(std::move(folder)), key_(make_key()) {
    certificate_ = make_certificate(key_.get(), "Test Authority", "", 0, 3600);
    sign(certificate_.get());
    save(file(), certificate_.get());
  }

  std::filesystem::path file() const { return folder_ / "authority.pem"; }

  // `names`: "DNS:mail.example" or "IP:127.0.0.1", comma-separated. Valid from now + `from` seconds
  // to now + `until`. `self_signed`: not by this authority.
  CertificateFiles issue(const std::string& names, long from = -60, long until = 3600,
                         bool self_signed = false) {
    const std::string stem = "issued" + std::to_string(++issued_);
    Key key = make_key();
    Certificate made = make_certificate(key.get(), "Issued", names, from, until);
    if (self_signed) {
      X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
      X509_sign(made.get(), key.get(), EVP_sha256());
    } else {
      sign(made.get());
    }
    CertificateFiles files{folder_ / (stem + ".pem"), folder_ / (stem + ".key")};
    save(files.certificate, made.get());
    const File out(open(files.key));
    PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return files;
  }

 private:
  template <auto Free>
  struct FreeWith {
    template <typename T>
    void operator()(T* pointer) const {
      Free(pointer);
    }
  };
  using Key = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
  using Certificate = std::unique_ptr<X509, FreeWith<&X509_free>>;
  using File = std::unique_ptr<std::FILE, FreeWith<&std::fclose>>;

  static std::FILE* open(const std::filesystem::path& path) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) throw std::runtime_error("cannot write " + path.string());
    return file;
  }
  static Key make_key() { return Key(EVP_EC_gen("P-256")); }

  static void extend(X509* certificate, int id, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  Certificate make_certificate(EVP_PKEY* key, const std::string& name, const std::string& names,
                               long from, long until) {
    Certificate made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), until);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    if (names.empty()) {
      extend(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    } else {
      extend(made.get(), NID_subject_alt_name, names);
    }
    return made;
  }

  void sign(X509* certificate) {
    X509* issuer = certificate_ ? certificate_.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    X509_sign(certificate, key_.get(), EVP_sha256());
  }
  static void save(const std::filesystem::path& path, X509* certificate) {
    const File out(open(path));
    PEM_write_X509(out.get(), certificate);
  }

  std::filesystem::path folder_;
  Key key_;
  Certificate certificate_;
  long serial_ = 0;
  int issued_ = 0;
};

}  // namespace beredd::live
