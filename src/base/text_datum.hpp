// Texts on both sides of PostgreSQL's type text.
#pragma once

#include <string_view>

#include "base/postgres.hpp"

namespace vidyo_cdr {

// A copy as a value of type text, in the current memory context.
inline Datum TextDatum(std::string_view text) {
  return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
}

// The bytes of a value of type text, unpacked into the current memory context where they must be.
inline std::string_view TextOf(Datum value) {
  const auto *text = reinterpret_cast<const varlena *>(PG_DETOAST_DATUM_PACKED(value));
  return {VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text)};
}

}  // namespace vidyo_cdr
