// Arguments and locks of procedures that commit.
#include "base/procedure.hpp"

#include "base/held_lock.hpp"

namespace vidyo_cdr {

void RequireNonatomicCall(FunctionCallInfo fcinfo, const char *procedure) {
  const Node *context = fcinfo->context;
  if (context == nullptr || !IsA(context, CallContext) ||
      castNode(CallContext, const_cast<Node *>(context))->atomic) {
    ereport(ERROR, (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
                    errmsg("%s cannot run inside a transaction block", procedure),
                    errhint("It commits after each batch: call it with autocommit, not in a "
                            "transaction block or a function.")));
  }
}

int32_t BatchSizeArgument(FunctionCallInfo fcinfo, int number) {
  constexpr int32_t kDefault = 10000;
  constexpr int32_t kMax = 1000000;
  const int32_t size = PG_ARGISNULL(number) ? kDefault : PG_GETARG_INT32(number);
  if (size < 1 || size > kMax) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("batch_size %d is out of range", size),
                    errhint("Valid values are between 1 and %d.", kMax)));
  }
  return size;
}

LOCKTAG SessionLockOn(Oid relation) {
  LOCKTAG tag;
  SET_LOCKTAG_OBJECT(tag, MyDatabaseId, RelationRelationId, relation, 0);
  return tag;
}

void ReleaseSessionLock(const LOCKTAG &lock) {
  if (HoldsLock(lock, ExclusiveLock)) {
    LockRelease(&lock, ExclusiveLock, true);
  }
}

}  // namespace vidyo_cdr
