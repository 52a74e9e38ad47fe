// For tests: the rows of two tenants in a folder of their own, and the permits to open them.
#pragma once

#include <vector>

#include "data/test_collection.hpp"
#include "store/tenant_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_permit.hpp"

namespace keystead::data {

class TestStores {
 public:
  TestStores() : stores_({folder_.path()}, collections_, clock_, random_) {}

  domain::Collection const& tasks() const { return collections_.front(); }
  domain::Permit permit_a() const { return store::permit_for(a_); }
  domain::Permit permit_b() const { return store::permit_for(b_); }
  store::TenantStore open(domain::Permit const& permit) { return stores_.open(permit); }

 private:
  store::TestFolder folder_;
  std::vector<domain::Collection> collections_{test_collection()};
  SystemClock clock_;
  SystemRandom random_;
  domain::TenantId a_ = domain::TenantId::mint(random_);
  domain::TenantId b_ = domain::TenantId::mint(random_);
  store::TenantStores stores_;
};

}  // namespace keystead::data
