"""Who gets what answer at every address of the site. An address without a row here fails a test."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import quote

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.contrib.admin import site as admin_site
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, resolve

from casestudies.models import CaseStudy, Picture
from deliverables.actions import remove_evidence
from deliverables.models import Deliverable, Evidence, Milestone
from people.actions import make_calendar_address
from people.models import User
from people.permissions import can_edit_plan
from priorities.models import Body, ReachGroup
from reports.actions import build_pack_file, make_board_link, put_ask
from reports.models import ProgressReport
from strategy_portal import urls as site_map
from tests import factories

pytestmark = pytest.mark.django_db

# 200, 403, 404 and so on; `sign-in` is a redirect to the sign-in page that comes back here; →/x is any other redirect.
# Nina has no role, Bea is a viewer, Priya a programme manager, Olu of the outcomes group, Ada an administrator.
# X-1 is led by an organisation that Priya does not serve; HW-1 is led by hers. Of HW-1 an update is there for October alone, so
# that a file added then is {told} and one of November is {untold}; {theirs} is of X-1, of which nothing is reported.
TABLE = """
                                            signed out          Nina    Bea     Priya   Olu     Ada
GET  /                                      sign-in             403     200     200     200     200
GET  /?month=2025-10                        sign-in             403     200     200     200     200
GET  /outcomes-group/                       sign-in             403     403     403     200     403
GET  /outcomes-group/collect/               sign-in             403     403     403     200     403
GET  /outcomes-group/challenge/             sign-in             403     403     403     →/outcomes-group/?month=2025-11 403
GET  /outcomes-group/challenge/HW-1/        sign-in             403     403     403     200     403
POST /outcomes-group/challenge/HW-1/        sign-in             403     403     403     404     403
GET  /outcomes-group/challenge/NO-9/        sign-in             403     403     403     404     403
GET  /outcomes-group/agree-unchanged/       sign-in             403     403     403     200     403
POST /outcomes-group/agree-unchanged/       sign-in             403     403     403     →/outcomes-group/?month=2025-11 403
GET  /outcomes-group/remind/                sign-in             403     403     403     200     403
GET  /outcomes-group/remind/?to=x&page=%00  sign-in             403     403     403     200     403
POST /outcomes-group/remind/                sign-in             403     403     403     200     403
GET  /outcomes-group/changes/               sign-in             403     403     403     200     403
POST /outcomes-group/changes/               sign-in             403     403     403     404     403
GET  /explain/                              sign-in             403     200     200     200     200
GET  /explain/?of=nothing-like-it&page=x    sign-in             403     200     200     200     200

GET  /priorities/                           sign-in             403     200     200     200     200
GET  /priorities/?show=unanswered           sign-in             403     200     200     200     200
GET  /priorities/?show=%00                  sign-in             403     200     200     200     200
GET  /priorities/definitions/               sign-in             403     200     200     200     200
GET  /priorities/definitions/?page=x        sign-in             403     200     200     200     200
GET  /priorities/p1/                        sign-in             403     200     200     200     200
GET  /2025-26/priorities/definitions/       sign-in             403     200     200     200     200
GET  /1999-00/priorities/definitions/       sign-in             403     404     404     404     404
GET  /priorities/no-such/                   sign-in             403     404     404     404     404

GET  /deliverables/                         sign-in             403     200     200     200     200
GET  /deliverables/?q=%00&rating=x&page=-1  sign-in             403     200     200     200     200
GET  /deliverables/HW-1/                    sign-in             403     200     200     200     200
GET  /deliverables/X-1/                     sign-in             403     200     200     200     200
GET  /deliverables/NO-9/                    sign-in             403     404     404     404     404
GET  /2025-26/deliverables/HW-1/            sign-in             403     200     200     200     200
GET  /1999-00/deliverables/HW-1/            sign-in             403     404     404     404     404
GET  /2025-26/deliverables/                 sign-in             403     200     200     200     200
GET  /1999-00/deliverables/                 sign-in             403     404     404     404     404
GET  /2025-26/deliverables/HW-1/evidence/   sign-in             403     200     200     200     200
POST /2025-26/deliverables/HW-1/evidence/   sign-in             403     403     200     403     403
POST /2025-26/deliverables/X-1/evidence/    sign-in             403     403     404     403     403
GET  /1999-00/deliverables/HW-1/evidence/   sign-in             403     404     404     404     404
GET  /plan/exchange/                        sign-in             403     403     403     403     200
POST /plan/exchange/                        sign-in             403     403     403     403     200
GET  /plan/exchange/apply/                  sign-in             403     403     403     403     →/plan/exchange/
POST /plan/exchange/apply/                  sign-in             403     403     403     403     200
GET  /plan/exchange/2025-26.xlsx            sign-in             403     403     403     403     200
GET  /plan/exchange/2025-26.yaml            sign-in             403     403     403     403     200
GET  /plan/exchange/2025-26.exe             sign-in             403     403     403     403     404
GET  /plan/exchange/1999-00.xlsx            sign-in             403     403     403     403     404
GET  /2025-26/priorities/                   sign-in             403     200     200     200     200
GET  /1999-00/priorities/                   sign-in             403     404     404     404     404
GET  /2025-26/priorities/p1/                sign-in             403     200     200     200     200
GET  /1999-00/priorities/p1/                sign-in             403     404     404     404     404

GET  /promises/                             sign-in             403     200     200     200     200
GET  /promises/?q=%00&year=x&page=-1        sign-in             403     200     200     200     200
GET  /plan/next-year/                       sign-in             403     403     403     403     200
GET  /plan/next-year/?page=x&check=1        sign-in             403     403     403     403     200
POST /plan/next-year/                       sign-in             403     403     403     403     →/plan/next-year/
POST /plan/next-year/?page=x&check=1        sign-in             403     403     403     403     →/plan/next-year/?page=x&check=1
GET  /plan/next-year/preview/               sign-in             403     403     403     403     200
POST /plan/next-year/preview/               sign-in             403     403     403     403     200
GET  /plan/next-year/undo/                  sign-in             403     403     403     403     →/plan/next-year/
POST /plan/next-year/undo/                  sign-in             403     403     403     403     →/plan/next-year/

GET  /deliverables/HW-1/evidence/           sign-in             403     200     200     200     200
POST /deliverables/HW-1/evidence/           sign-in             403     403     200     403     403
GET  /deliverables/HW-1/evidence/?month=%00 sign-in             403     200     200     200     200
POST /deliverables/HW-1/evidence/?month=%00 sign-in             403     403     200     403     403
GET  /deliverables/X-1/evidence/            sign-in             403     200     200     200     200
POST /deliverables/X-1/evidence/            sign-in             403     403     404     403     403
GET  /deliverables/NO-9/evidence/           sign-in             403     404     404     404     404
POST /deliverables/NO-9/evidence/           sign-in             403     404     404     404     404
GET  /evidence/{told}/                      sign-in             403     200     200     200     200
GET  /evidence/{untold}/                    sign-in             403     404     200     404     404
GET  /evidence/{linked}/                    sign-in             403     404     404     404     404
GET  /evidence/{removed}/                   sign-in             403     404     404     404     404
GET  /evidence/{theirs}/                    sign-in             403     404     404     404     404
GET  /evidence/0/                           sign-in             403     404     404     404     404
GET  /evidence/99999999999999999999/        sign-in             403     404     404     404     404
GET  /evidence/{told}/remove/               sign-in             403     403     200     403     403
GET  /evidence/{untold}/remove/             sign-in             403     403     200     403     403
POST /evidence/{untold}/remove/             sign-in             403     403     {kept}  403     403
GET  /evidence/{removed}/remove/            sign-in             403     403     404     403     403
GET  /evidence/{theirs}/remove/             sign-in             403     403     404     403     403
POST /evidence/{theirs}/remove/             sign-in             403     403     404     403     403

GET  /updates/                              sign-in             403     403     200     403     403
GET  /updates/HW-1/                         sign-in             403     403     200     403     403
POST /updates/HW-1/                         sign-in             403     403     200     403     403
GET  /updates/X-1/                          sign-in             403     403     404     403     403
POST /updates/X-1/                          sign-in             403     403     404     403     403
GET  /updates/NO-9/                         sign-in             403     403     404     403     403
GET  /updates/?open=X-1                     sign-in             403     403     200     403     403
GET  /updates/submit/                       sign-in             403     403     →/updates/ 403  403
POST /updates/submit/                       sign-in             403     403     →/updates/ 403  403
GET  /updates/excel/                        sign-in             403     403     200     403     403
GET  /updates/excel/?all=1&month=%00        sign-in             403     403     200     403     403
GET  /updates/upload/                       sign-in             403     403     200     403     403
POST /updates/upload/                       sign-in             403     403     200     403     403
GET  /updates/upload/apply/                 sign-in             403     403     →/updates/upload/ 403  403
POST /updates/upload/apply/                 sign-in             403     403     200     403     403
GET  /updates/HW-1/still/                   sign-in             403     403     →/updates/ 403  403
POST /updates/HW-1/still/                   sign-in             403     403     404     403     403
POST /updates/X-1/still/                    sign-in             403     403     404     403     403
GET  /updates/HW-1/draft/                   sign-in             403     403     →/updates/ 403  403
POST /updates/HW-1/draft/                   sign-in             403     403     200     403     403
POST /updates/X-1/draft/                    sign-in             403     403     404     403     403
GET  /updates/HW-1/take-back/               sign-in             403     403     →/updates/ 403  403
POST /updates/HW-1/take-back/               sign-in             403     403     404     403     403
POST /updates/X-1/take-back/                sign-in             403     403     404     403     403

GET  /deliverables/HW-1/milestones/         sign-in             403     403     200     403     403
POST /deliverables/HW-1/milestones/         sign-in             403     403     200     403     403
GET  /deliverables/X-1/milestones/          sign-in             403     403     404     403     403
POST /deliverables/X-1/milestones/          sign-in             403     403     404     403     403
GET  /deliverables/HW-1/milestones/{mine}/  sign-in             403     403     200     403     403
POST /deliverables/HW-1/milestones/{mine}/  sign-in             403     403     200     403     403
GET  /deliverables/X-1/milestones/{mine}/   sign-in             403     403     404     403     403

GET  /plan/deliverables/                    sign-in             403     403     403     403     200
GET  /plan/deliverables/?page=x             sign-in             403     403     403     403     200
GET  /plan/deliverables/new/                sign-in             403     403     403     403     200
POST /plan/deliverables/new/                sign-in             403     403     403     403     200
GET  /plan/deliverables/HW-1/               sign-in             403     403     403     403     200
POST /plan/deliverables/HW-1/               sign-in             403     403     403     403     200
GET  /plan/deliverables/NO-9/               sign-in             403     403     403     403     404
GET  /plan/deliverables/HW-1/move/          sign-in             403     403     403     403     →/plan/deliverables/#HW-1
POST /plan/deliverables/HW-1/move/          sign-in             403     403     403     403     →/plan/deliverables/#HW-1
GET  /plan/deliverables/HW-1/history/       sign-in             403     403     403     403     200
GET  /plan/deliverables/NO-9/history/       sign-in             403     403     403     403     404
GET  /plan/deliverables/HW-1/stop/          sign-in             403     403     403     403     200
POST /plan/deliverables/HW-1/stop/          sign-in             403     403     403     403     200
GET  /plan/deliverables/HW-1/delete/        sign-in             403     403     403     403     200
POST /plan/deliverables/HW-1/delete/        sign-in             403     403     403     403     →/plan/deliverables/HW-1/delete/
POST /plan/deliverables/NO-9/delete/        sign-in             403     403     403     403     404
GET  /deliverables/HW-1/definition/         sign-in             403     200     200     200     200
GET  /deliverables/NO-9/definition/         sign-in             403     404     404     404     404
GET  /deliverables/HW-1/definition/history/ sign-in             403     403     200     200     200
GET  /2025-26/deliverables/HW-1/definition/ sign-in             403     200     200     200     200
GET  /1999-00/deliverables/HW-1/definition/ sign-in             403     404     404     404     404
GET  /2025-26/deliverables/X-1/definition/history/ sign-in      403     403     403     200     200
GET  /2025-26/deliverables/HW-1/reach/history/ sign-in          403     200     200     200     200
GET  /1999-00/deliverables/HW-1/reach/history/ sign-in          403     404     404     404     404
GET  /deliverables/X-1/definition/history/  sign-in             403     403     403     200     200
GET  /deliverables/HW-1/definition/draft/   sign-in             403     403     200     403     403
POST /deliverables/HW-1/definition/draft/   sign-in             403     403     →/deliverables/HW-1/definition/ 403 403
GET  /deliverables/X-1/definition/draft/    sign-in             403     403     404     403     403
POST /deliverables/X-1/definition/draft/    sign-in             403     403     404     403     403
GET  /deliverables/HW-1/definition/change/  sign-in             403     403     {asked}  403    {asked}
POST /deliverables/HW-1/definition/change/  sign-in             403     403     {asked}  403    {asked}
GET  /deliverables/X-1/definition/change/   sign-in             403     403     404     403     {askedx}
GET  /deliverables/HW-9/definition/change/  sign-in             403     403     200     403     200
POST /deliverables/HW-9/definition/change/  sign-in             403     403     200     403     200
GET  /deliverables/HW-1/definition/withdraw/ sign-in            403     403     {asked}  403    {asked}
POST /deliverables/HW-1/definition/withdraw/ sign-in            403     403     {asked}  403    {asked}
POST /deliverables/X-1/definition/withdraw/ sign-in             403     403     404     403     {askedx}
GET  /outcomes-group/definitions/           sign-in             403     403     403     200     403
POST /outcomes-group/definitions/           sign-in             403     403     403     →/outcomes-group/definitions/ 403
GET  /outcomes-group/definitions/HW-1/      sign-in             403     403     403     200     403
POST /outcomes-group/definitions/HW-1/      sign-in             403     403     403     →/outcomes-group/definitions/ 403
GET  /outcomes-group/definitions/NO-9/      sign-in             403     403     403     404     403
GET  /deliverables/HW-1/reach/              sign-in             403     403     200     403     200
POST /deliverables/HW-1/reach/              sign-in             403     403     200     403     200
GET  /deliverables/X-1/reach/               sign-in             403     403     404     403     200
POST /deliverables/X-1/reach/               sign-in             403     403     404     403     200
GET  /deliverables/NO-9/reach/              sign-in             403     403     404     403     404
GET  /deliverables/HW-1/reach/history/      sign-in             403     200     200     200     200
GET  /deliverables/NO-9/reach/history/      sign-in             403     404     404     404     404
GET  /plan/reach/                           sign-in             403     403     403     403     200
POST /plan/reach/                           sign-in             403     403     403     403     200
GET  /plan/reach/PLUS-1/                    sign-in             403     403     403     403     200
POST /plan/reach/PLUS-1/                    sign-in             403     403     403     403     200
GET  /plan/reach/CORE20/                    sign-in             403     403     403     403     404
GET  /plan/reach/NO-9/                      sign-in             403     403     403     403     404

GET  /case-studies/                         sign-in             403     200     200     200     200
GET  /case-studies/told/                    sign-in             403     200     200     200     200
GET  /case-studies/draft/                   sign-in             403     404     404     404     404
GET  /case-studies/no-such/                 sign-in             403     404     404     404     404
GET  /case-studies/?q=%00&aim=x&page=-1     sign-in             403     200     200     200     200
GET  /case-studies/new/                     sign-in             403     403     200     403     403
POST /case-studies/new/                     sign-in             403     403     200     403     403
GET  /case-studies/in-hand/                 sign-in             403     403     200     200     200
GET  /case-studies/hers/                    sign-in             403     404     404     404     404
GET  /case-studies/hers/edit/               sign-in             403     403     200     403     404
POST /case-studies/hers/edit/               sign-in             403     403     200     403     404
GET  /case-studies/draft/edit/              sign-in             403     403     404     403     200
GET  /case-studies/told/edit/               sign-in             403     403     404     403     200
POST /case-studies/draft/edit/              sign-in             403     403     404     403     200
POST /case-studies/told/edit/               sign-in             403     403     404     403     200
GET  /case-studies/no-such/edit/            sign-in             403     403     404     403     404
GET  /case-studies/hers/pictures/           sign-in             403     403     200     403     404
POST /case-studies/hers/pictures/           sign-in             403     403     404     403     404
GET  /case-studies/told/pictures/           sign-in             403     403     404     403     200
POST /case-studies/told/pictures/           sign-in             403     403     404     403     404
GET  /case-studies/hers/check/              sign-in             403     403     200     404     404
POST /case-studies/hers/check/              sign-in             403     403     200     404     404
GET  /case-studies/told/check/              sign-in             403     403     404     200     200
POST /case-studies/told/check/              sign-in             403     403     404     200     200
GET  /case-studies/hers/history/            sign-in             403     403     200     404     404
GET  /case-studies/told/history/            sign-in             403     403     404     200     200
GET  /case-studies/pictures/{shown}/        sign-in             403     200     200     200     200
GET  /case-studies/pictures/{sketch}/       sign-in             403     404     200     404     404
GET  /case-studies/pictures/0/              sign-in             403     404     404     404     404
GET  /case-studies/pictures/99999999999999999999/ sign-in       403     404     404     404     404

GET  /outcomes-group/agree/                 sign-in             403     403     403     200     403
POST /outcomes-group/agree/                 sign-in             403     403     403     200     403
GET  /outcomes-group/agree/?month=2025-10   sign-in             403     403     403     →/reports/2025-10/ 403
GET  /outcomes-group/agree/issue/           sign-in             403     403     403     →/outcomes-group/agree/?month=2025-11 403
POST /outcomes-group/agree/issue/           sign-in             403     403     403     →/outcomes-group/agree/?month=2025-11 403
GET  /outcomes-group/asks/                  sign-in             403     403     403     200     403
GET  /outcomes-group/asks/new/              sign-in             403     403     403     200     403
POST /outcomes-group/asks/new/              sign-in             403     403     403     200     403
GET  /outcomes-group/asks/{ask}/            sign-in             403     403     403     200     403
POST /outcomes-group/asks/{ask}/            sign-in             403     403     403     200     403
GET  /outcomes-group/asks/0/                sign-in             403     403     403     404     403
GET  /outcomes-group/asks/{ask}/decision/   sign-in             403     403     403     200     403
POST /outcomes-group/asks/{ask}/decision/   sign-in             403     403     403     200     403
GET  /outcomes-group/correct/2025-10/       sign-in             403     403     403     200     403
POST /outcomes-group/correct/2025-10/       sign-in             403     403     403     →/outcomes-group/correct/2025-10/ 403
GET  /outcomes-group/correct/2025-11/       sign-in             403     403     403     404     403
POST /outcomes-group/correct/2025-11/       sign-in             403     403     403     404     403
GET  /outcomes-group/correct/%00/           sign-in             403     403     403     404     403
GET  /outcomes-group/correct/2025-10/issue/ sign-in             403     403     403     →/outcomes-group/correct/2025-10/ 403
POST /outcomes-group/correct/2025-10/issue/ sign-in             403     403     403     →/outcomes-group/correct/2025-10/ 403
GET  /outcomes-group/correct/2025-10/HW-1/  sign-in             403     403     403     200     403
POST /outcomes-group/correct/2025-10/HW-1/  sign-in             403     403     403     200     403
GET  /outcomes-group/correct/2025-10/NO-9/  sign-in             403     403     403     404     403
GET  /reports/2025-10/links/                sign-in             403     403     403     200     403
POST /reports/2025-10/links/                sign-in             403     403     403     200     403
GET  /reports/2025-11/links/                sign-in             403     403     403     404     403
GET  /board/{board}/                        200                 200     200     200     200     200
POST /board/{board}/                        200                 200     200     200     200     200
GET  /board/no-such-secret/                 404                 404     404     404     404     404
POST /board/no-such-secret/                 404                 404     404     404     404     404
GET  /health/                               200                 200     200     200     200     200

GET  /reports/                              sign-in             403     200     200     200     200
GET  /reports/?page=x                       sign-in             403     200     200     200     200
GET  /reports/compare/                      sign-in             403     200     200     200     200
GET  /reports/compare/?from=%00&to=2025-10  sign-in             403     200     200     200     200
GET  /reports/2025-10/                      sign-in             403     200     200     200     200
GET  /reports/2025-10.1/                    sign-in             403     200     200     200     200
GET  /reports/2025-11/                      sign-in             403     404     404     404     404
GET  /reports/no-such/                      sign-in             403     404     404     404     404
GET  /reports/2025-10/figures/              sign-in             403     200     200     200     200
GET  /reports/2025-11/figures/              sign-in             403     404     404     404     404
GET  /reports/2025-10/history/              sign-in             403     200     200     200     200
GET  /reports/2025-10/history/?priority=%00 sign-in             403     200     200     200     200
GET  /reports/2025-11/history/              sign-in             403     404     404     404     404
GET  /reports/2025-10/board-pack/           sign-in             403     200     200     200     200
POST /reports/2025-10/board-pack/           sign-in             403     {pack}  {pack}  {pack}  {pack}
GET  /reports/2025-11/board-pack/           sign-in             403     404     404     404     404
POST /reports/2025-11/board-pack/           sign-in             403     404     404     404     404
GET  /reports/2025-10/board-pack.csv        sign-in             403     200     200     200     200
GET  /reports/2025-10/board-pack.pdf        sign-in             403     404     404     404     404
GET  /reports/2025-10/board-pack.exe        sign-in             403     404     404     404     404

GET  /account/sign-in/                      200                 →/      →/      →/      →/      →/
POST /account/sign-in/                      200                 →/      →/      →/      →/      →/
GET  /account/sign-out/                     →{in}               200     200     200     200     200
POST /account/sign-out/                     →{in}               →{in}   →{in}   →{in}   →{in}   →{in}
GET  /account/reminders/                    sign-in             403     200     200     200     200
POST /account/reminders/                    sign-in             403     200     200     200     200
GET  /calendar/{calendar}.ics               200                 200     200     200     200     200
GET  /calendar/no-such-secret.ics           404                 404     404     404     404     404
GET  /account/password/                     sign-in             200     200     200     200     200
POST /account/password/                     sign-in             200     200     200     200     200
GET  /account/password/set/                 sign-in             {reset} {reset} {reset} {reset} {reset}
GET  /account/password/reset/               200                 200     200     200     200     200
POST /account/password/reset/               200                 200     200     200     200     200
GET  /account/password/reset/sent/          200                 200     200     200     200     200
GET  /account/password/reset/done/          200                 200     200     200     200     200
GET  /account/password/reset/key/{link}/    →{set}              →{set}  →{set}  →{set}  →{set}  →{set}
GET  /account/password/reset/key/1-false/   200                 200     200     200     200     200
POST /account/password/reset/key/1-false/   200                 200     200     200     200     200
GET  /account/sign-up/                      404                 404     404     404     404     404
GET  /account/email/                        404                 404     404     404     404     404

GET  /plan/                                  sign-in             403     403     403     403     200
GET  /plan/year/                             sign-in             403     403     403     403     200
POST /plan/year/                             sign-in             403     403     403     403     200
GET  /plan/periods/                          sign-in             403     403     403     403     200
POST /plan/periods/                          sign-in             403     403     403     403     200
GET  /plan/priorities/                       sign-in             403     403     403     403     200
POST /plan/priorities/                       sign-in             403     403     403     403     →/plan/priorities/
GET  /plan/priorities/new/                   sign-in             403     403     403     403     200
POST /plan/priorities/new/                   sign-in             403     403     403     403     200
GET  /plan/priorities/P1/                    sign-in             403     403     403     403     200
POST /plan/priorities/P1/                    sign-in             403     403     403     403     200
GET  /plan/bodies/                           sign-in             403     403     403     403     200
POST /plan/bodies/                           sign-in             403     403     403     403     →/plan/bodies/
GET  /plan/bodies/new/                       sign-in             403     403     403     403     200
POST /plan/bodies/new/                       sign-in             403     403     403     403     200
GET  /plan/bodies/B1/                        sign-in             403     403     403     403     200
POST /plan/bodies/B1/                        sign-in             403     403     403     403     200
GET  /plan/organisations/new/                sign-in             403     403     403     403     200
POST /plan/organisations/new/                sign-in             403     403     403     403     200
GET  /plan/organisations/icb/                sign-in             403     403     403     403     200
POST /plan/organisations/icb/                sign-in             403     403     403     403     200
GET  /plan/people/invite/                    sign-in             403     403     403     403     200
POST /plan/people/invite/                    sign-in             403     403     403     403     200
GET  /plan/people/{nina}/                    sign-in             403     403     403     403     200
POST /plan/people/{nina}/                    sign-in             403     403     403     403     200
GET  /plan/people/{nina}/details/            sign-in             403     403     403     403     200
POST /plan/people/{nina}/details/            sign-in             403     403     403     403     200
GET  /plan/people/{nina}/hand-over/          sign-in             403     403     403     403     200
POST /plan/people/{nina}/hand-over/          sign-in             403     403     403     403     200
GET  /1999-00/plan/                          sign-in             403     403     403     403     404
GET  /1999-00/plan/year/                     sign-in             403     403     403     403     404
GET  /2025-26/plan/periods/                  sign-in             403     403     403     403     200
POST /2025-26/plan/periods/                  sign-in             403     403     403     403     200
GET  /2025-26/plan/deliverables/HW-1/        sign-in             403     403     403     403     200
POST /2025-26/plan/deliverables/HW-1/        sign-in             403     403     403     403     200
POST /2025-26/plan/deliverables/HW-1/move/   sign-in             403     403     403     403     →/2025-26/plan/deliverables/#HW-1
GET  /1999-00/plan/deliverables/             sign-in             403     403     403     403     404
GET  /1999-00/plan/deliverables/HW-1/        sign-in             403     403     403     403     404
GET  /2025-26/deliverables/X-1/milestones/   sign-in             403     403     404     403     403
GET  /2025-26/deliverables/X-1/reach/        sign-in             403     403     404     403     200
POST /2025-26/deliverables/X-1/reach/        sign-in             403     403     404     403     200
GET  /1999-00/deliverables/HW-1/reach/       sign-in             403     403     404     403     404
GET  /2025-26/deliverables/X-1/definition/draft/ sign-in         403     403     404     403     403
GET  /plan/priorities/NO-9/                  sign-in             403     403     403     403     404
GET  /plan/priorities/NO-9/delete/           sign-in             403     403     403     403     404
GET  /plan/bodies/NO-9/                      sign-in             403     403     403     403     404
GET  /plan/organisations/no-such/            sign-in             403     403     403     403     404
GET  /plan/people/0/                         sign-in             403     403     403     403     404
GET  /plan/people/0/deactivate/              sign-in             403     403     403     403     404
GET  /plan/people/99999999999999999999/      sign-in             403     403     403     403     404
GET  /plan/year/history/                     sign-in             403     403     403     403     200
GET  /plan/periods/2025-11/history/          sign-in             403     403     403     403     200
GET  /plan/priorities/P1/history/            sign-in             403     403     403     403     200
GET  /plan/bodies/B1/history/                sign-in             403     403     403     403     200
GET  /plan/organisations/                    sign-in             403     403     403     403     200
GET  /plan/organisations/?q=%00&page=x       sign-in             403     403     403     403     200
GET  /plan/organisations/icb/history/        sign-in             403     403     403     403     200
GET  /plan/people/                           sign-in             403     403     403     403     200
GET  /plan/people/?q=%00&role=x&state=x&page=-1 sign-in             403     403     403     403     200
GET  /plan/people/{nina}/history/            sign-in             403     403     403     403     200
GET  /plan/people/{nina}/deactivate/         sign-in             403     403     403     403     200
GET  /plan/priorities/P1/delete/             sign-in             403     403     403     403     200
GET  /plan/organisations/icb/delete/         sign-in             403     403     403     403     200
GET  /plan/periods/no-such/history/          sign-in             403     403     403     403     404
POST /plan/priorities/P1/delete/             sign-in             403     403     403     403     →/plan/priorities/
POST /plan/organisations/icb/delete/         sign-in             403     403     403     403     →/plan/organisations/
POST /plan/people/{nina}/deactivate/         sign-in             403     403     403     403     →/plan/people/{nina}/

GET  /design/                               sign-in             403     403     403     403     200
GET  /no-such-page/                         404                 404     404     404     404     404
POST /no-such-page/                         404                 404     404     404     404     404

GET  /admin/                                sign-in             403     403     403     403     200
GET  /admin/login/                          sign-in             403     403     403     403     →/admin/
GET  /admin/logout/                         sign-in             403     403     403     403     405
POST /admin/logout/                         sign-in             403     403     403     403     →{in}
GET  /admin/password_change/                sign-in             403     403     403     403     200
GET  /admin/jsi18n/                         sign-in             403     403     403     403     200
GET  /admin/no-such/                        sign-in             403     403     403     403     404
GET  /admin/people/                         sign-in             403     403     403     403     200
GET  /admin/people/user/                    sign-in             403     403     403     403     200
GET  /admin/people/user/add/                sign-in             403     403     403     403     200
POST /admin/people/user/add/                sign-in             403     403     403     403     200
GET  /admin/people/user/{nina}/change/      sign-in             403     403     403     403     200
GET  /admin/people/user/{nina}/history/     sign-in             403     403     403     403     200
POST /admin/people/user/{nina}/delete/      sign-in             403     403     403     403     403
GET  /admin/people/user/0/change/           sign-in             403     403     403     403     →/admin/
GET  /admin/deliverables/deliverable/       sign-in             403     403     403     403     200
GET  /admin/deliverables/statusupdate/      sign-in             403     403     403     403     404
"""
PEOPLE = ("signed out", "Nina", "Bea", "Priya", "Olu", "Ada")
ROLES = {"Nina": None, "Bea": "viewer", "Priya": "programme_manager", "Olu": "outcomes_group", "Ada": "administrator"}


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    for line in TABLE.strip().splitlines()[1:]:
        if line:
            method, address, *answers = line.split()
            yield method, address, dict(zip(PEOPLE, answers, strict=True))


ROWS = list(rows())
ADDRESSES = list(dict.fromkeys(address for _, address, _ in ROWS))


@pytest.fixture
def people() -> dict[str, User]:
    """The five, in a plan in which each kind of page has something to show."""
    icb, trust = factories.organisation("icb"), factories.organisation("trust")
    made = {name: factories.person(role, name, icb) for name, role in ROLES.items()}
    for user in made.values():
        user.set_password("a good long password")
        user.save()
    hers = factories.deliverable("HW-1", lead=icb, principles=("PREVENTION",))
    factories.deliverable("X-1", lead=trust)
    factories.deliverable("HW-9", lead=icb, maturity="baselined")
    factories.milestone(hers, "First step", date(2025, 12, 1))
    factories.update(hers, by=made["Priya"], month=factories.october(), rating="at_risk")
    factories.file(hers, by=made["Priya"], month=factories.october(), title="Told")
    factories.file(hers, by=made["Priya"], month=factories.november(), title="Untold")
    factories.link(hers, by=made["Priya"], month=factories.october(), title="Linked")
    removed = factories.file(hers, by=made["Priya"], month=factories.october(), content=b"A slip.", title="Removed")
    remove_evidence(by=made["Priya"], evidence=removed)
    factories.file(Deliverable.objects.get(code="X-1"), by=made["Ada"], month=factories.november(), title="Theirs")
    for code, stage, owner in (("told", "published", None), ("draft", "draft", None), ("hers", "draft", icb)):
        given = {"code": code, "slug": code, "title": code, "organisation": "A partner", "owner": owner}
        CaseStudy.objects.create(strategy=factories.plan_year().strategy, stage=stage, **given)
    Body.objects.create(strategy=factories.plan_year().strategy, code="B1", name="A board")
    for slug, alternative in (("told", "Shown"), ("hers", "Sketch")):
        factories.picture(CaseStudy.objects.get(slug=slug), by=made["Priya"], alternative=alternative)
    for code, kind in (("CORE20", "core20"), ("PLUS-1", "plus")):
        ReachGroup.objects.create(strategy=factories.plan_year().strategy, code=code, kind=kind, name=code)
    report = factories.issue(factories.october(), by=made["Olu"])
    build_pack_file(file_id=report.files.get(kind="csv").pk)
    return made


@pytest.fixture
def clients(people) -> dict[str, Client]:
    made = {name: Client() for name in PEOPLE}
    for name, user in people.items():
        factories.sign_in(made[name], user)
    return made


@pytest.fixture
def filled(people, clients) -> Callable[[str], str]:
    """Puts the world's ids into an address. (A reset link is good until its owner signs in.)"""
    priya = User.objects.get(pk=people["Priya"].pk)
    uid, key = user_pk_to_url_str(priya), default_token_generator.make_token(priya)
    asked = {"deliverable": None, "wording": "Pay.", "wanted_on": date(2025, 12, 18), "owner": "The director"}
    report = ProgressReport.objects.get()
    ids = {
        "nina": people["Nina"].pk,
        "link": f"{uid}-{key}",
        "calendar": make_calendar_address(by=priya),
        "set": f"/account/password/reset/key/{uid}-set-password/",
        "in": "/account/sign-in/",
        "reset": "→/account/password/reset/",
        "hw": Deliverable.objects.get(code="HW-1").pk,
        "mine": Milestone.objects.get(deliverable__code="HW-1").pk,
        "ask": put_ask(by=people["Olu"], period=factories.november(), **asked).pk,
        "board": make_board_link(by=people["Olu"], report=report, reader="Bea", expires_on=date(2025, 12, 31))[1],
        "asked": "→/deliverables/HW-1/definition/",
        "askedx": "→/deliverables/X-1/definition/",
        "pack": "→/reports/2025-10/board-pack/",
        "kept": "→/2025-26/deliverables/HW-1/evidence/?month=2025-11",
        **{evidence.title.lower(): evidence.pk for evidence in Evidence.objects.all()},
        **{picture.alternative.lower(): picture.pk for picture in Picture.objects.all()},
    }
    return lambda address: re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), address)


def ask(client: Client, method: str, address: str) -> HttpResponse:
    """Asks, and undoes what that did, in the database and in the browser, so that the next one is asked afresh."""
    browser = Client()
    browser.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
    with transaction.atomic():
        response = browser.generic(method, address, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return response


def answer(response: HttpResponse, address: str) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    to = response["Location"]
    return "sign-in" if to == f"/account/sign-in/?next={quote(address)}" else f"→{to}"


def test_everyone_gets_the_answer_in_the_table(clients, filled):
    wrong = {
        f"{method} {address} as {name}": (found, filled(expected[name]))
        for method, address, expected in ROWS
        for name in PEOPLE
        if (found := answer(ask(clients[name], method, filled(address)), filled(address))) != filled(expected[name])
    }
    assert wrong == {}


def patterns(of: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site as its whole route, with its pattern."""
    for pattern in (of or get_resolver()).url_patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route, pattern


def test_every_address_of_the_site_has_a_row(filled):
    read = [filled(address).partition("?")[0] for method, address, _ in ROWS if method == "GET" and is_there(address)]
    shown = {resolve(address).route for address in read}
    views = {route: pattern.callback for route, pattern in patterns()}
    missing = [route for route in views if route not in shown and not route.startswith("admin/")]
    of_a_year = "<plan_year:year>/"  # the same view, which has its rows without a year
    assert [one for one in missing if not one.startswith(of_a_year) or views.get(one.removeprefix(of_a_year)) != views[one]] == []


def is_there(address: str) -> bool:
    return not re.match("/no-such-page/|/account/sign-up/|/account/email/", address)


def test_every_view_states_who_may_open_it():
    assert [route for route, pattern in patterns() if not hasattr(pattern.callback, "access_rule")] == []


def test_every_address_of_the_admin_is_for_administrators_alone():
    found = {route: pattern.callback.access_rule for route, pattern in patterns() if route.startswith("admin/")}
    assert len(found) > 5 * len(admin_site._registry)
    assert set(found.values()) == {can_edit_plan}


# A site map with a view that somebody forgot to guard.
urlpatterns = [*site_map.urlpatterns, path("forgotten/", lambda request: HttpResponse("a secret"))]
handler403 = site_map.handler403


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", ["signed out", "Bea", "Ada"])
def test_a_view_that_states_nothing_is_refused_to_everyone(clients, name):
    response = clients[name].get("/forgotten/")
    assert response.status_code == 403
    assert "a secret" not in response.content.decode()


def test_a_page_without_a_form_takes_nothing_but_reading(clients, filled):
    """And nobody is told so before she has signed in."""
    posts = {address for method, address, _ in ROWS if method == "POST"}
    for method, address, expected in ROWS:
        if method == "GET" and expected["Ada"] == "200" and address not in posts and not address.startswith("/admin/"):
            assert ask(clients["Ada"], "POST", filled(address)).status_code == 405, address
            assert answer(ask(clients["signed out"], "POST", filled(address)), filled(address)) in ("sign-in", "405"), address


VERBS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def test_no_address_takes_other_verbs(clients, filled):
    """Each is asked with one of them, in turn: whoever guards one address guards all, and looks at none of the verbs."""
    asked = [(VERBS[place % len(VERBS)], filled(address)) for place, address in enumerate(ADDRESSES)]
    answers = {(verb, ask(clients[name], verb, address).status_code) for verb, address in asked for name in ("Priya", "Ada")}
    assert {verb for verb, _ in answers} == set(VERBS) and {code for _, code in answers} == {403, 404, 405}


def addresses_for(name: str, filled: Callable[[str], str]) -> list[str]:
    """Those of the table, and for Ada each page of each kind of record in the admin."""
    found = [filled(address) for address in ADDRESSES]
    for model in admin_site._registry if name == "Ada" else ():
        at = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [at, f"{at}add/", f"{at}?q=x"]
        found += [f"{at}{row.pk}/{page}/" for row in model._base_manager.all()[:1] for page in ("change", "history", "delete")]
    return found


def everything() -> dict[str, list[tuple]]:
    """Every row of every table but the sessions."""
    models = [model for model in apps.get_models(include_auto_created=True) if model is not Session]
    found = {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cache ORDER BY 1")
        return found | {"cache": cursor.fetchall()}


def test_reading_writes_nothing(clients, filled):
    before = everything()
    assert sum(len(table) for table in before.values()) > 50
    for name, client in clients.items():
        for address in addresses_for(name, filled):
            assert client.get(address).status_code < 500, f"{name}: {address}"
    assert everything() == before


def test_no_form_is_taken_without_its_token(clients, filled):
    before, typed = everything(), {"login": "priya@example.org", "rating": "on_track", "_save": "Save", "post": "yes"}
    for name, client in clients.items():
        client.handler.enforce_csrf_checks = True
        for address in addresses_for(name, filled):
            response = client.post(address, typed)
            taken = response.status_code != 403 or "Your form was not sent" not in response.content.decode()
            assert not taken or not is_there(address), f"{name}: {address}"
    assert everything() == before


def test_a_form_with_its_token_is_taken(clients):
    """So that the test above means something."""
    client = clients["Priya"]
    client.handler.enforce_csrf_checks = True
    page = client.get("/updates/HW-1/")
    token = re.search('name="csrfmiddlewaretoken" value="(.+?)"', page.content.decode())[1]
    assert client.post("/updates/HW-1/", {"csrfmiddlewaretoken": token}).status_code == 200


def test_the_menu_offers_a_person_only_what_she_may_open(clients):
    offered = {}
    for name in ROLES:
        client = clients[name]
        page = client.get("/account/password/").content.decode()
        doors = re.findall('nhsuk-header__navigation-link" href="(.+?)"', page)
        assert {door: client.get(door).status_code for door in doors} == dict.fromkeys(doors, 200)
        offered[name] = doors
    everyone = ["/", "/priorities/", "/deliverables/", "/case-studies/", "/reports/"]
    assert offered == {
        "Nina": [],
        "Bea": everyone,
        "Priya": [*everyone, "/updates/"],
        "Olu": [*everyone, "/outcomes-group/"],
        "Ada": [*everyone, "/plan/", "/health/"],
    }
