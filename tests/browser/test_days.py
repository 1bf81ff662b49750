"""The days of the people who work with it, each in a window of their own."""

import re
from io import BytesIO

import pytest
from docx import Document
from playwright.sync_api import expect
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

PLAN = """河湾县人民政府办公室
关于印发河湾县深化食品安全放心工程建设攻坚行动工作方案（2022—2024年）的通知
河政办〔2022〕18号

各乡镇人民政府，县直各有关单位：
《河湾县深化食品安全放心工程建设攻坚行动工作方案（2022—2024年）》已经县政府同意，现印发给你们。
2022年6月6日

河湾县深化食品安全放心工程建设攻坚行动工作方案（2022—2024年）

为进一步提升全县食品安全治理能力，结合我县实际，制定本方案。
一、总体目标
到2024年年底，重点餐饮服务单位明厨亮灶实施率达到90%以上，农村食品经营店规范化达标率超过80%。
二、重点任务
（一）实施餐饮质量安全提升行动。推进餐饮服务单位明厨亮灶，加强培训考核。（牵头单位：县市场监管局；配合单位：县公安局）
（二）实施农村假冒伪劣食品治理行动。建设规范化农村食品经营店。（牵头单位：县市场监管局；各乡镇人民政府）
（三）实施农药兽药使用减量行动。推广绿色防控技术。（牵头单位：县农业农村局；各乡镇人民政府）
三、工作要求
各牵头部门要于2022年7月31日前将专项工作方案报县政府食安办。每年3月25日、6月25日、9月25日前报送季度工作总结，11月30日前报送年度工作总结。
"""
RECIPE = "红烧肉的做法\n一、备料：五花肉五百克。\n二、冷水下锅焯水，捞出沥干。\n三、小火炒糖色，加水慢炖一小时。\n"


def upload_plan(page, name, text):
    page.goto("/plans/new/")
    page.set_input_files("input[name=file]", {"name": name, "mimeType": "text/plain", "buffer": text.encode()})
    page.locator("main form button.btn-primary").click()


def said(page, text):
    expect(page.locator("main [role=status], main .alert").filter(has_text=text).first).to_be_visible()


def next_return(county):
    """A return of the market department that nobody has begun, due within the week."""
    return county.one(
        "SELECT r.id FROM plans_return r JOIN plans_returnperiod p ON p.id = r.period_id "
        "JOIN people_agency a ON a.id = r.agency_id JOIN plans_action x ON x.id = r.action_id "
        "WHERE r.state = 'not_started' AND p.due_on = '2024-11-30' AND a.short_name = '市场监管局' AND x.code = 'catering'"
    )


def test_a_person_signs_in_and_finds_the_work_of_today(open_as):
    page = open_as()
    page.goto("/matters/")
    expect(page).to_have_url(re.compile("/people/sign-in/"))
    page.get_by_label("账号").fill("office")
    page.get_by_label("密码").fill("Fangxin-2024")
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/matters/$"))
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("今天的工作")
    page.locator("main a.work-line").first.click()
    expect(page.locator(".list-count, .page-title").first).to_be_visible()


def test_a_wrong_password_is_answered_plainly_and_tells_nothing(open_as):
    page = open_as()
    page.goto("/people/sign-in/")
    page.get_by_label("账号").fill("nobody-here")
    page.get_by_label("密码").fill("Wrong-2024")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("账号或密码不正确")).to_be_visible()


def test_a_text_that_is_no_plan_is_refused(open_as, small_county):
    page = open_as("neighbour")
    upload_plan(page, "recipe.txt", RECIPE)
    expect(page).to_have_url(re.compile("/plans/new/$"))
    expect(page.locator("main .alert-danger, main .invalid-feedback").first).to_be_visible()
    assert small_county.one("SELECT count(*) FROM plans_plan WHERE division_code = '990102'") == 0


def test_a_plan_is_read_reviewed_corrected_and_confirmed(open_as, small_county):
    page = open_as("neighbour")
    page.on("dialog", lambda dialog: dialog.accept())
    upload_plan(page, "plan.txt", PLAN)
    expect(page).to_have_url(re.compile(r"/plans/\d+/review/"))
    expect(page.get_by_label("文号")).to_have_value("河政办〔2022〕18号")
    page.get_by_label("文号").focus()
    expect(page.locator("#source-text mark")).to_have_text(re.compile("河政办"))
    lead = page.get_by_label("牵头单位（原文）").last
    expect(lead).to_have_value("县农业农村局")
    lead.fill("县农业农村和水利局")
    lead.blur()
    expect(page.locator("[id^=state-action-][id$=-lead_printed]").last).to_contain_text("已保存")
    page.reload()
    forms = page.locator("form.name-form")
    while forms.count():
        forms.first.locator("select").select_option("new")
        forms.first.get_by_role("button", name="合并").click()
        said(page, "已新建机构")
    page.get_by_role("button", name="确认方案").click()
    expect(page).to_have_url(re.compile(r"/plans/\d+/$"))
    expect(page.get_by_text("实施餐饮质量安全提升行动").first).to_be_visible()
    leads = small_county.rows(
        "SELECT g.name FROM plans_action a JOIN people_agency g ON g.id = a.lead_id "
        "JOIN plans_plan p ON p.id = a.plan_id WHERE p.division_code = '990102' ORDER BY a.number"
    )
    assert "农业农村和水利局" in leads[-1][0]
    assert small_county.one("SELECT count(*) FROM plans_returnperiod r JOIN plans_plan p ON p.id = r.plan_id "
                            "WHERE p.division_code = '990102'") >= 8  # fmt: skip


def test_every_figure_of_the_board_opens_to_as_many_records(open_as):
    page = open_as("office")
    page.goto("/board/")
    codes = page.locator("main a[href*='/board/indicators/']").evaluate_all("a => a.map(x => x.getAttribute('href'))")
    checked = 0
    for address in dict.fromkeys(codes):
        page.goto(address)
        parts = page.locator("a[href*='part=denominator']")
        if not parts.count():
            continue
        shown = parts.first.locator("xpath=..").inner_text().split("·")[0].strip()
        parts.first.click()
        expect(page.locator(".list-count")).to_have_text(re.compile(rf"共 {shown} 条"))
        checked += 1
        if checked == 3:
            break
    assert checked == 3


def test_a_department_writes_another_reviews_and_the_office_returns_then_accepts(open_as, small_county):
    number = next_return(small_county)
    writer, reviewer, office = open_as("market"), open_as("market2"), open_as("office")

    writer.goto(f"/plans/returns/{number}/")
    writer.get_by_role("link", name="填写").click()
    writer.get_by_label("工作进展").fill("检查餐饮单位二十家，发现问题三个，均已整改。")
    expect(writer.locator("#draft-state")).to_contain_text("草稿已保存", timeout=10_000)
    writer.reload()
    expect(writer.get_by_label("工作进展")).to_have_value("检查餐饮单位二十家，发现问题三个，均已整改。")
    # The agency's own figure stands beside the computed one.
    writer.locator("input[name$=-numerator]").first.fill("1")
    writer.locator("input[name$=-denominator]").first.fill("4")
    writer.get_by_role("button", name="保存并提交部门审核").click()
    expect(writer.get_by_text("请由本单位另一人审核")).to_be_visible()
    row = writer.locator("table").filter(has_text="相差").locator("tbody tr").first
    expect(row).to_contain_text("25%")
    expect(row).to_contain_text("-75")

    reviewer.goto(f"/plans/returns/{number}/")
    reviewer.get_by_role("button", name="审核通过并报送").click()
    said(reviewer, "已办理")

    office.goto(f"/plans/returns/{number}/")
    office.locator("textarea[name=text]").fill("请补充培训人数。")
    office.get_by_role("button", name="退回修改").click()
    said(office, "已办理")

    writer.goto(f"/plans/returns/{number}/write/")
    expect(writer.get_by_text("请补充培训人数。")).to_be_visible()
    writer.get_by_label("工作进展").fill("检查餐饮单位二十家，培训八十一人。")
    writer.get_by_role("button", name="保存并提交部门审核").click()
    reviewer.goto(f"/plans/returns/{number}/")
    reviewer.get_by_role("button", name="审核通过并报送").click()

    # Two tabs of the office, both with the button: the second is told plainly that it came late.
    office.goto(f"/plans/returns/{number}/")
    second = open_as("office2")
    second.goto(f"/plans/returns/{number}/")
    office.get_by_role("button", name="受理").click()
    said(office, "已办理")
    second.get_by_role("button", name="受理").click()
    said(second, "请刷新")
    assert small_county.one("SELECT state FROM plans_return WHERE id = ?", number) == "accepted"
    assert small_county.one(
        "SELECT count(*) FROM plans_returnstep s JOIN plans_returnversion v ON v.id = s.version_id "
        "WHERE v.item_id = ? AND s.verb = 'accepted'", number
    ) == 1  # fmt: skip


def test_the_office_opens_a_matter_assigns_it_and_sends_a_paper(open_as):
    page = open_as("office")
    page.goto("/matters/")
    page.locator("main a[href$='/matters/new/']").click()
    page.get_by_label("涉及对象", exact=False).last.fill("石桥路无名早点摊")
    page.get_by_label("问题或隐患").fill("无证经营，油条用油发黑。")
    page.locator("select[name=owner]").select_option(label="市场监管局")
    page.get_by_role("button", name="立账").click()
    said(page, "已立账")
    page.locator("main a[href$='/do/assign/']").click()
    page.get_by_label("交办意见").fill("请于时限前整改。")
    page.locator("main form button.btn-primary").click()
    expect(page.locator(".life")).to_contain_text("请于时限前整改。")
    page.locator("main a[href$='/papers/reminder/']").click()
    page.get_by_label("发文代字").fill("云食安办")
    page.locator("main form button.btn-primary").click()
    said(page, "已制发")
    with page.expect_download() as download:
        page.locator("main a[href*='/matters/papers/']").first.click()
    document = Document(BytesIO(download.value.path().read_bytes()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert download.value.suggested_filename.endswith(".docx")
    assert "无证经营" in text


def test_a_township_clerk_matches_the_census_by_keyboard_alone(open_as, small_county):
    entry, code = small_county.rows("SELECT id, division_code FROM registry_censusentry WHERE match = 'unmatched'")[0]
    clerk = small_county.one("SELECT u.username FROM people_user u JOIN people_post p ON p.user_id = u.id "
                             "WHERE p.role = 'township' AND p.division_code = ?", code[:9])  # fmt: skip
    page = open_as(clerk)
    page.goto(f"/registry/census/matching/{entry}/")
    page.keyboard.press("n")
    expect(page.locator("[data-key=n]")).to_be_focused()
    assert small_county.one("SELECT match FROM registry_censusentry WHERE id = ?", entry) == "unmatched"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert small_county.one("SELECT match FROM registry_censusentry WHERE id = ?", entry) == "not_registered"


def test_an_inspector_works_on_a_phone(open_as, small_county):
    page = open_as("inspector", size=PHONE)
    for address in ("/", "/registry/premises/", "/matters/"):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{address} is {width} wide"
    page.goto("/registry/premises/")
    expect(page.locator("#list-body td a").first).to_be_in_viewport()
    page.locator("#list-body td a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="打开菜单").click()
    expect(page.get_by_role("link", name="今天")).to_be_visible()


def test_a_shop_owner_sees_the_own_shop_and_asks_for_a_change(open_as, small_county):
    page = open_as("shop")
    page.goto("/registry/premises/")
    expect(page.locator(".list-count")).to_have_text(re.compile("共 1 条"))
    page.locator("#list-body td a").first.click()
    page.locator("main a[href$='/ask/']").first.click()
    page.locator("main form [name=phone]").fill("13800000000")
    page.locator("main form [name=reason]").fill("换了号码")
    page.locator("main form button.btn-primary").click()
    said(page, "申请已提交")
    assert small_county.one("SELECT count(*) FROM registry_changerequest WHERE reason = '换了号码'") == 1


def test_anybody_verifies_a_credential_and_learns_nothing_more(open_as, small_county):
    token, premises = small_county.rows(
        "SELECT c.token, p.name FROM registry_credential c JOIN registry_premises p ON p.id = c.premises_id "
        "WHERE c.expires_on > '2025-01-01' AND c.revoked_on IS NULL AND p.closed_on IS NULL LIMIT 1"
    )[0]
    page = open_as(size=PHONE)
    page.goto(f"/verify/{token}/")
    expect(page.get_by_text("有效", exact=True)).to_be_visible()
    expect(page.get_by_text(premises).first).to_be_visible()
    people = small_county.rows("SELECT legal_representative FROM registry_operator WHERE legal_representative <> ''")
    assert not [name for (name,) in people if name in page.content()]
    assert page.goto(f"/verify/{token[:-1]}x/").status == 404
    expect(page.locator("main")).to_contain_text("没有")


def test_the_administrator_makes_an_account_and_a_post(open_as, small_county):
    page = open_as("admin")
    page.goto("/people/users/new/")
    page.locator("[name=username]").fill("newclerk")
    page.locator("[name=name]").fill("新来的")
    page.locator("[name=password]").fill("First-Day-2024")
    page.locator("main form button.btn-primary").click()
    page.locator("main a[href$='/posts/new/']").click()
    page.locator("[name=agency]").select_option(label="市场监管局")
    page.locator("[name=role]").select_option("department")
    page.locator("[name=division_code]").fill("411224")
    page.locator("[name=starts_on]").fill("2024-11-25")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("岗位已安排")
    assert page.goto("/board/").status == 403

    new = open_as()
    new.goto("/people/sign-in/")
    new.get_by_label("账号").fill("newclerk")
    new.get_by_label("密码").fill("First-Day-2024")
    new.get_by_role("button", name="登录").click()
    expect(new).to_have_url(re.compile("/people/account/password/"))
