"""The uniqueness guard at a real desk: the ways appear with their consequences, nothing leaves without one."""

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Product
from tests.browser.test_loop import TEXT, say, shoot, ticket_page

PARAPHRASE = "有同志反映，三家单位分别要求基层报送留守儿童信息，望合并。"
FIELD = "转述稿（单位只看到这一段）"


async def complain(browser: Browser, product: Product) -> Page:
    person = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    chat = await person.new_page()
    await chat.goto(product.url)
    await say(chat, TEXT)
    await expect(chat.get_by_text("您的身份不会告诉被反映单位").last).to_be_visible()
    return chat


async def open_desk(browser: Browser, product: Product, refused: list[str]) -> Page:
    staff = await browser.new_context(viewport={"width": 1280, "height": 1000}, locale="zh-CN")
    desk = await ticket_page(staff, product.links["lead"])
    desk.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    await desk.reload()  # once more with the listener on
    await expect(desk.get_by_text(TEXT).first).to_be_visible()
    return desk


async def test_the_lead_chooses_and_the_person_is_asked(product: Product, browser: Browser) -> None:
    chat, refused = await complain(browser, product), list[str]()
    desk = await open_desk(browser, product, refused)
    way = desk.get_by_text("问本人", exact=True).first
    await desk.get_by_label(FIELD).fill(PARAPHRASE)
    await desk.get_by_text("全市", exact=True).first.click()
    await expect(way).to_be_hidden()
    await desk.get_by_text("仅一家", exact=True).first.click()
    await expect(way).to_be_visible()
    await expect(desk.get_by_text("最多等5个工作日").first).to_be_visible()
    await desk.get_by_role("button", name="审核通过并交办").click()
    await expect(desk.get_by_text("请先选一种保护办法").first).to_be_visible()
    await shoot(desk, "desk_guard")

    await desk.get_by_text("主动检查方式", exact=True).first.click()
    await expect(desk.get_by_label(FIELD)).to_have_value("热线检查发现，三家单位分别要求基层报送留守儿童信息，望合并。")
    await way.click()
    await expect(desk.get_by_label(FIELD)).to_have_value(PARAPHRASE)
    await desk.get_by_role("button", name="审核通过并交办").click()
    await expect(chat.get_by_text("仍要继续吗").last).to_be_visible(timeout=10_000)
    await expect(desk.get_by_text("正在问本人要不要继续").first).to_be_visible(timeout=10_000)
    await expect(way).to_be_hidden()
    await chat.get_by_role("button", name="撤回", exact=True).scroll_into_view_if_needed()
    await chat.wait_for_timeout(500)
    await shoot(chat, "chat_guard")
    await chat.get_by_role("button", name="先放一放").click()
    await expect(chat.get_by_text("先放着，不交办").last).to_be_visible(timeout=10_000)
    await shoot(desk, "desk_guard_asked")
    assert not refused, refused
