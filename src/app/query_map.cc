// SPDX-License-Identifier: Apache-2.0
#include "app/query_map.h"

#include <algorithm>

#include "app/board_scan.h"

namespace landfall::app {
namespace {

std::vector<MapRegion> Regions(const place::State& s, std::int32_t as_of) {
  std::vector<MapRegion> regions;
  for (std::size_t i = 0; i < s.from.size(); ++i) {
    if (s.from[i] > as_of || s.until[i] <= as_of) continue;
    const place::Border* border = s.BorderAt(RegionId::FromIndex(i), as_of);
    if (border == nullptr) continue;
    const auto row = static_cast<std::size_t>(border - s.borders.data());
    MapRegion region;
    region.id = RegionId::FromIndex(i);
    region.code = std::string(s.code.Get(i));
    region.name = std::string(s.name.Get(i));
    region.shape = border->shape;
    region.system = static_cast<place::CoordinateSystem>(border->system);
    region.source = std::string(s.border_source.Get(row));
    region.source_erased = s.border_source.Erased(row);
    if (const std::string_view approval = s.border_approval.Get(row); !approval.empty())
      region.approval = std::string(approval);
    region.seq = border->seq;
    regions.push_back(std::move(region));
  }
  return regions;
}

}  // namespace

MapView QueryMap(const Frame& frame, const MapFilter& filter) {
  const project::State& s = frame.state.project;
  const std::int32_t as_of = DayNumber(frame.as_of);
  const Scope scope(frame, filter.unit, filter.region, filter.region_only);
  const std::vector<int> rungs = RungCounts(s);
  struct Found {
    Light light;
    std::uint32_t site;
  };
  std::vector<Found> found;
  for (std::size_t i = 0; i < s.sites.size(); ++i) {
    const std::size_t p = s.sites[i].project - 1;
    if (!scope.Has(p)) continue;
    const project::State::Position at = FastPosition(s, p, as_of);
    const Light light = LightOf(s, p, as_of, at.stage, at.open_due, rungs[s.ladder[p]]);
    if (!filter.light || light == *filter.light) found.push_back({light, static_cast<std::uint32_t>(i)});
  }
  MapView map;
  map.standing = StandingOf(frame);
  map.regions = Regions(frame.state.place, as_of);
  map.located = static_cast<std::int64_t>(found.size());
  // What is left out beyond the bound must not be what is red.
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.light < b.light; });
  if (found.size() > kMapProjectsMax) found.resize(kMapProjectsMax);
  for (const auto& [light, row] : found) {
    const project::Site& site = s.sites[row];
    const std::size_t p = site.project - 1;
    MapProject project;
    project.id = ProjectId{site.project};
    project.title = std::string(s.title.Get(p));
    project.light = light;
    project.longitude_e7 = site.longitude_e7;
    project.latitude_e7 = site.latitude_e7;
    project.how = static_cast<project::LocatedBy>(site.how);
    if (s.region[p] != 0) project.region = RegionId{s.region[p]};
    map.projects.push_back(std::move(project));
  }
  return map;
}

}  // namespace landfall::app
