import pytest

from nlu.cutter import Cutter
from nlu.extract import Extract
from nlu.judge import Judge
from nlu.model import load_model
from nlu.normalise import normalise, simplifier
from nlu.safety import load_safety
from nlu.taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def judge_text(model_dir):
    model, cutter = load_model(model_dir), Cutter()
    extract, simplify = Extract(model.options, cutter), simplifier()
    judge = Judge(model, load_taxonomy(), load_safety(), extract)

    def judged(text):
        normal = normalise(text, simplify)
        row = model.features.row(extract(normal.text))
        return judge.judge(normal, [], row, model.heads["intent"].scores(row))

    return judged


def test_a_complaint_has_a_class_and_a_subcode_of_it(judge_text):
    found = judge_text("这周开了九个会,市里开完区里开")
    assert (found.intent, found.label, found.subcode) == ("complaint", "meeting_overload", "meeting_overload-1")
    assert found.confidence == found.scores["meeting_overload"] == max(found.scores.values())


def test_anything_else_has_none(judge_text):
    found = judge_text("转人工")
    assert (found.intent, found.label, found.label2, found.subcode, found.parts) == ("human", None, None, None, ())


def test_a_rule_is_sure_and_says_which_words(judge_text):
    found = judge_text("仓库着火了,快来人")
    assert (found.intent, found.outcome, found.referral) == ("emergency", "sure", "119")
    assert found.why == ("着火了",)


@pytest.mark.parametrize("text", ["检查太多了", "会太多", "天天打卡", "又要填表", "台账太多", "群太多了"])
def test_a_bare_statement_of_a_burden_is_a_complaint(judge_text, text):
    assert judge_text(text).intent == "complaint"
