"""An analyst's day from the work list to the verdict, and the office's with a new table of limits."""

from io import BytesIO

from openpyxl import Workbook
from playwright.sync_api import expect


def confirmed(page, button):
    """Press a button that asks again."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=button).click()


def test_an_analyst_measures_and_a_second_person_makes_the_judge_speak(open_as):
    page = open_as("lab2")
    page.goto("/")
    page.get_by_role("link", name="检验清单").click()
    page.locator("td a[href*='/laboratory/samples/']").first.click()
    number = page.url.split("/samples/")[1].split("/")[0]
    page.goto(f"/laboratory/samples/{number}/results/")
    page.get_by_role("link", name="下达检验项目").click()
    page.get_by_label("检验项目").fill("镉\n苯甲酸")
    page.locator("main form button[type=submit], main form .btn-primary").first.click()
    page.goto(f"/laboratory/samples/{number}/enter/")
    page.get_by_label("镉 1 结果").fill("0,05")
    page.get_by_label("镉 1 单位").fill("mg/kg")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").first).to_contain_text("可能是 0.05")
    page.get_by_label("镉 1 结果").fill("0.05")
    page.get_by_label("苯甲酸 1 结果").fill("未检出")
    page.get_by_label("苯甲酸 1 单位").fill("g/kg")
    page.get_by_label("苯甲酸 1 检出限").fill("0.005")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="全部复核")).to_have_count(0)

    second = open_as("lab")
    second.goto(f"/laboratory/samples/{number}/results/")
    confirmed(second, "全部复核")
    expect(second.locator("td[data-label='判定'] .badge")).to_have_count(2)
    expect(second.get_by_role("heading", name="结论")).to_be_visible()


def sheet(*rows):
    book = Workbook()
    for row in (("检测项目", "食品", "限量", "单位", "条款", "可信程度"), *rows):
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return {"name": "limits.xlsx", "mimeType": "application/octet-stream", "buffer": file.getvalue()}


def test_the_office_uploads_limits_and_another_person_puts_them_in_force(open_as):
    page = open_as("office")
    page.goto("/rules/limits/new/")
    page.get_by_label("类别").select_option("pesticide")
    page.get_by_label("标准号").fill("GB 2763")
    page.get_by_label("版本", exact=False).first.fill("2021")
    page.get_by_label("补入哪个版本").select_option("gb2763-2021")
    page.get_by_label("来源").fill("GB 2763-2021")
    page.locator("#id_name").fill("补充限量")
    page.locator("#id_in_force_from").fill("2024-11-20")
    page.locator("#id_file").set_input_files(sheet(("腐霉利", "韭菜", "三", "mg/kg", "4.1", "V")))
    page.locator("main form .btn-primary").click()
    expect(page.get_by_text("第 2 行“限量”").first).to_be_visible()
    page.locator("#id_file").set_input_files(sheet(("腐霉利", "韭菜", "3", "mg/kg", "4.1", "V")))
    page.locator("main form .btn-primary").click()
    expect(page.get_by_text("等上传人以外的另一名人员复核")).to_be_visible()
    expect(page.locator("table")).to_contain_text("5 mg/kg")

    second = open_as("market")
    second.goto(page.url)
    confirmed(second, "核对无误，启用")
    expect(second.get_by_text("已启用", exact=False).first).to_be_visible()
