#include "beredd/api/codec.h"

#include "decoder.h"
#include "encoder.h"
#include "fields_letter.h"

namespace beredd::api {

template <typename T>
std::string encode(const T& value) {
  return encoded(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename T>
base::Result<T> decode(std::string_view json) {
  const Json parsed = Json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) return base::permanent(base::Code::invalid, "this is not JSON");
  T value{};
  Decoder decoder;
  decoder.read(parsed, value);
  if (decoder.error()) return *decoder.error();
  return value;
}

// NOLINTBEGIN(bugprone-macro-parentheses): T is a type, which stands in none.
#define BEREDD_SHAPE(T)                                               \
  template std::string encode<T>(const T&);                           \
  template std::string encode<std::vector<T>>(const std::vector<T>&); \
  template base::Result<T> decode<T>(std::string_view);               \
  template base::Result<std::vector<T>> decode<std::vector<T>>(std::string_view);
// NOLINTEND(bugprone-macro-parentheses)

BEREDD_SHAPE(Message)
BEREDD_SHAPE(Ticket)
BEREDD_SHAPE(PrimaryStatus)
BEREDD_SHAPE(Transition)
BEREDD_SHAPE(CheckStatus)
BEREDD_SHAPE(HandbackStatus)
BEREDD_SHAPE(Plan)
BEREDD_SHAPE(Reconciliation)
BEREDD_SHAPE(QuarantinedItem)
BEREDD_SHAPE(Status)
BEREDD_SHAPE(ServiceEvent)
BEREDD_SHAPE(Changes)
BEREDD_SHAPE(Problem)
BEREDD_SHAPE(ForceRequest)
BEREDD_SHAPE(QuarantineRequest)
BEREDD_SHAPE(ConfigView)
BEREDD_SHAPE(SeenTicket)
BEREDD_SHAPE(ChangeRequest)
BEREDD_SHAPE(NoteRequest)
BEREDD_SHAPE(MergeRequest)
BEREDD_SHAPE(SplitRequest)
BEREDD_SHAPE(Undone)
BEREDD_SHAPE(Draft)
BEREDD_SHAPE(LetterRequest)
BEREDD_SHAPE(Written)
BEREDD_SHAPE(Upload)
BEREDD_SHAPE(OutgoingItem)
BEREDD_SHAPE(DropRequest)
BEREDD_SHAPE(NoticePreview)
BEREDD_SHAPE(TemplateView)
BEREDD_SHAPE(Colleague)
BEREDD_SHAPE(Team)
BEREDD_SHAPE(Staffing)
BEREDD_SHAPE(Next)
BEREDD_SHAPE(Lease)
BEREDD_SHAPE(AbsenceRequest)
BEREDD_SHAPE(LineRequest)
BEREDD_SHAPE(StaffingRequest)

#undef BEREDD_SHAPE

}  // namespace beredd::api
