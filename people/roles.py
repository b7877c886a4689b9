"""What each role may do: a table in code. A role code that is not in it gives nothing and breaks nothing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    code: str
    name: str
    explanation: str
    may: frozenset[str]


ROLES = {
    role.code: role
    for role in (
        Role(
            "viewer",
            "Viewer",
            "Reads the overview, the plan, the reports and the case studies.",
            frozenset({"view_plan"}),
        ),
        Role(
            "programme_manager",
            "Programme manager",
            "Reports progress each month on the deliverables of their organisation or in their own name.",
            frozenset({"view_plan", "report_progress"}),
        ),
        Role(
            "outcomes_group",
            "Outcomes group",
            "Sees who has reported, challenges and agrees updates, issues the report and reviews case studies.",
            frozenset({"view_plan", "view_group", "review_stories"}),
        ),
        Role(
            "administrator",
            "Administrator",
            "Edits the plan, the periods, the organisations and the people, and reviews case studies.",
            frozenset({"view_plan", "edit_plan", "review_stories"}),
        ),
    )
}


def permissions_of(codes: set[str]) -> frozenset[str]:
    return frozenset[str]().union(*(ROLES[code].may for code in codes if code in ROLES))


def roles_with(permission: str) -> list[str]:
    return [role.code for role in ROLES.values() if permission in role.may]
