"""The whole journey in a real browser: web chat in one tab, desk and unit in others, pushes without a reload."""

import os
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Product

TEXT = "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回"
PARAPHRASE = "有同志反映，三家单位分别要求基层报送留守儿童信息，望合并"
SHOTS = os.environ.get("JIANFU_SHOTS", "")


async def shoot(page: Page, name: str) -> None:
    """Keep a picture where JIANFU_SHOTS says."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def ticket_page(context: BrowserContext, link: str) -> Page:
    """Sign in at the desk and open the first ticket of the queue."""
    page = await context.new_page()
    await page.goto(link)
    await page.locator("table.list tbody a").first.click()
    await expect(page.get_by_text(TEXT).first).to_be_visible()
    return page


async def unit_answers(context: BrowserContext, product: Product, measure: str) -> None:
    for role, button in (("unit_contact", "保存"), ("unit_approver", "签发")):
        page = await context.new_page()
        await page.goto(f"{product.url}/unit" if role not in product.links else product.links.pop(role))
        await page.locator("table.list tbody a").first.click()
        if role == "unit_contact":
            sign = page.get_by_role("button", name="签收", exact=True)
            await expect(sign.or_(page.get_by_label("怎么改"))).to_be_visible()  # the page has come, signed or not
            if await sign.count():
                await sign.click()
            await page.get_by_label("怎么改").fill(measure)
            await page.get_by_label("何时改完").fill("12月5日前")
            await page.get_by_label("依据").fill("三家会商纪要")
            await page.get_by_text("属实", exact=True).first.click()
        text = await page.content()
        assert "填了三回" not in text and "JF-" not in text
        await page.get_by_role("button", name=button, exact=True).click()
        await shoot(page, role)
        await page.wait_for_timeout(800)


async def test_the_loop_in_a_browser(product: Product, browser: Browser) -> None:
    person = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    chat = await person.new_page()
    await chat.goto(product.url)
    await say(chat, TEXT)
    await expect(chat.get_by_text("您的身份不会告诉被反映单位").last).to_be_visible()
    await expect(chat.get_by_text("重复报表").first).to_be_visible()
    await chat.wait_for_timeout(600)
    await shoot(chat, "chat_receipt")

    staff = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    desk = await ticket_page(staff, product.links["lead"])
    await shoot(desk, "desk_ticket")
    await desk.get_by_label("转述稿（单位只看到这一段）").fill(PARAPHRASE)
    await desk.get_by_text("全市", exact=True).first.click()
    await desk.get_by_role("button", name="审核通过并交办").click()
    await expect(chat.get_by_text("已交办青岚市民政局")).to_be_visible(timeout=10_000)

    contact = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    await unit_answers(contact, product, "三家合用一张表")

    operator = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    check = await ticket_page(operator, product.links["operator"])
    await check.get_by_label("一句话结果（办结时告诉反映人）").fill("三家合用一张表")
    await check.get_by_role("button", name="核验通过").click()
    await expect(chat.get_by_text("反馈来了")).to_be_visible(timeout=10_000)
    await chat.get_by_role("button", name="没解决").click()
    await expect(chat.get_by_text("已转回重新办理")).to_be_visible(timeout=10_000)
    assert await chat.evaluate("window.scrollY") == 0, "the page itself must not scroll away"
    await chat.wait_for_timeout(600)
    await shoot(chat, "chat_rework")
    await say(chat, "跳过")
    await say(chat, "进度")
    await expect(chat.get_by_text("重办中").last).to_be_visible(timeout=10_000)


async def test_lost_connection_is_resent_once(product: Product, browser: Browser) -> None:
    person = await browser.new_context(locale="zh-CN")
    chat = await person.new_page()
    await chat.goto(product.url)
    await expect(chat.locator("#send")).to_be_visible()
    await person.set_offline(True)
    await say(chat, TEXT)
    await expect(chat.get_by_text("未发出").first).to_be_visible()
    await person.set_offline(False)
    await expect(chat.get_by_text("您的身份不会告诉被反映单位").last).to_be_visible(timeout=20_000)
    await say(chat, "我的")
    mine = chat.get_by_text("您的受理号").last
    await expect(mine).to_be_visible()
    assert (await mine.inner_text()).count("JF-") == 1
