// SPDX-License-Identifier: Apache-2.0
#include "rules/type.h"

#include <array>
#include <utility>

namespace landfall::rules {
namespace {

constexpr int kNestedMost = 16;
constexpr std::array<std::pair<std::string_view, TypeKind>, 13> kNames = {{
    {"dyn", TypeKind::kDyn},
    {"null_type", TypeKind::kNull},
    {"bool", TypeKind::kBool},
    {"int", TypeKind::kInt},
    {"uint", TypeKind::kUint},
    {"double", TypeKind::kDouble},
    {"string", TypeKind::kString},
    {"bytes", TypeKind::kBytes},
    {"timestamp", TypeKind::kTimestamp},
    {"duration", TypeKind::kDuration},
    {"google.protobuf.Timestamp", TypeKind::kTimestamp},
    {"google.protobuf.Duration", TypeKind::kDuration},
    {"type", TypeKind::kType},
}};

class TypeReader {
 public:
  TypeReader(Arena& arena, std::string_view text, bool allow_params)
      : arena_(arena), text_(text), params_(allow_params) {}

  TypeRef ReadAll() {
    TypeRef out = Read(0);
    Skip();
    return text_.empty() ? out : nullptr;
  }

 private:
  void Skip() {
    while (!text_.empty() && text_[0] == ' ') text_.remove_prefix(1);
  }
  bool Take(char c) {
    Skip();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view Word() {
    Skip();
    std::size_t size = 0;
    while (size < text_.size() &&
           (text_[size] == '_' || text_[size] == '.' || (text_[size] >= 'a' && text_[size] <= 'z') ||
            (text_[size] >= 'A' && text_[size] <= 'Z'))) {
      ++size;
    }
    const std::string_view out = text_.substr(0, size);
    text_.remove_prefix(size);
    return out;
  }
  TypeRef One(TypeKind kind, int depth) {
    if (!Take('(')) return MakeType(arena_, kind, SimpleType(TypeKind::kDyn));
    TypeRef inner = Read(depth + 1);
    return inner != nullptr && Take(')') ? MakeType(arena_, kind, inner) : nullptr;
  }
  TypeRef Read(int depth) {
    if (depth > kNestedMost) return nullptr;
    const std::string_view word = Word();
    if (word == "list") return One(TypeKind::kList, depth);
    if (word == "optional" || word == "optional_type") return One(TypeKind::kOptional, depth);
    if (word == "map") {
      TypeRef dyn = SimpleType(TypeKind::kDyn);
      if (!Take('(')) return MakeType(arena_, TypeKind::kMap, dyn, dyn);
      TypeRef key = Read(depth + 1);
      if (key == nullptr || !Take(',')) return nullptr;
      TypeRef value = Read(depth + 1);
      return value != nullptr && Take(')') ? MakeType(arena_, TypeKind::kMap, key, value) : nullptr;
    }
    if (params_ && word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') {
      auto* node = arena_.Array<TypeNode>(1);
      *node = TypeNode{TypeKind::kParam, static_cast<std::uint32_t>(word[0] - 'A'), nullptr, nullptr};
      return node;
    }
    for (const auto& [name, kind] : kNames)
      if (name == word) return SimpleType(kind);
    return nullptr;
  }

  Arena& arena_;
  std::string_view text_;
  bool params_;
};

}  // namespace

TypeRef SimpleType(TypeKind kind) {
  static const std::array<TypeNode, 14> kSimple = [] {
    std::array<TypeNode, 14> out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i].kind = static_cast<TypeKind>(i);
    return out;
  }();
  return &kSimple[static_cast<std::size_t>(kind)];
}

TypeRef MakeType(Arena& arena, TypeKind kind, TypeRef first, TypeRef second) {
  auto* node = arena.Array<TypeNode>(1);
  *node = TypeNode{kind, 0, first, second};
  return node;
}

Result<TypeRef> ParseType(Arena& arena, std::string_view text, bool allow_params) {
  TypeRef out = text.size() <= 1000 ? TypeReader(arena, text, allow_params).ReadAll() : nullptr;
  if (out == nullptr) return Invalid("rules.bad_type", "a declared type cannot be read", "type");
  return out;
}

std::string TypeText(TypeRef type) {
  switch (type->kind) {
    case TypeKind::kList:
      return "list(" + TypeText(type->first) + ")";
    case TypeKind::kMap:
      return "map(" + TypeText(type->first) + ", " + TypeText(type->second) + ")";
    case TypeKind::kOptional:
      return "optional(" + TypeText(type->first) + ")";
    case TypeKind::kType:
      return "type";
    case TypeKind::kParam:
      return std::string(1, static_cast<char>('A' + type->id));
    case TypeKind::kVar:
      return "dyn";
    default:
      break;
  }
  for (const auto& [name, kind] : kNames)
    if (kind == type->kind) return std::string(name);
  return "dyn";
}

}  // namespace landfall::rules
