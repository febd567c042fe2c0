import pytest

from nlu.parts import split_parts

TABLE = [
    ("一张表填三遍。另外会也太多,一周九个", ["一张表填三遍", "会也太多,一周九个"]),
    ("表要填三家,还有一件事,那个APP天天打卡", ["表要填三家", "那个APP天天打卡"]),
    ("第一,台账要十八本;第二,章盖不完", ["台账要十八本", "章盖不完"]),
    ("一是检查多、二是报表多得很", ["检查多", "报表多得很"]),
    ("这周开了九个会,三个内容一样", ["这周开了九个会,三个内容一样"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "pieces"), TABLE)
def test_pieces(text, pieces):
    assert [text[start:end] for start, end in split_parts(text)] == pieces
