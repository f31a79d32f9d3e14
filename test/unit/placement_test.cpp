// Where rows are, without Citus: each fact decides, and nothing is taken for supported by accident.
#include "core/placement.hpp"

#include <gtest/gtest.h>

namespace vidyo_cdr {
namespace {

// ConferenceCall2 as cdr_distribute leaves it, asked for by a session on the coordinator.
PlacementFacts DistributedRecords() {
  PlacementFacts facts;
  facts.kind = CitusTable::kDistributed;
  facts.is_records = true;
  facts.access_is_everywhere = true;
  facts.citus_is_loaded = true;
  facts.is_coordinator = true;
  facts.values_arrive = true;
  return facts;
}

// The entries of access, on any node.
PlacementFacts SharedAccess() {
  PlacementFacts facts;
  facts.kind = CitusTable::kReference;
  facts.is_access = true;
  facts.access_is_everywhere = true;
  facts.citus_is_loaded = true;
  return facts;
}

TEST(Placement, WithoutCitusRowsAreHere) {
  EXPECT_EQ(DecidePlacement({}), PlacementVerdict::kHere);
  PlacementFacts facts = DistributedRecords();
  facts.kind = CitusTable::kNone;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kHere);
}

TEST(Placement, DistributedRecordsAreOnNodes) {
  EXPECT_EQ(DecidePlacement(DistributedRecords()), PlacementVerdict::kOnNodes);
}

TEST(Placement, SharedAccessIsOnNodesAlsoOnAWorker) {
  EXPECT_EQ(DecidePlacement(SharedAccess()), PlacementVerdict::kOnNodes);
}

TEST(Placement, ATableLooksEmptyWhereCitusIsNotLoaded) {
  PlacementFacts facts = DistributedRecords();
  facts.citus_is_loaded = false;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kCitusNotLoaded);
  facts = SharedAccess();
  facts.citus_is_loaded = false;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kCitusNotLoaded);
}

TEST(Placement, OtherKindsOfTablesAreRefused) {
  for (const CitusTable kind : {CitusTable::kReference, CitusTable::kOther}) {
    PlacementFacts facts = DistributedRecords();
    facts.kind = kind;
    EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kByHand);
  }
  for (const CitusTable kind : {CitusTable::kDistributed, CitusTable::kOther}) {
    PlacementFacts facts = SharedAccess();
    facts.kind = kind;
    EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kByHand);
  }
}

TEST(Placement, OtherTablesOfTheExtensionAreRefused) {
  PlacementFacts facts = DistributedRecords();
  facts.is_records = false;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kByHand);
  facts = SharedAccess();
  facts.is_access = false;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kByHand);
}

TEST(Placement, RecordsWhoseNodesDoNotKnowTheAccessAreRefused) {
  PlacementFacts facts = DistributedRecords();
  facts.access_is_everywhere = false;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kByHand);
}

TEST(Placement, WorkersAreRefused) {
  PlacementFacts facts = DistributedRecords();
  facts.is_coordinator = false;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kWorker);
}

TEST(Placement, SettingsThatChangeValuesAreRefused) {
  PlacementFacts facts = DistributedRecords();
  facts.values_arrive = false;
  EXPECT_EQ(DecidePlacement(facts), PlacementVerdict::kSettings);
}

}  // namespace
}  // namespace vidyo_cdr
