#include "app/config/yaml.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "codec/utf8.hpp"

namespace keystead::app {
namespace {

std::size_t line_of(YAML::Mark const& mark) {
  return mark.line < 0 ? 1 : static_cast<std::size_t>(mark.line) + 1;
}

// Leaves the parser, which knows no other way out of an event. Caught in read_yaml.
struct Refused {
  Mistake mistake;
};

// Events instead of YAML::Node: that keeps aliases as shared nodes, in which a small file can
// describe a huge or endless tree.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(YamlLimits const& limits) : limits_(limits) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(YAML::Mark const&) override {}
  void OnDocumentEnd() override {}

  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    add(leaf(mark, YamlNode::Kind::null), anchor);
  }

  void OnScalar(
      YAML::Mark const& mark,
      std::string const& tag,
      YAML::anchor_t anchor,
      std::string const& value
  ) override {
    YamlNode node = leaf(mark, YamlNode::Kind::scalar);
    node.quoted = tag == "!";  // how yaml-cpp says it; "?" for a plain one
    if (!node.quoted) refuse_tag(mark, tag);
    node.text = value;
    // Long texts count for more than one, or aliases of them could fill the memory.
    std::size_t extra = value.size() / kBytesPerNode;
    count(extra, mark);
    add(std::move(node), anchor, 1 + extra);
  }

  void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    auto at = anchors_.find(anchor);
    if (at == anchors_.end()) {
      throw Refused{{line_of(mark), "an alias stands inside its own anchor"}};
    }
    count(at->second.nodes, mark);
    add(at->second.node, 0);
  }

  void OnSequenceStart(
      YAML::Mark const& mark,
      std::string const& tag,
      YAML::anchor_t anchor,
      YAML::EmitterStyle::value
  ) override {
    open(mark, tag, anchor, YamlNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(
      YAML::Mark const& mark,
      std::string const& tag,
      YAML::anchor_t anchor,
      YAML::EmitterStyle::value
  ) override {
    open(mark, tag, anchor, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  static constexpr std::size_t kBytesPerNode = 64;

  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    std::size_t nodes_before;
  };
  struct Anchored {
    YamlNode node;
    std::size_t nodes;
  };

  static void refuse_tag(YAML::Mark const& mark, std::string const& tag) {
    if (!tag.empty() && tag != "?") {
      throw Refused{{line_of(mark), "tags are not read here; put text into quotes instead"}};
    }
  }

  void count(std::size_t nodes, YAML::Mark const& mark) {
    nodes_ += nodes;
    if (nodes_ > limits_.nodes) {
      throw Refused{
          {line_of(mark),
           "more than " + std::to_string(limits_.nodes) + " values, aliases followed"}
      };
    }
  }

  YamlNode leaf(YAML::Mark const& mark, YamlNode::Kind kind) {
    count(1, mark);
    YamlNode node;
    node.kind = kind;
    node.line = line_of(mark);
    return node;
  }

  void open(
      YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, YamlNode::Kind kind
  ) {
    refuse_tag(mark, tag);
    if (open_.size() == limits_.depth) {
      throw Refused{
          {line_of(mark), "nested deeper than " + std::to_string(limits_.depth) + " levels"}
      };
    }
    std::size_t nodes_before = nodes_;
    open_.push_back({leaf(mark, kind), anchor, nodes_before});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = {done.node, nodes_ - done.nodes_before};
    put(std::move(done.node));
  }

  void add(YamlNode node, YAML::anchor_t anchor, std::size_t nodes = 1) {
    if (anchor != 0) anchors_[anchor] = {node, nodes};
    put(std::move(node));
  }

  void put(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back().node;
    bool is_key = parent.kind == YamlNode::Kind::map && parent.keys.size() == parent.items.size();
    if (is_key && node.kind != YamlNode::Kind::scalar) {
      throw Refused{{node.line, "a key must be text"}};
    }
    // The parser finds a value that is not there only at the next token, which may be lines further
    // on.
    bool is_value = parent.kind == YamlNode::Kind::map && !is_key;
    if (is_value && node.kind == YamlNode::Kind::null) node.line = parent.keys.back().line;
    (is_key ? parent.keys : parent.items).push_back(std::move(node));
  }

  YamlLimits limits_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
};

std::size_t line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

std::expected<void, Mistake> check_bytes(std::string_view text, YamlLimits const& limits) {
  if (text.size() > limits.bytes) {
    return std::unexpected(
        Mistake{1, "the file is larger than " + std::to_string(limits.bytes >> 10) + " KiB"}
    );
  }
  if (std::size_t at = text.find('\0'); at != std::string_view::npos) {
    return std::unexpected(Mistake{line_at(text, at), "a NUL byte"});
  }
  for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    if (!codec::is_utf8(text.substr(begin, end - begin))) {
      return std::unexpected(Mistake{line, "not UTF-8"});
    }
    begin = end + 1;
  }
  return {};
}

}  // namespace

std::expected<YamlNode, Mistake> read_yaml(std::string_view text, YamlLimits const& limits) {
  if (auto bytes = check_bytes(text, limits); !bytes) return std::unexpected(bytes.error());
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder tree(limits);
    if (!parser.HandleNextDocument(tree)) return std::unexpected(Mistake{1, "the file is empty"});
    YamlNode root = tree.take();
    TreeBuilder second(limits);
    if (parser.HandleNextDocument(second)) {
      return std::unexpected(Mistake{second.take().line, "a second document; one is read"});
    }
    return root;
  } catch (Refused const& refused) {
    return std::unexpected(refused.mistake);
  } catch (YAML::ParserException const& error) {
    return std::unexpected(Mistake{line_of(error.mark), "not YAML: " + error.msg});
  }
}

}  // namespace keystead::app
