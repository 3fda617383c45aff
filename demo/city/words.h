// SPDX-License-Identifier: Apache-2.0
// Invented names and sentences. Every enterprise says in its name that it is an example.
#pragma once

#include <string>

#include "chance.h"

namespace landfall::city {

// "启衡新材料（示例）有限公司" and "年产…项目": `number` keeps names apart.
struct Naming {
  std::string enterprise, project;
};
Naming NameOf(Chance& chance, int number);
// A valid code whose six digits of region are the city's, so that it can be nobody's. `number` < 10⁷.
std::string CreditCodeOf(int number);
std::string ProgressText(Chance& chance, int permille);
std::string_view DifficultyText(Chance& chance);
std::string_view BlockText(std::string_view block);

// A small picture that shows a building site as blocks of colour, as PNG; six different ones.
std::string Picture(int which);

}  // namespace landfall::city
