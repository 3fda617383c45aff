// SPDX-License-Identifier: Apache-2.0
#include "words.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>

namespace landfall::city {
namespace {

constexpr std::string_view kFirst[] = {"启衡", "澜拓", "昀禾", "钧泽", "翊辰", "朗溪", "砺石", "沐恒", "穹宇", "霖川",
                                       "铭曜", "瀚屿", "煦能", "栎光", "珩科", "澍源", "岫云", "汀澜", "皓枢", "堃盛"};
constexpr std::string_view kSecond[] = {"达", "科", "源", "盛", "联", "创", "合", "新", "远", "瑞", "兴", "诚"};

struct Trade {
  std::string_view branch;
  std::string_view products[4];
  std::string_view unit;
};
constexpr Trade kTrades[] = {{"新材料", {"特种玻璃纤维", "高性能铝箔", "生物基树脂", "陶瓷隔膜"}, "万吨"},
                             {"电子", {"柔性电路板", "功率模块", "光学镜头", "连接器"}, "万套"},
                             {"智能装备", {"工业机器人", "数控机床", "包装生产线", "精密减速器"}, "台套"},
                             {"储能", {"储能电池", "电池回收", "充电设备", "逆变器"}, "兆瓦时"},
                             {"生物医药", {"中药饮片", "医用敷料", "诊断试剂", "缓释制剂"}, "万盒"},
                             {"食品", {"预制菜", "茶饮", "粮油精深加工", "冷链净菜"}, "万吨"},
                             {"绿色建材", {"装配式构件", "节能门窗", "石膏板", "再生骨料"}, "万平方米"},
                             {"轻纺", {"功能面料", "无纺制品", "箱包", "运动鞋"}, "万件"},
                             {"汽车零部件", {"铝合金轮毂", "线束", "座椅骨架", "制动盘"}, "万套"},
                             {"物流", {"智慧仓储", "多式联运", "冷链集散", "电商分拨"}, "万吨"}};

void Chunk(std::string& out, std::string_view type, const std::string& data) {
  const auto four = [&](std::uint32_t n) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift & 0xff);
  };
  four(static_cast<std::uint32_t>(data.size()));
  std::string body(type);
  body += data;
  out += body;
  four(static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
}

}  // namespace

Naming NameOf(Chance& chance, int number) {
  const Trade& trade = chance.Pick(kTrades);
  const std::string_view product = chance.Pick(trade.products);
  constexpr int kFirsts = static_cast<int>(std::size(kFirst)), kSeconds = static_cast<int>(std::size(kSecond));
  std::string brand(kFirst[static_cast<std::size_t>(number % kFirsts)]);
  brand += kSecond[static_cast<std::size_t>(number / kFirsts % kSeconds)];
  if (number >= kFirsts * kSeconds) brand += kFirst[static_cast<std::size_t>(number / (kFirsts * kSeconds) % kFirsts)];
  Naming names;
  names.enterprise = fmt::format("{}{}（示例）有限公司", brand, trade.branch);
  static constexpr std::int64_t kAmounts[] = {1, 2, 3, 5, 8, 10, 12, 20, 30, 50, 100, 200};
  if (trade.branch == "物流")
    names.project = fmt::format("{}{}基地项目", brand, product);
  else
    names.project = fmt::format("{}年产{}{}{}项目", brand, chance.Pick(kAmounts), trade.unit, product);
  return names;
}

std::string CreditCodeOf(int number) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // GB 32100-2015 §5
  std::string code = fmt::format("91990100{:08}", 90'000'000 + number);
  constexpr int kWeights[8] = {3, 7, 9, 10, 5, 8, 4, 2};  // GB 11714-1997
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += kWeights[i] * (code[8 + i] - '0');
  const int check = (11 - sum % 11) % 11;
  code += check == 10 ? 'X' : static_cast<char>('0' + check);
  sum = 0;
  int weight = 1;
  for (const char c : code) {
    sum += static_cast<int>(kAlphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return code + kAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

std::string ProgressText(Chance& chance, int permille) {
  static constexpr std::string_view kStages[][3] = {
      {"场地围挡完成，桩基施工", "临建完成，基坑开挖", "桩基检测合格，承台施工"},
      {"基础施工完成，主体起步", "一层结构浇筑", "钢柱吊装过半"},
      {"主体结构施工", "主体封顶在即，砌体跟进", "钢结构安装完成"},
      {"屋面与外墙施工", "机电管线安装", "厂区道路与管网施工"},
      {"设备进场安装", "产线调试", "消防与环保设施收尾"}};
  const auto at = static_cast<std::size_t>(std::clamp(permille / 200, 0, 4));
  return fmt::format("{}（示例数据）", chance.Pick(kStages[at]));
}
std::string_view DifficultyText(Chance& chance) {
  static constexpr std::string_view kTexts[] = {"雨天多，土方进度慢（示例）", "电力接入方案未批（示例）",
                                                "施工便道未通（示例）",       "贷款到账晚于计划（示例）",
                                                "图审意见待回复（示例）",     "用工不足（示例）"};
  return chance.Pick(kTexts);
}
std::string_view BlockText(std::string_view block) {
  if (block == "land") return "用地指标未落实，净地未交付（示例数据）";
  if (block == "demolition") return "红线内尚有房屋未征拆（示例数据）";
  if (block == "utilities") return "专线供电未接通（示例数据）";
  if (block == "approval") return "环评批复未取得（示例数据）";
  return "首期资金未到位（示例数据）";
}

std::string Picture(int which) {
  constexpr int kWidth = 320, kHeight = 200;
  constexpr std::array<std::array<int, 3>, 6> kSkies{
      {{168, 200, 226}, {205, 214, 222}, {240, 212, 176}, {150, 178, 208}, {190, 206, 214}, {222, 226, 232}}};
  const auto& sky = kSkies[static_cast<std::size_t>(which % 6)];
  const int roof = 60 + which * 12, left = 40 + which * 9, right = left + 150;
  std::string rows;
  for (int y = 0; y < kHeight; ++y) {
    rows += '\0';  // Filter: none.
    for (int x = 0; x < kWidth; ++x) {
      const bool ground = y > 150, hall = x > left && x < right && y > roof && !ground;
      const bool window = hall && (x - left) % 24 > 8 && (y - roof) % 26 > 12;
      const bool crane = (x > 262 && x < 268 && y > 20 && !ground) || (y > 24 && y < 30 && x > 120 && x < 290);
      for (int c = 0; c < 3; ++c) {
        const int value = crane    ? std::array{214, 158, 40}[static_cast<std::size_t>(c)]
                          : window ? 96 + c * 18
                          : hall   ? 176 - c * 6
                          : ground ? std::array{146, 120, 92}[static_cast<std::size_t>(c)]
                                   : sky[static_cast<std::size_t>(c)] - y / 6;
        rows += static_cast<char>(value);
      }
    }
  }
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
            static_cast<uLong>(rows.size()), 9);
  packed.resize(size);
  std::string head;
  for (const int n : {kWidth, kHeight})
    for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(n >> shift & 0xff);
  head += std::string("\x08\x02\x00\x00\x00", 5);  // Eight bits, RGB.
  std::string out = "\x89PNG\r\n\x1a\n";
  Chunk(out, "IHDR", head);
  Chunk(out, "tEXt", std::string("Comment\0example data, invented", 30));
  Chunk(out, "IDAT", packed);
  Chunk(out, "IEND", "");
  return out;
}

}  // namespace landfall::city
