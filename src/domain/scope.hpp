// Scopes as configuration declares them, and sets of them as a check sees them: two machine words.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace keystead::domain {

class ScopeSet {
 public:
  static constexpr std::size_t kCountMax = 128;

  void add(std::size_t index) { words_[index / 64] |= std::uint64_t{1} << (index % 64); }
  bool has(std::size_t index) const { return (words_[index / 64] >> (index % 64) & 1) != 0; }
  bool contains(ScopeSet const& other) const {
    return (other.words_[0] & ~words_[0]) == 0 && (other.words_[1] & ~words_[1]) == 0;
  }
  bool empty() const { return (words_[0] | words_[1]) == 0; }
  ScopeSet& operator|=(ScopeSet const& other) {
    words_[0] |= other.words_[0];
    words_[1] |= other.words_[1];
    return *this;
  }
  // What both have.
  friend ScopeSet operator&(ScopeSet a, ScopeSet const& b) {
    a.words_[0] &= b.words_[0];
    a.words_[1] &= b.words_[1];
    return a;
  }
  friend bool operator==(ScopeSet const&, ScopeSet const&) = default;

 private:
  std::array<std::uint64_t, 2> words_{};
};

struct Scope {
  std::string name;
  std::string label;                 // how people read it: "Read + Write"
  std::vector<std::string> implies;  // names of scopes that come with it
};

// All scopes of an installation. Immutable; shared by all threads.
class ScopeCatalog {
 public:
  // Code::invalid_request for a duplicate name, an unknown implied scope, a name outside RFC 6749
  // §3.3, or more than kCountMax.
  static Result<ScopeCatalog> make(std::vector<Scope> scopes);

  // The set of these names and all that they imply. Code::invalid_request names the first unknown
  // one.
  Result<ScopeSet> resolve(std::span<std::string const> names) const;
  // The same for what is stored: a scope that configuration no longer knows grants nothing.
  ScopeSet resolve_known(std::span<std::string const> names) const;

  std::vector<std::string> names(ScopeSet const& set) const;
  std::vector<Scope> const& all() const { return scopes_; }

 private:
  std::size_t find(std::string_view name) const;  // all().size() if there is none

  std::vector<Scope> scopes_;
  std::vector<ScopeSet> closures_;  // by index: the scope and all that it implies
};

}  // namespace keystead::domain
