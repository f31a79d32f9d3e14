// Finding export_cdr in whatever schema it is.
#include "export/function.hpp"

#include "base/extension.hpp"

namespace vidyo_cdr {

Oid FindExportFunction() { return FindMemberFunction(FindExtension(), "export_cdr"); }

}  // namespace vidyo_cdr
