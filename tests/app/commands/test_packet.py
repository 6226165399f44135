from app.cli import main


def test_it_writes_and_verifies(tmp_path, capsys):
    out = tmp_path / "资料 1.html"
    assert main(["packet", str(out), "--query", "district=310109&lang=en"]) == 0
    assert "Hongkou" in capsys.readouterr().out
    assert main(["packet", str(out), "--verify"]) == 0
    out.write_text(out.read_text(encoding="utf-8").replace("Hongkou", "Kouhong", 1), encoding="utf-8")
    assert main(["packet", str(out), "--verify"]) == 1
    assert [file.name for file in tmp_path.iterdir()] == [out.name]


def test_who_cannot_be_measured_is_told(tmp_path, capsys):
    assert main(["packet", str(tmp_path / "a.html"), "--query", "near=SP22:8"]) == 0
    assert "无法判断距离与范围" in capsys.readouterr().err


def test_what_cannot_be_done_gets_one_sentence(tmp_path, capsys):
    for arguments in (["a.pdf"], ["没有/a.html"], ["没有.html", "--verify"]):
        assert main(["packet", str(tmp_path / arguments[0]), *arguments[1:]]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
