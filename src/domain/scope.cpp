#include "domain/scope.hpp"

#include <algorithm>

namespace keystead::domain {
namespace {

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
bool is_scope_token(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::ranges::all_of(name, [](char c) {
    return c >= 0x21 && c <= 0x7e && c != '"' && c != '\\';
  });
}

}  // namespace

Result<ScopeCatalog> ScopeCatalog::make(std::vector<Scope> scopes) {
  if (scopes.size() > ScopeSet::kCountMax) {
    return fail(Code::invalid_request, "more than 128 scopes");
  }
  ScopeCatalog catalog;
  for (Scope& scope : scopes) {
    if (!is_scope_token(scope.name)) {
      return fail(
          Code::invalid_request, "\"" + scope.name + "\" is not a scope name (RFC 6749 §3.3)"
      );
    }
    if (catalog.find(scope.name) < catalog.scopes_.size()) {
      return fail(Code::invalid_request, "scope \"" + scope.name + "\" is declared twice");
    }
    catalog.scopes_.push_back(std::move(scope));
  }
  catalog.closures_.resize(catalog.scopes_.size());
  for (std::size_t i = 0; i < catalog.scopes_.size(); ++i) {
    catalog.closures_[i].add(i);
    for (auto const& implied : catalog.scopes_[i].implies) {
      std::size_t index = catalog.find(implied);
      if (index == catalog.scopes_.size()) {
        return fail(
            Code::invalid_request,
            "scope \"" + catalog.scopes_[i].name + "\" implies \"" + implied +
                "\", which is not declared"
        );
      }
      catalog.closures_[i].add(index);
    }
  }
  // Implication is transitive: repeat until nothing grows. At most one round per scope.
  for (bool grown = true; grown;) {
    grown = false;
    for (ScopeSet& closure : catalog.closures_) {
      ScopeSet before = closure;
      for (std::size_t i = 0; i < catalog.scopes_.size(); ++i) {
        if (closure.has(i)) closure |= catalog.closures_[i];
      }
      grown |= !(before == closure);
    }
  }
  return catalog;
}

std::size_t ScopeCatalog::find(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::find(scopes_, name, &Scope::name) - scopes_.begin());
}

Result<ScopeSet> ScopeCatalog::resolve(std::span<std::string const> names) const {
  for (auto const& name : names) {
    if (find(name) == scopes_.size()) {
      return fail(Code::invalid_request, "unknown scope \"" + name + "\"");
    }
  }
  return resolve_known(names);
}

ScopeSet ScopeCatalog::resolve_known(std::span<std::string const> names) const {
  ScopeSet set;
  for (auto const& name : names) {
    std::size_t index = find(name);
    if (index < scopes_.size()) set |= closures_[index];
  }
  return set;
}

std::vector<std::string> ScopeCatalog::names(ScopeSet const& set) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < scopes_.size(); ++i) {
    if (set.has(i)) out.push_back(scopes_[i].name);
  }
  return out;
}

}  // namespace keystead::domain
