"""Every page of the portal and who opens it: what the inspection walks and the pictures show."""

PRIYA, OLU, BEA, ADA, NINA, CARA = (f"{name}@example.org" for name in ("priya", "olu", "bea", "ada", "nina", "cara"))

PLAN = (
    "/",
    "/explain/",
    "/priorities/",
    "/priorities/frailty-and-complex-needs/",
    "/deliverables/",
    "/deliverables/FCN-2/",
    "/case-studies/",
    "/case-studies/end-of-life-together/",
    "/reports/",
    "/reports/2025-10/",
    "/reports/2025-10/figures/",
    "/reports/2025-10/history/",
    "/reports/2025-10/board-pack/",
    "/reports/compare/",
    "/promises/",
    "/account/password/",
    "/account/reminders/",
)
# The same pages with another month, without anything found, of something without an owner.
IN_OTHER_STATES = (
    "/?month=2025-04",
    "/explain/?of=frailty-and-complex-needs&month=2025-11",
    "/deliverables/?q=nothing-like-this",
    "/deliverables/CYP-2/",
    "/promises/?outcome=stopped",
    "/case-studies/?priority=health-and-work",
    "/case-studies/men-at-the-edge/",
    "/reports/2025-09/history/?months=6&priority=frailty-and-complex-needs",
    "/reports/compare/?from=2025-04&to=2025-10&show=worse",
    "/reports/compare/?from=2025-10&to=2025-10",
)
HERS = (
    "/updates/",
    "/updates/?open=FCN-2",
    "/updates/FCN-2/",
    "/updates/CYP-3/",
    "/updates/upload/",
    "/deliverables/FCN-2/evidence/",
    "/deliverables/HW-2/milestones/",
    "/deliverables/CYP-3/milestones/",
)
THE_GROUPS = (
    "/outcomes-group/",
    "/outcomes-group/?show=missing",
    "/outcomes-group/collect/",
    "/outcomes-group/challenge/CYP-1/",
    "/outcomes-group/challenge/CYP-2/",
    "/outcomes-group/agree-unchanged/",
    "/outcomes-group/changes/",
    "/outcomes-group/remind/",
    "/outcomes-group/agree/?month=2025-11",
    "/outcomes-group/asks/",
    "/outcomes-group/asks/new/?month=2025-11",
    "/outcomes-group/correct/2025-10/",
    "/outcomes-group/correct/2025-10/FCN-2/",
    "/reports/2025-10/links/",
    "/?month=2025-11",
)
PAGES = {
    BEA: (*PLAN, *IN_OTHER_STATES),
    PRIYA: (*PLAN, *HERS),
    OLU: (*PLAN, *THE_GROUPS),
    ADA: (*PLAN, "/design/", "/health/", "/plan/next-year/", "/plan/next-year/?check=1", "/plan/next-year/preview/"),
    NINA: ("/account/password/", "/account/sign-out/"),
    "": ("/account/sign-in/", "/account/password/reset/", "/account/password/reset/sent/", "/account/password/reset/done/"),
}
# What answers with something else than the page that was asked for.
REFUSED = {
    PRIYA: (("/no-such-page/", 404), ("/deliverables/ZZ-9/", 404), ("/updates/HW-1/", 404), ("/outcomes-group/", 403)),
    BEA: (("/updates/", 403), ("/design/", 403)),
    NINA: (("/", 403),),
    "": (("/no-such-page/", 404), ("/board/no-such-link/", 404)),
}
# Where there is nothing to show: before the strategy is loaded, before anyone has reported.
EMPTY = {
    BEA: ("/", "/explain/", "/priorities/", "/deliverables/", "/promises/", "/case-studies/", "/reports/", "/reports/compare/"),
    PRIYA: ("/updates/",),
    OLU: ("/outcomes-group/", "/outcomes-group/remind/"),
}
UNREPORTED = {BEA: (*EMPTY[BEA], "/priorities/health-and-work/", "/deliverables/HW-1/"), PRIYA: EMPTY[PRIYA], OLU: EMPTY[OLU]}
