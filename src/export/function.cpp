// Finding export_cdr in whatever schema it is.
#include "export/function.hpp"

#include "base/extension.hpp"

namespace vidyo_cdr {

Oid FindExportFunction() {
  const Extension extension = FindExtension();
  return extension.Exists() ? FindMemberFunction(extension, "export_cdr") : InvalidOid;
}

}  // namespace vidyo_cdr
