import pytest

from nlu.safety import load_safety

SAFETY = load_safety()
FIRES = [
    (
        "distress",
        ["不想活了", "活着真没意思", "想从楼顶跳下去", "遗书都写好了", "药攒够了", "死了算了", "不如死了算了"],
    ),
    ("emergency", ["仓库着火了", "有人要跳楼", "孩子掉河里了快来人", "煤气泄漏了", "有人拿刀砍人", "同事晕倒没呼吸了"]),
    ("secret", ["机密★一年", "给你看个机密文件", "这是涉密材料", "绝密"]),
    ("corruption", ["镇长收了老板两个红包", "挪用扶贫款", "主任贪污", "小舅子包了全村的工程", "吃拿卡要"]),
    ("staffing", ["局里超编进人", "有人吃空饷"]),
    ("selection", ["他是跑官跑来的", "提拔全凭关系", "带病提拔"]),
    ("retaliation", ["领导在查是谁反映的", "给我穿小鞋", "反映完就把我调岗", "怕被报复"]),
    ("abuse", ["你们这帮废物", "滚", "妈了个逼", "傻逼系统"]),
    ("spam", ["加微信领红包", "刷单返利", "低价办证刻章"]),
    ("tired", ["累死了", "真的扛不住", "人都麻了"]),
    ("lawsuit", ["法院已经立案了", "仲裁下个月开庭", "信访件省里受理了"]),
]
SILENT = [
    "一周搞三次防溺水演练,拍照上传",
    "没着火也要每天报火情",
    "轻生人员排查表一周报两次",
    "保密检查一个月来了四拨",
    "又不是什么机密,非要盖章",
    "让我们给公众号投票拉票,截图排名",
    "群里抢红包刷屏",
    "我妈的手机也要装那个APP",
    "垃圾分类台账十八本",
    "信访排名倒数要书记去表态",
    "防贪污警示教育片又要写心得",
    "企业活不下去了还要填十张表",
    "救护车进不来,路被展板挡住了",
]


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FIRES for text in texts])
def test_fires(rule, text):
    assert rule in {hit.rule.name for hit in SAFETY.check(text)}


@pytest.mark.parametrize("text", SILENT)
def test_stays_silent(text):
    assert [hit.rule.name for hit in SAFETY.check(text) if hit.strong] == []


@pytest.mark.parametrize(
    ("intent", "text", "referral"),
    [
        ("citizen", "停水三天", "12345"),
        ("corruption", "收红包", "12388"),
        ("personnel", "局里超编进人", "12310"),
        ("personnel", "提拔他是因为跑关系", "12380"),
        ("personnel", "考核给我定基本称职,不服", "appeal"),
        ("personnel", "三个月没发绩效", "hr"),
        ("distress", "不想活", "12356"),
        ("emergency", "山上着火", "119"),
        ("emergency", "有人晕倒", "120"),
        ("emergency", "有人拿刀", "110"),
        ("complaint", "会太多", None),
    ],
)
def test_referral(intent, text, referral):
    assert SAFETY.referral(intent, text) == referral


def test_a_hit_knows_its_place():
    text = "那个表,领导在查是谁反映的"
    hit = next(hit for hit in SAFETY.check(text) if hit.rule.name == "retaliation")
    assert text[hit.start : hit.end] == "查是谁反映"


@pytest.mark.parametrize(
    ("intent", "text", "possible"),
    [
        ("consult", "检查组要看十八本台账", False),
        ("consult", "无会日是周几", True),
        ("consult", "便函算不算发文", True),
        ("registry_check", "查表 留守儿童摸底表", True),
        ("registry_check", "借调两年不放人", False),
        ("relapse", "又要填表", False),
        ("relapse", "上次停了的打卡又开始了", True),
        ("distress", "打卡烦死了", False),
        ("distress", "填完这张表我就解脱了", True),
        ("emergency", "群消息爆炸", False),
        ("urge", "快点", True),
    ],
)
def test_a_statement_is_no_question_and_a_burden_no_cry_for_help(intent, text, possible):
    assert (intent not in SAFETY.impossible(text)) is possible


def test_an_oblique_word_is_a_hint_only():
    hits = {hit.rule.name: hit.strong for hit in SAFETY.check("我在水塔上坐着,下辈子再说吧")}
    assert hits == {"distress": False}
