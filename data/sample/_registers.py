"""A register of numbers that no map holds: some rules are met by it, some are not."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

HEADINGS: Final = ("指标", "数值", "单位", "年份", "来源", "对象")
LEDGER: Final = "示例民政台账"
REPORT: Final = "示例统计年报"

# Rules of the Liangxi plan: on the threshold (LX-10, LX-16), short by the smallest step (LX-11,
# LX-14, LX-15, LX-17), in conflict with the ledger of care homes (LX-12), left out (LX-22).
NUMBERS: Final = (
    ("等级社区居家养老服务机构数", 140, "家", 2025, LEDGER),
    ("社区居家养老服务机构数", 160, "家", 2025, LEDGER),
    ("接受居家上门服务老年人数", 46755, "人", 2020, REPORT),
    ("居家适老化改造户数", 1400, "户", 2025, LEDGER),
    ("已评估80岁及以上老年人数", 39150, "人", 2025, LEDGER),
    ("养老机构护理型床位数", 5508, "张", 2025, REPORT),
    ("养老机构床位数", 6481, "张", 2025, REPORT),
    ("社会化运营床位数", 5900, "张", 2025, LEDGER),
    ("等级养老机构数", 29, "家", 2025, LEDGER),
    ("养老服务人员培训人次", 1874, "人次", 2025, LEDGER),
    ("参加职业技能培训人数", 640, "人", 2025, LEDGER),
    ("培训考证拿证人数", 512, "人", 2025, LEDGER),
    ("养老机构社会工作者数", 64, "人", 2025, LEDGER),
    ("养老服务新增就业人数", 650, "人", 2025, LEDGER),
    ("养老服务示范企业数", 1, "家", 2025, LEDGER),
    ("有医疗服务的养老机构数", 35, "家", 2025, LEDGER),
    ("改变用途的养老用地宗数", 0, "宗", 2025, LEDGER),
    ("腾退用地用房数", 6, "处", 2025, LEDGER),
    ("养老总床位数", 8811, "张", 2020, REPORT),
)
FUNCTIONS: Final = ("微型养老院", "日间照料", "助餐", "护理", "家政")
ROOMS: Final = ("用房完整", "用房功能齐备", "用房独立")
# C-002 has no housekeeping; C-010 is not in the ledger.
COMPLEXES: Final = tuple(f"C-{k:03}" for k in range(1, 10))
SURVEYED: Final = (("S-001", (1, 1, 1)), ("S-002", (1, 1, 0)), ("S-003", (1, 1, 1)))


def write_register(path: Path) -> None:
    """Write the register as a csv with Chinese headings."""
    rows: list[tuple[object, ...]] = [(*row, "") for row in NUMBERS]
    for site in COMPLEXES:
        for name in FUNCTIONS:
            has = "否" if (site, name) == ("C-002", "家政") else "是"
            rows.append((f"功能_{name}", has, "", 2025, LEDGER, site))
    for site, answers in SURVEYED:
        rows += [
            (name, "是" if yes else "否", "", 2025, LEDGER, site)
            for name, yes in zip(ROOMS, answers, strict=True)
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(rows)
