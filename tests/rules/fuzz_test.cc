// SPDX-License-Identifier: Apache-2.0
// Expressions from a grammar and from mutated bytes: no crash, no leak (under the address sanitizer), the limits hold.
// 200,000 of them; 10,000,000 with LANDFALL_TEST_ALL=1.
#include <ctime>

#include "rules/explain.h"
#include "rules/regex.h"
#include "rules/support.h"
#include "support/test_data.h"

namespace landfall::rules::test {
namespace {

constexpr std::uint64_t kSeed = 424242;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kMsMost = 100;
#else
constexpr double kMsMost = 5;
#endif

// Time this thread has worked, in ms: a busy machine does not count.
double ThreadMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// The least of three times: what an interrupt adds to one run is not the expression's doing.
template <class Work>
double LeastMs(Work work) {
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double start = ThreadMs();
    work();
    least = std::min(least, ThreadMs() - start);
  }
  return least;
}

// Changes, doubles or drops a few bytes, or splices in a piece that is known to be awkward.
std::string Mutated(Generator& generate, std::string text) {
  static constexpr std::string_view kPieces[] = {"&&",
                                                 "||",
                                                 "(",
                                                 ")",
                                                 "[",
                                                 "]",
                                                 "{",
                                                 "}",
                                                 "?",
                                                 ":",
                                                 "\\u12",
                                                 "'''",
                                                 "\"",
                                                 "b'",
                                                 "0x",
                                                 "1e999",
                                                 ".?",
                                                 "[?",
                                                 "in",
                                                 "has(",
                                                 "null",
                                                 "9u",
                                                 "..",
                                                 "`a b`",
                                                 "//",
                                                 "\n",
                                                 "\xff",
                                                 "高",
                                                 "😀",
                                                 "\\",
                                                 "-",
                                                 "!",
                                                 "%",
                                                 ".map(v, v)",
                                                 ".all(v, v == v)",
                                                 "'(((a*)*)*)*b'",
                                                 ".matches(",
                                                 "9223372036854775808",
                                                 "'a'.replace('', 'aaaaaaaa')",
                                                 "type(",
                                                 ".format(["};
  const std::uint64_t times = 1 + generate.Below(4);
  for (std::uint64_t i = 0; i < times && !text.empty(); ++i) {
    const std::size_t at = generate.Below(text.size());
    switch (generate.Below(6)) {
      case 0:
        text[at] = static_cast<char>(generate.Below(256));
        break;
      case 1:
        text.erase(at, 1 + generate.Below(5));
        break;
      case 2:
        text.insert(at, text.substr(generate.Below(text.size()), generate.Below(20)));
        break;
      default:
        text.insert(at, kPieces[generate.Below(std::size(kPieces))]);
    }
  }
  return text;
}

// Inside loops and behind doubled values, so that limits are met.
std::string MadeDear(Generator& generate, const std::string& text) {
  switch (generate.Below(3)) {
    case 0:
      return "[1,2,3,4,5,6,7,8].all(p, [1,2,3,4,5,6,7,8].all(q, [1,2,3,4,5,6,7,8].all(r, [p, q, r, " + text +
             "] != [])))";
    case 1:
      return "cel.bind(z, s1 + 'abcdefgh', cel.bind(y, z+z+z+z+z+z+z+z, cel.bind(x, y+y+y+y+y+y+y+y, [x+x+x+x, " +
             text + "])))";
    default:
      return "cel.bind(z, l1 + [1, 2, 3], cel.bind(y, z+z+z+z+z+z+z+z, [y.map(p, y.map(q, p * q)), " + text + "]))";
  }
}

TEST(Fuzz, NoExpressionCrashesAndTheLimitsHold) {
  const std::size_t total = landfall::test::TestAll() ? 10'000'000 : 200'000;
  Generator generate(kSeed);
  Generator open(kSeed + 1);
  open.environment.set_open(true);
  const Limits usual;
  const Limits tight{300, 4096};
  Evaluator usual_evaluator(usual);
  Evaluator tight_evaluator(tight);
  std::size_t compiled = 0;
  std::size_t limited = 0;
  std::int64_t most_steps = 0;
  double slowest = 0;
  std::string slowest_text;
  for (std::size_t i = 0; i < total; ++i) {
    Generator& from = generate.OneIn(2) ? generate : open;
    std::string text = from.Any(static_cast<int>(2 + from.Below(4)));
    if (from.OneIn(20)) text = MadeDear(from, text);
    if (i % 2 == 1) text = Mutated(from, std::move(text));
    Evaluator& evaluator = from.OneIn(4) ? tight_evaluator : usual_evaluator;
    const auto row = from.Row(5);
    CompileOptions options;
    options.check = !from.OneIn(5);
    const double start = ThreadMs();

    const auto program = Program::Compile(from.environment, text, nullptr, options);
    if (program) {
      const Value value = evaluator.Eval(*program, row);
      // Every error has a place inside the text, every value can be shown.
      if (value.IsError()) {
        ASSERT_LE(Locate(*program, value).begin, text.size()) << "seed " << kSeed << "\n" << text;
      }
      limited += value.IsError() && IsFatal(value.fault());
      // The charge that meets the limit may pass it by the size of one value.
      if (&evaluator == &usual_evaluator) most_steps = std::max(most_steps, evaluator.steps());
      ASSERT_TRUE(evaluator.steps() <= (&evaluator == &tight_evaluator ? tight : usual).steps ||
                  (value.IsError() && IsFatal(value.fault())))
          << "seed " << kSeed << "\n"
          << text;
      ++compiled;
    }

    double ms = ThreadMs() - start;
    if (ms > slowest) {
      ms = std::min(ms, LeastMs([&] {
                      const auto again = Program::Compile(from.environment, text, nullptr, options);
                      if (again) evaluator.Eval(*again, row);
                    }));
    }
    if (ms > slowest) {
      slowest = ms;
      slowest_text = text;
    }
    if (program && i % 64 == 0) {
      const Explanation explanation = Explain(*program, row);
      ASSERT_FALSE(ToJson(explanation).empty());
    }
  }
  std::printf("[ fuzz     ] %zu expressions, %zu compiled, %zu at a limit, most steps %lld, slowest %.2f ms: %.200s\n",
              total, compiled, limited, static_cast<long long>(most_steps), slowest, slowest_text.c_str());
  EXPECT_GT(compiled, total / 3);
  EXPECT_GT(limited, total / 200);
  EXPECT_LT(slowest, kMsMost) << slowest_text;
}

// Programs built to be dear: each must end at the limit, with the steps counted.
TEST(Fuzz, DearExpressionsEndAtTheCostLimit) {
  const std::string ten = "[0,1,2,3,4,5,6,7,8,9]";
  const std::string expressions[] = {
      ten + ".all(a, " + ten + ".all(b, " + ten + ".all(c, " + ten + ".all(d, " + ten +
          ".all(e, a + b + c + d + e >= 0)))))",
      ten + ".map(a, " + ten + ".map(b, " + ten + ".map(c, " + ten + ".map(d, " + ten + ".map(e, [a, b, c])))))",
      "cel.bind(a, s1 + s1, cel.bind(b, a + a + a + a + a + a + a + a, cel.bind(c, b + b + b + b + b + b + b + b, "
      "cel.bind(d, c + c + c + c + c + c + c + c,"
      " cel.bind(e, d + d + d + d + d + d + d + d, cel.bind(f, e + e + e + e + e + e + e + e, cel.bind(g, f + f + f + "
      "f + f + f + f + f, g + g + g + g + g + g))))))) != ''",
      "cel.bind(a, [i1,i1,i1,i1,i1,i1,i1,i1], cel.bind(b, a+a+a+a+a+a+a+a, cel.bind(c, b+b+b+b+b+b+b+b, cel.bind(d, "
      "c+c+c+c+c+c+c+c, cel.bind(e, d+d+d+d+d+d+d+d,"
      " e + e + e + e == e + e + e + e)))))",
      "cel.bind(a, s1 + 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', "
      "cel.bind(b, a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a, cel.bind(c,"
      " b+b+b+b+b+b+b+b+b+b+b+b+b+b+b+b, c.matches('(a?){60}(a*){20}(.|a)*z' + s1))))",
      "cel.bind(a, [1,2,3,4,5,6,7,8].map(x, s1 + string(x)), a.all(p, a.all(q, a.all(r, a.all(s, a.all(t, [p, q, r, s, "
      "t].join('-').split('').join() != ''))))))"};
  Generator generate(kSeed);
  auto row = generate.Row(0);
  row[5] = Value::String("abcabcabcabcabcabcabcabcabcabc");
  Evaluator evaluator;
  for (const std::string& text : expressions) {
    const auto program = Program::Compile(generate.environment, text);
    ASSERT_TRUE(program.ok()) << text;

    const std::string answer = Shown(evaluator.Eval(*program, row));

    EXPECT_LT(LeastMs([&] { evaluator.Eval(*program, row); }), kMsMost) << text;
    EXPECT_EQ(answer, "rules.cost_limit") << text;
    EXPECT_GE(evaluator.steps(), Limits().steps);
  }
}

TEST(Fuzz, PatternsRunInLinearTime) {
  Meter meter(1'000'000);
  const std::string text(2000, 'a');
  for (const char* pattern : {"(a*)*b", "(a|a)*b", "(a+)+$x", "(.*)*(.*)*(.*)*z", "a{0,300}a{0,300}z"}) {
    const auto regex = Regex::Compile(pattern);
    ASSERT_TRUE(regex.has_value()) << pattern;
    EXPECT_FALSE(regex->Search(text, meter)) << pattern;
  }
  EXPECT_FALSE(meter.empty());
  EXPECT_FALSE(Regex::Compile("((((((){1000}){1000}){1000}){1000}){1000}){1000}").has_value());
  EXPECT_FALSE(Regex::Compile("((((a{100}){100}){100}){100}){100}").has_value());
}

}  // namespace
}  // namespace landfall::rules::test
