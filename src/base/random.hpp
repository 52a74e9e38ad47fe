// Where randomness comes from: the system, or a fixed sequence in tests.
#pragma once

#include <cstddef>
#include <span>

namespace keystead {

class Random {
 public:
  virtual ~Random() = default;
  // Fills the whole span. Safe from any thread. Throws std::system_error if the system has no
  // randomness to give.
  virtual void fill(std::span<unsigned char> out) = 0;
};

class SystemRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override;
};

}  // namespace keystead
