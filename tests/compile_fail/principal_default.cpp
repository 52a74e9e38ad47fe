// There is no empty Principal that could be filled in later.

// expect: no matching constructor for initialization of 'domain::Principal'

#include "domain/principal.hpp"

keystead::domain::Principal forge() {
  using namespace keystead;
  return domain::Principal{};
}
