"""Every page of the portal and who opens it: what the inspection walks and the pictures show."""

PRIYA, OLU, BEA, ADA, NINA, CARA = (f"{name}@example.org" for name in ("priya", "olu", "bea", "ada", "nina", "cara"))

FOR_ALL = (
    "/",
    "/?month=2025-04",
    "/explain/",
    "/explain/?of=frailty-and-complex-needs&month=2025-11",
    "/priorities/",
    "/priorities/frailty-and-complex-needs/",
    "/deliverables/",
    "/deliverables/?q=nothing-like-this",
    "/deliverables/FCN-2/",
    "/deliverables/CYP-2/",
    "/case-studies/",
    "/case-studies/end-of-life-together/",
    "/account/password/",
)
PAGES = {
    PRIYA: (*FOR_ALL, "/updates/", "/updates/FCN-2/", "/updates/CYP-3/"),
    OLU: (*FOR_ALL, "/outcomes-group/", "/outcomes-group/?show=missing"),
    BEA: FOR_ALL,
    ADA: (*FOR_ALL, "/design/"),
    NINA: ("/account/password/",),
    "": ("/account/sign-in/", "/account/password/reset/", "/account/password/reset/sent/", "/account/password/reset/done/"),
}
# What answers with something else than the page that was asked for.
REFUSED = {
    PRIYA: (("/no-such-page/", 404), ("/deliverables/ZZ-9/", 404), ("/updates/HW-1/", 404), ("/outcomes-group/", 403)),
    BEA: (("/updates/", 403), ("/design/", 403)),
    NINA: (("/", 403),),
    "": (("/no-such-page/", 404),),
}
