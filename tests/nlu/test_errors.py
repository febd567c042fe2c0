from nlu.errors import DataError, ModelError, NluError


def test_the_docstring_is_the_message():
    assert str(DataError()) == "The training or evaluation rows cannot be used."
    assert str(ModelError("var/x")) == "There is no usable model in this folder; train one first. (var/x)"


def test_one_family():
    assert issubclass(DataError, NluError) and issubclass(ModelError, NluError)
