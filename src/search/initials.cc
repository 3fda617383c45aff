// SPDX-License-Identifier: Apache-2.0
#include "search/initials.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

#include "base/result.h"

namespace landfall::search {
namespace {

constexpr char16_t kFirst = 0x3400, kLast = 0x9FFF;
constexpr Letters kKnown = Letters{1} << 31;  // Tells "no reading" from "not asked yet".

// 多音字: the character, then the initials of all its common readings, place names and surnames among them.
constexpr std::u16string_view kPolyphones[] = {
    u"重zc", u"长cz", u"行xh",  u"乐lyl", u"厦xs",  u"朝zc", u"会hk", u"曾zc", u"单dsc", u"藏zc", u"参cs", u"降jx",
    u"调dt", u"弹dt", u"盛sc",  u"省sx",  u"石sd",  u"识sz", u"属sz", u"宿sx", u"系xj",  u"校xj", u"解jx", u"泊bp",
    u"区qo", u"仇cq", u"查cz",  u"车cj",  u"乘cs",  u"传cz", u"臭cx", u"畜cx", u"朴pb",  u"尉wy", u"沈sc", u"隗wk",
    u"秘mb", u"粘nz", u"囤td",  u"屯tz",  u"堡bp",  u"圩wx", u"番fp", u"涡gw", u"荥xy",  u"渑ms", u"莘sx", u"枞cz",
    u"浒hx", u"翟zd", u"覃qt",  u"壳kq",  u"强qj",  u"铅qy", u"茄qj", u"奇qj", u"期qj",  u"纤xq", u"巷xh", u"歙sx",
    u"峒dt", u"侗dt", u"澄cd",  u"提td",  u"陶ty",  u"折zs", u"种zc", u"幢zc", u"给gj",  u"合hg", u"贾jg", u"夹jg",
    u"颈jg", u"桧gh", u"卡kq",  u"括kg",  u"溃kh",  u"虹hj", u"红hg", u"辟pb", u"便bp",  u"扁bp", u"屏pb", u"瀑pb",
    u"曝pb", u"阿ae", u"恶ew",  u"佛fb",  u"否fp",  u"脯fp", u"凹aw", u"拗an", u"扒bp",  u"耙bp", u"磅bp", u"膀bp",
    u"刨pb", u"伺sc", u"伽gjq", u"咖kg",  u"轧yzg", u"叶yx", u"蔚wy", u"遗yw", u"率ls",  u"弄nl", u"疟ny", u"氏sz",
    u"召zs", u"沓td", u"万wm",  u"尾wy",  u"忪sz",  u"吓xh", u"嘏gj", u"栖qx", u"蹊qx",  u"契qx", u"亟jq", u"稽jq",
    u"缉jq", u"祭jz", u"見jx",  u"见jx",  u"禅cs",  u"铫yd", u"柜gj", u"莞gw", u"鲑gx",  u"郇xh", u"咳kh", u"吭hk",
    u"夯hb", u"貉hm", u"仡yg",  u"圈qj",  u"券qx",  u"缴jz", u"撮cz", u"攒zc", u"谷gy",  u"术sz", u"長cz", u"車cj",
    u"樂ly", u"廈xs", u"會hk",  u"單dsc", u"參cs",  u"調dt", u"彈dt", u"識sz", u"屬sz",  u"區qo", u"傳cz",
};

class Table {
 public:
  static Table& Instance() {
    static Table table;
    return table;
  }

  Letters Of(char16_t unit) {
    std::atomic<Letters>& cell = cells_[unit - kFirst];
    const Letters known = cell.load(std::memory_order_relaxed);
    if (known != 0) return known & ~kKnown;
    const Letters found = Read(unit);
    cell.fetch_or(found | kKnown, std::memory_order_relaxed);
    return cell.load(std::memory_order_relaxed) & ~kKnown;
  }

 private:
  Table() {
    UErrorCode error = U_ZERO_ERROR;
    plain_.reset(icu::Transliterator::createInstance("Han-Latin", UTRANS_FORWARD, error));
    names_.reset(icu::Transliterator::createInstance("Han-Latin/Names", UTRANS_FORWARD, error));
    decompose_ = icu::Normalizer2::getNFDInstance(error);
    LF_CHECK(U_SUCCESS(error));  // The data is compiled into Debian's libicudata.
    for (std::u16string_view row : kPolyphones)
      for (char16_t letter : row.substr(1)) extra_[row[0] - kFirst] |= LetterBit(letter);
  }

  Letters Read(char16_t unit) {
    const std::lock_guard lock(mutex_);  // A transliterator keeps state.
    return extra_[unit - kFirst] | Initial(*plain_, unit) | Initial(*names_, unit);
  }

  Letters Initial(const icu::Transliterator& reader, char16_t unit) const {
    icu::UnicodeString text(unit);
    reader.transliterate(text);
    UErrorCode error = U_ZERO_ERROR;
    text = decompose_->normalize(text.trim(), error).toLower();
    const char16_t letter = text.isEmpty() ? u'\0' : text[0];
    return letter >= u'a' && letter <= u'z' ? LetterBit(letter) : 0;
  }

  std::array<std::atomic<Letters>, kLast - kFirst + 1> cells_{};
  std::array<Letters, kLast - kFirst + 1> extra_{};
  std::unique_ptr<icu::Transliterator> plain_, names_;
  const icu::Normalizer2* decompose_ = nullptr;
  std::mutex mutex_;
};

}  // namespace

Letters InitialsOf(char16_t unit) { return IsHan(unit) ? Table::Instance().Of(unit) : 0; }

}  // namespace landfall::search
