"""Invitation → password → second factor → inside → signed in elsewhere → revoked, in a real browser."""

import re
import time
from pathlib import Path

import pyotp
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Product, jianfu
from tests.browser.test_loop import shoot

PASSWORD = "晒谷场边三棵老树和一条河"
SIZE = {"width": 1280, "height": 800}


async def next_code(secret: str, used: list[int]) -> str:
    """The code of a step that was not used yet (the window reaches one step ahead)."""
    step = max(int(time.time()) // 30, used[-1] + 1 if used else 0)
    while step > int(time.time()) // 30 + 1:
        time.sleep(1)
    used.append(step)
    return pyotp.TOTP(secret).generate_otp(step)


async def join(page: Page, link: str, used: list[int]) -> str:
    """Through the invitation by keyboard alone; gives the secret that was shown."""
    await page.goto(link)
    await expect(page.get_by_text("审核组长一")).to_be_visible()
    await page.keyboard.type("password1234")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("太常见")
    await page.evaluate("text => navigator.clipboard.writeText(text)", PASSWORD)
    await page.get_by_label("设一个密码").focus()
    await page.keyboard.press("Control+V")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # 显示密码
    await expect(page.get_by_label("设一个密码")).to_have_attribute("type", "text")
    assert await page.get_by_label("设一个密码").input_value() == PASSWORD
    await shoot(page, "login_password")
    await page.keyboard.press("Enter")
    await expect(page.locator(".qr svg")).to_be_visible()
    await shoot(page, "login_qr")
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    await page.keyboard.type(await next_code(secret, used))
    await page.keyboard.press("Enter")
    await expect(page.locator(".codes li")).to_have_count(10)
    await shoot(page, "login_codes")
    await page.get_by_role("link", name="已经记下，进入").press("Enter")
    await expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    return secret


async def sign_in(page: Page, url: str, code: str) -> None:
    await page.goto(f"{url}/desk")
    await page.get_by_role("link", name="去登录").press("Enter")
    await page.get_by_label("账号").fill("lead1")
    await page.keyboard.press("Tab")
    await page.keyboard.type("不是这个密码")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("账号、密码或动态口令不对。")
    await shoot(page, "login_wrong")
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_label("动态口令").fill(code)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="我的待办")).to_be_visible()


async def new_context(browser: Browser, **more: object) -> BrowserContext:
    return await browser.new_context(locale="zh-CN", permissions=["clipboard-read", "clipboard-write"], **more)


async def test_invitation_to_revocation(product: Product, browser: Browser, tmp_path: Path) -> None:
    invited = jianfu(product, "invite", "lead", "lead1")
    assert invited.startswith("lead1  http"), invited
    used: list[int] = []
    here = await (await new_context(browser, viewport=SIZE)).new_page()
    secret = await join(here, invited.split()[1], used)
    await here.goto(invited.split()[1])
    await expect(here.get_by_text("这个邀请链接不能用了")).to_be_visible()

    phone = await (await new_context(browser, viewport={"width": 390, "height": 844})).new_page()
    await sign_in(phone, product.url, await next_code(secret, used))
    await shoot(phone, "login_phone_desk")

    await here.goto(f"{product.url}/desk")
    await here.get_by_role("link", name="审核组长一").click()
    await expect(here.locator(".logins li")).to_have_count(2)
    await shoot(here, "login_list")
    await here.locator(".logins").get_by_role("button", name=re.compile("结束")).click()
    await expect(here.locator(".logins li")).to_have_count(1)
    await expect(phone.get_by_text("请先登录")).to_be_visible(timeout=10_000)  # the open page went by itself
    await shoot(phone, "login_revoked")

    await here.goto(f"{product.url}/desk")
    await here.get_by_role("button", name="退出").click()
    await expect(here.get_by_text("已退出")).to_be_visible()
    await here.go_back()
    await expect(here.get_by_text("请先登录")).to_be_visible()


async def test_a_colleague_answers_by_a_link_alone(product: Product, browser: Browser) -> None:
    """The unit makes a link; a telephone without an account fills in the answer; the approver's page has it."""
    from tests.browser.test_loop import PARAPHRASE, TEXT, say, ticket_page

    chat = await (await browser.new_context(locale="zh-CN")).new_page()
    await chat.goto(product.url)
    await say(chat, TEXT)
    await expect(chat.get_by_text("您的身份不会告诉被反映单位").last).to_be_visible()
    desk = await ticket_page(await browser.new_context(viewport=SIZE, locale="zh-CN"), product.links["lead"])
    await desk.get_by_label("转述稿（单位只看到这一段）").fill(PARAPHRASE)
    await desk.get_by_text("全市", exact=True).first.click()
    await desk.get_by_role("button", name="审核通过并交办").click()
    await expect(chat.get_by_text("已交办青岚市民政局")).to_be_visible(timeout=10_000)

    unit = await (await browser.new_context(viewport=SIZE, locale="zh-CN")).new_page()
    await unit.goto(product.links["unit_contact"])
    await unit.locator("table.list tbody a").first.click()
    await unit.get_by_role("button", name="签收", exact=True).click()
    await unit.get_by_text("请同事代填").click()
    await unit.get_by_role("button", name="生成代填链接").click()
    link = await unit.get_by_label("代填链接").input_value()
    await shoot(unit, "answer_link_made")

    colleague = await (await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")).new_page()
    problems: list[str] = []
    colleague.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    await colleague.goto(link)
    await expect(colleague.get_by_text(PARAPHRASE)).to_be_visible()
    await shoot(colleague, "answer_page")
    await colleague.get_by_label("属实", exact=True).check()
    await colleague.get_by_label("怎么改").fill("三家合用一张表")
    await colleague.get_by_label("何时改完").fill("12月5日前")
    await colleague.get_by_label("依据").fill("三家会商纪要")
    await colleague.get_by_role("button", name="保存").click()
    await expect(colleague.get_by_role("status")).to_contain_text("等本单位签发人签发")
    await shoot(colleague, "answer_saved")
    assert problems == [] and await colleague.context.cookies() == []

    approver = await (await browser.new_context(viewport=SIZE, locale="zh-CN")).new_page()
    await approver.goto(product.links["unit_approver"])
    await approver.locator("table.list tbody a").first.click()
    await expect(approver.get_by_label("怎么改")).to_have_value("三家合用一张表")
    await approver.get_by_role("button", name="签发", exact=True).click()
    await expect(approver.get_by_text("热线核验中")).to_be_visible()
    await colleague.reload()
    await expect(colleague.get_by_text("这个链接不能用了")).to_be_visible()
