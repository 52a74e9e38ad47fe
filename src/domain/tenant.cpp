#include "domain/tenant.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace keystead::domain {
namespace {

constexpr std::size_t kSlugBytesMax = 63;  // as a label of a host name

struct Fold {
  char32_t first;
  char32_t last;
  std::string_view letters;
};

// The Latin letters beyond ASCII that names are commonly written with, without their accents. In
// the order of the first. Combining accents (U+0300 to U+036F) leave nothing.
constexpr std::array kFolds = std::to_array<Fold>({
    {0xC0, 0xC5, "a"},     {0xC6, 0xC6, "ae"},     {0xC7, 0xC7, "c"},     {0xC8, 0xCB, "e"},
    {0xCC, 0xCF, "i"},     {0xD0, 0xD0, "d"},      {0xD1, 0xD1, "n"},     {0xD2, 0xD6, "o"},
    {0xD8, 0xD8, "o"},     {0xD9, 0xDC, "u"},      {0xDD, 0xDD, "y"},     {0xDE, 0xDE, "th"},
    {0xDF, 0xDF, "ss"},    {0xE0, 0xE5, "a"},      {0xE6, 0xE6, "ae"},    {0xE7, 0xE7, "c"},
    {0xE8, 0xEB, "e"},     {0xEC, 0xEF, "i"},      {0xF0, 0xF0, "d"},     {0xF1, 0xF1, "n"},
    {0xF2, 0xF6, "o"},     {0xF8, 0xF8, "o"},      {0xF9, 0xFC, "u"},     {0xFD, 0xFD, "y"},
    {0xFE, 0xFE, "th"},    {0xFF, 0xFF, "y"},      {0x100, 0x105, "a"},   {0x106, 0x10D, "c"},
    {0x10E, 0x111, "d"},   {0x112, 0x11B, "e"},    {0x11C, 0x123, "g"},   {0x124, 0x127, "h"},
    {0x128, 0x131, "i"},   {0x132, 0x133, "ij"},   {0x134, 0x135, "j"},   {0x136, 0x138, "k"},
    {0x139, 0x142, "l"},   {0x143, 0x14B, "n"},    {0x14C, 0x151, "o"},   {0x152, 0x153, "oe"},
    {0x154, 0x159, "r"},   {0x15A, 0x161, "s"},    {0x162, 0x167, "t"},   {0x168, 0x173, "u"},
    {0x174, 0x175, "w"},   {0x176, 0x178, "y"},    {0x179, 0x17E, "z"},   {0x17F, 0x17F, "s"},
    {0x1A0, 0x1A1, "o"},   {0x1AF, 0x1B0, "u"},    {0x218, 0x219, "s"},   {0x21A, 0x21B, "t"},
    {0x300, 0x36F, ""},    {0x1E9E, 0x1E9E, "ss"}, {0x1EA0, 0x1EB7, "a"}, {0x1EB8, 0x1EC7, "e"},
    {0x1EC8, 0x1ECB, "i"}, {0x1ECC, 0x1EE3, "o"},  {0x1EE4, 0x1EF1, "u"}, {0x1EF2, 0x1EF9, "y"},
});

// Takes a character off the front of `text`; of bytes that are not UTF-8, one byte that folds to
// nothing else.
char32_t take_character(std::string_view& text) {
  constexpr char32_t kNone = 0xFFFD;
  auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  std::size_t size = byte(0) < 0x80 ? 1 : byte(0) >> 5 == 6 ? 2 : byte(0) >> 4 == 14 ? 3 : 0;
  char32_t character = size == 1 ? byte(0) : size == 2 ? byte(0) & 0x1F : byte(0) & 0xF;
  for (std::size_t at = 1; at < size; ++at) {
    if (at == text.size() || byte(at) >> 6 != 2) {
      size = 0;
      break;
    }
    character = character << 6 | (byte(at) & 0x3F);
  }
  text.remove_prefix(std::max<std::size_t>(size, 1));
  return size == 0 ? kNone : character;
}

void append_folded(std::string& slug, char32_t character) {
  auto fold = std::ranges::upper_bound(kFolds, character, {}, &Fold::first);
  if (fold != kFolds.begin() && character <= std::prev(fold)->last) {
    slug += std::prev(fold)->letters;
  } else if (character >= 'A' && character <= 'Z') {
    slug += static_cast<char>(character - 'A' + 'a');
  } else if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')) {
    slug += static_cast<char>(character);
  } else if (!slug.empty() && slug.back() != '-') {
    slug += '-';
  }
}

}  // namespace

std::string slug_of(std::string_view name) {
  std::string slug;
  while (!name.empty() && slug.size() <= kSlugBytesMax) append_folded(slug, take_character(name));
  if (slug.size() > kSlugBytesMax) slug.resize(kSlugBytesMax);
  while (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? "tenant" : slug;
}

}  // namespace keystead::domain
