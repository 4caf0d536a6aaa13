#pragma once
// What a mail says: the one function that reads a whole message, and what it yields.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/digest.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/mail/kind.h"
#include "beredd/mail/report.h"

namespace beredd::mail {

// One address of a header: all UTF-8, the display name decoded (RFC 2047), either may be empty.
struct Address {
  std::string name;
  std::string address;
  friend bool operator==(const Address&, const Address&) = default;
};

struct Attachment {
  std::uint32_t index = 0;  // of the leaf, counted from 1 in depth-first order, what is opened too
  std::string name;         // UTF-8, safe as a file name; may be empty
  std::string type;         // "image/jpeg", lower case
  base::Bytes size;         // of the decoded bytes, as sha256 is
  base::Sha256 sha256{};
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

// All text is valid UTF-8 without NUL. Message-IDs stand without their angle brackets.
struct Reading {
  std::string message_id;  // empty: the mail has none
  std::vector<std::string> in_reply_to;
  std::vector<std::string> references;  // oldest first
  std::vector<Address> from, to, cc, reply_to;
  std::string subject;
  std::optional<base::Instant> date;
  std::string text;      // the best plain rendering of the body; LF line ends
  std::string new_text;  // without what the mail quotes, and without the signature
  std::vector<Attachment> attachments;
  std::string auto_submitted;        // RFC 3834, lower case, "" when absent
  std::vector<std::string> defects;  // what is wrong with it, in a few words each
  bool opaque = false;               // nothing could be read: only the raw bytes count
  Kind kind = Kind::person;
  // Message-IDs that it bore before somebody on the way gave it another.
  std::vector<std::string> former_ids;
  std::string thread_index;             // Outlook's conversation, 22 bytes in hex; empty: none
  std::vector<std::string> loop_marks;  // of X-Loop and its like, lower case
  std::optional<Report> report;         // of a delivery report
  friend bool operator==(const Reading&, const Reading&) = default;
};

// Reads `raw`, a message with CRLF line ends. Never fails: what cannot be read becomes a defect,
// and a mail of which nothing can be read is opaque. A pure function of the bytes, for any thread;
// it throws nothing but std::bad_alloc, and no recursion goes deeper than the limits. Limits: depth
// 50, 5,000 parts, header block 256 KiB, field 64 KiB, HTML nested 250 deep, text 4 MiB; what is
// over is a defect. Time and memory are linear in `raw`. Opened on the way: opaque-signed S/MIME
// (nobody verifies it; a defect says so) and winmail.dat, whose parts stand in the place of theirs.
// Of an invitation, of an attachment that is kept elsewhere and of a piece of a longer mail, a few
// lines stand below the text.
Reading read(std::string_view raw);

// What stands for a mail that must not be read (it killed its reader).
Reading opaque(std::string_view why);

// The decoded bytes of leaf `index` as Attachment counts them.
// Errors: permanent/not_found.
base::Result<std::string> part_bytes(std::string_view raw, std::uint32_t index);

}  // namespace beredd::mail
