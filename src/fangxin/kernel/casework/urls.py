from django.urls import path

from fangxin.kernel.casework.views import (
    account,
    acts,
    calendar,
    cases,
    cases_acts,
    cases_lists,
    files,
    interviews,
    lists,
    matter,
)

app_name = "casework"
urlpatterns = [
    path("", lists.MatterList.as_view(), name="list"),
    path("new/", matter.new, name="new"),
    path("<int:pk>/", matter.matter, name="matter"),
    path("<int:pk>/do/<slug:action>/", acts.act, name="act"),
    path("<int:pk>/papers/<slug:kind>/", acts.issue, name="issue"),
    path("<int:pk>/interview/", interviews.propose, name="propose_interview"),
    path("evidence/<int:pk>/", files.evidence, name="evidence"),
    path("papers/<int:pk>/", files.paper, name="paper"),
    path("escalations/", lists.EscalationList.as_view(), name="escalations"),
    path("interviews/", lists.InterviewList.as_view(), name="interviews"),
    path("interviews/<int:pk>/", interviews.interview, name="interview"),
    path("interviews/<int:pk>/do/<slug:action>/", interviews.advance, name="advance_interview"),
    path("cases/", cases_lists.CaseList.as_view(), name="cases"),
    path("cases/new/", cases.new, name="new_case"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/do/<slug:action>/", cases_acts.act, name="act_case"),
    path("cases/<int:pk>/papers/<slug:kind>/", cases_acts.issue, name="issue_case_paper"),
    path("cases/evidence/<int:pk>/", cases.evidence, name="case_evidence"),
    path("cases/papers/<int:pk>/", cases.paper, name="case_paper"),
    path("account/", account.account, name="account"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/days/", calendar.set_days, name="set_days"),
    path("calendar/year/", calendar.complete_year, name="complete_year"),
]
