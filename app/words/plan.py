"""Words of the plan page."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "plan.paragraph": ("第 {n} 段", "paragraph {n}"),
    "plan.targets": ("目标与证据", "Targets and evidence"),
    "plan.rule": (
        "目标、公布的进展、样本所见是三件事，分列三栏。只有**有来源、同口径的累计公布值**达到目标下限才算“已公布达到”；"
        "当年值、推算值不算。样本所见只数所选企业中目标年及以前的称号，是**下限**，不用来判断是否达到。",
        "Target, published progress and what this list shows are three things in three columns. Only a **cumulative published "
        "figure of the same measure, with a source,** that reaches the lower end makes a target met; figures of one year "
        "or estimates do not. The list counts recognitions of the selection up to the target year: a **lower bound**, never a verdict.",
    ),
    "plan.indicator": ("指标", "Indicator"),
    "plan.target": ("目标", "Target"),
    "plan.year": ("目标年", "Target year"),
    "plan.scope": ("范围", "Scope"),
    "plan.published": ("公布的进展（最近）", "Published progress (latest)"),
    "plan.published.indicator": ("公布的指标", "Published indicator"),
    "plan.status": ("状态", "Status"),
    "plan.own": ("样本所见（下限）", "In this list (lower bound)"),
    "plan.target.source": ("目标来源", "Source of the target"),
    "plan.published.source": ("进展来源", "Source of the progress"),
    "plan.name": ("计划", "Plan"),
    "plan.layout": ("一核一带", "One core, one belt"),
    "plan.industries": ("六大重点行业", "Six key industries"),
    "plan.worldclass": ("世界级集群", "world-class cluster"),
    "plan.delta": ("长三角协同", "Yangtze-delta cooperation"),
    "plan.successors": ("后续计划的目标", "Targets of the successor plans"),
}
