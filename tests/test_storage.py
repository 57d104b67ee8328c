"""Reading a dataset: only the part that is wanted, and never a wrong answer from a damaged one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import modelmeta
from modelmeta import Catalog, DatasetError, ModelMetaError, UnknownModelError
from modelmeta._record import to_json
from modelmeta.storage import (
    MANIFEST,
    SCHEMA_VERSION,
    Folder,
    SortedFile,
    entry_key,
    open_storage,
    parse,
    read_manifest,
    verify,
)
from pipeline.emit import sorted_file

Files = dict[str, bytes]
PACKAGE = Path(modelmeta.__file__).parent
MADE_UP = "made-up.json"
DATA = PACKAGE / "data"


class OneFile:
    """Storage of a single file in memory that counts what is read of it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.bytes_read = 0

    def size(self, _: str) -> int:
        return len(self.data)

    def read(self, _: str, start: int = 0, length: int = -1) -> bytes:
        found = self.data[start : start + length] if length >= 0 else self.data[start:]
        self.bytes_read += len(found)
        return found


def over(data: bytes, name: str = MADE_UP) -> SortedFile:
    return SortedFile(OneFile(data), name)  # type: ignore[arg-type]


def clear(error: BaseException) -> None:
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert 10 < len(str(error)) < 1000


# Bisection ----------------------------------------------------------------------------------------------


SORTED_FILES = sorted(
    path.relative_to(DATA).as_posix() for path in DATA.rglob("*.json") if path.parent.name != "parameters"
)


@pytest.mark.parametrize("folder", sorted({name.rpartition("/")[0] for name in SORTED_FILES}))
def test_finds_every_key_of_a_bundled_file_and_no_other(folder: str) -> None:
    names = [name for name in SORTED_FILES if name.rpartition("/")[0] == folder]
    for name in names if is_for_lookups(folder) else names[::5]:
        every_key_and_no_other(name)


def every_key_and_no_other(name: str) -> None:
    whole = json.loads((DATA / name).read_text("ascii"))
    (section,) = [key for key, value in whole.items() if isinstance(value, dict) and key != "counts"]
    entries = whole[section]
    assert [entry_key(key) for key in entries] == sorted(entry_key(key) for key in entries), name
    file = over((DATA / name).read_bytes(), name)
    for key, value in list(entries.items())[:: 1 if is_for_lookups(name) else 7]:
        entry = file.get(key)
        assert entry is not None, (name, key)
        assert json.loads(b"{" + entry + b"}") == {key: value}
        if name != MANIFEST:
            file.checked(entry)
    for key in list(entries)[:: max(1, len(entries) // 300)]:
        for near in (f"{key}x", key[:-1], f"{key} ", f"!{key}", f"~{key}", key.swapcase(), key + "\x00"):
            assert (file.get(near) is not None) is (near in entries), (name, near)


def is_for_lookups(name: str) -> bool:
    """Whether a file, or one of this folder, is one that ``get_model`` reads: there every key is tried."""
    return not name.startswith(("provenance", "history"))


def test_reads_little_of_a_large_file() -> None:
    data = (DATA / "index.json").read_bytes()
    storage = OneFile(data)
    file = SortedFile(storage, "index.json")  # type: ignore[arg-type]
    for key in ("gpt-4.1-mini", "zzzz", "0", "openai/gpt-4.1-mini"):
        storage.bytes_read = 0
        file.get(key)
        assert storage.bytes_read < 200_000 < len(data)


keys = st.text(max_size=20) | st.text(alphabet='abz"\\/{}:,\n\t \u00e9\u2603\U0001f600', max_size=6)
values = st.text(max_size=10) | st.sampled_from(
    ["", "x" * 300, "y" * 9000, "\n" * 5000, "z" * 40_000, '"a": {', "\\" * 99]
)


@given(st.dictionaries(keys, values, max_size=40), st.lists(keys, max_size=10))
@example({}, ["", "a"])
@example({"": ""}, ["a"])
@example({"only": "y" * 9000}, ["onl", "only ", "onlyy"])
@example({str(number): "x" * 300 for number in range(300)}, ["-1", "300", "05"])
@settings(deadline=None)
def test_finds_every_key_of_any_file_and_no_other(entries: dict[str, str], absent: list[str]) -> None:
    objects = {key: {"value": value, "rows": [{"value": value}]} for key, value in entries.items()}
    lists = {key: [value] for key, value in entries.items()}
    for data in (sorted_file(MADE_UP, "things", objects), sorted_file(MADE_UP, "things", lists)):
        assert set(json.loads(data)["things"]) == set(entries)
        file = over(data)
        for key, value in entries.items():
            entry = file.get(key)
            assert entry is not None
            parsed = json.loads("{" + file.checked(entry) + "}")[key]
            assert (parsed["value"] if isinstance(parsed, dict) else parsed[0]) == value
        for key in absent:
            if key not in entries:
                assert file.get(key) is None


@given(st.text())
def test_a_key_stands_in_a_file_as_json_writes_it(key: str) -> None:
    assert f'"{entry_key(key)}"' == json.dumps(key)


def test_a_file_without_entries() -> None:
    assert over(sorted_file(MADE_UP, "things", {})).get("x") is None


def test_many_small_entries() -> None:
    names = [f"{number:05}" for number in range(20_000)]
    file = over(sorted_file(MADE_UP, "things", {name: [name] for name in names}))
    for name in names[::97]:
        assert file.get(name) is not None
        between = f"{name}5"
        assert names[bisect_left(names, between) - 1] == name
        assert file.get(between) is None


# JSON ----------------------------------------------------------------------------------------------------


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_parse_reads_what_json_reads(value: Any) -> None:
    assert parse(json.dumps(value), "here") == value
    assert parse(json.dumps(value) + "\n", "here") == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "}", "[1,", '{"a": 1} x', '{"a": 1}{', "'a'", "{a: 1}", '"\n"', '"a', "nul", "[1 2]", "\ufeff{}", "[" * 100_000, "NaN", "[-Infinity]", "1e999", "9" * 5000],
)  # fmt: skip
def test_parse_refuses_the_rest(text: str) -> None:
    with pytest.raises(DatasetError, match=r"^there: ") as caught:
        parse(text, "there")
    clear(caught.value)


# Damage --------------------------------------------------------------------------------------------------

REFERENCES = (
    "gpt-9", "openai/gpt-9", "gpt-9-2026-05-01", "gpt-9-20260501", "gpt-9-latest", "claude-nine", "open-1",
    "anthropic.claude-nine-20260401-v1:0", "us.anthropic.claude-nine-20260401-v1:0", "azure/gpt-9", "gpt-9@azure",
    "openrouter/openai/gpt-9", "openrouter/openmodel/open-1:free", "openrouter/openmodel/open-1:nitro",
    'odd/say-"hi"', "odd/two words", "odd/back\\slash", "x" * 180, "upper/case-1.5", "nothing like it",
)  # fmt: skip


def _get(ref: str) -> Callable[[Catalog], Any]:
    return lambda catalog: to_json(catalog.get_model(ref))


def _offers(ref: str) -> Callable[[Catalog], Any]:
    return lambda catalog: [to_json(offer) for offer in catalog.list_offers(ref)]


LOOKUPS: dict[str, Callable[[Catalog], Any]] = {
    **{f"get_model {ref}": _get(ref) for ref in REFERENCES},
    **{f"list_offers {ref}": _offers(ref) for ref in ("openai/gpt-9", "gpt-9", "open-1")},
    "list_models": lambda catalog: [to_json(model) for model in catalog.list_models()],
    "list_models openai": lambda catalog: [to_json(model) for model in catalog.list_models(provider="openai")],
    "list_models by author": lambda catalog: [to_json(model) for model in catalog.list_models(author="openai")],
    "list_snapshots": lambda catalog: to_json(catalog.list_snapshots("gpt-9")),
    "list_providers": lambda catalog: to_json(catalog.list_providers()),
    "list_authors": lambda catalog: to_json(catalog.list_authors()),
    "get_provider": lambda catalog: to_json(catalog.get_provider("azure")),
    "get_author": lambda catalog: to_json(catalog.get_author("anthropic")),
}


def outcome(lookup: Callable[[], Any]) -> Any:
    try:
        return lookup()
    except DatasetError:
        raise
    except ModelMetaError as error:
        return type(error).__name__, getattr(error, "choices", ())


class Right(dict[str, Any]):
    """The right answers, with a short repr for reports of failures."""

    def __repr__(self) -> str:
        return f"<{len(self)} answers>"


@pytest.fixture(scope="module")
def right(small_files: Files, in_memory: Callable[[Files], Catalog]) -> dict[str, Any]:
    """What each lookup answers from the undamaged dataset."""
    return Right({name: outcome(lambda: lookup(in_memory(small_files))) for name, lookup in LOOKUPS.items()})  # noqa: B023


def never_wrong(files: Files, right: dict[str, Any], in_memory: Callable[[Files], Catalog]) -> int:
    """How many lookups failed, each with a ``DatasetError``; all others answered as before."""
    try:
        catalog = in_memory(files)
    except DatasetError as error:
        clear(error)
        return len(LOOKUPS)
    failed = 0
    for name, lookup in LOOKUPS.items():
        try:
            found = outcome(lambda: lookup(catalog))  # noqa: B023
        except DatasetError as error:
            clear(error)
            failed += 1
        else:
            assert found == right[name], name
    try:
        catalog.dataset_info()
    except DatasetError as error:
        clear(error)
    return failed


SMALL_NAMES = (
    "index.json", "offers.json", "providers.json", "authors.json", MANIFEST, "columns/id.json", "columns/author.json",
    "models/openai.json",
    "models/anthropic.json", "models/amazon-bedrock.json", "models/azure.json", "models/openrouter.json", "models/odd.json",
)  # fmt: skip


def test_the_names_are_those_of_the_small_dataset(small_files: Files, right: dict[str, Any]) -> None:
    assert set(SMALL_NAMES) <= set(small_files)
    assert right["get_model gpt-9"]["limits"]["context_window"] == 400_000
    assert right["get_model nothing like it"] == ("UnknownModelError", ())


@given(name=st.sampled_from(SMALL_NAMES), place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
@settings(deadline=None, max_examples=120)
def test_any_byte_changed(
    *,
    name: str,
    place: float,
    flip: int,
    small_files: Files,
    right: dict[str, Any],
    in_memory: Callable[[Files], Catalog],
) -> None:
    data = bytearray(small_files[name])
    data[int(place * len(data))] ^= flip
    never_wrong({**small_files, name: bytes(data)}, right, in_memory)


@given(name=st.sampled_from(SMALL_NAMES), place=st.floats(0, 1, exclude_max=True), length=st.integers(1, 3000))
@settings(deadline=None, max_examples=40)
def test_anything_cut_out(
    *,
    name: str,
    place: float,
    length: int,
    small_files: Files,
    right: dict[str, Any],
    in_memory: Callable[[Files], Catalog],
) -> None:
    data = small_files[name]
    at = int(place * len(data))
    never_wrong({**small_files, name: data[:at] + data[at + length :]}, right, in_memory)


@given(name=st.sampled_from(SMALL_NAMES), place=st.floats(0, 1, exclude_max=True))
@settings(deadline=None, max_examples=60)
def test_cut_off_anywhere(
    name: str, place: float, small_files: Files, right: dict[str, Any], in_memory: Callable[[Files], Catalog]
) -> None:
    data = small_files[name]
    never_wrong({**small_files, name: data[: int(place * len(data))]}, right, in_memory)


@pytest.mark.parametrize("name", SMALL_NAMES)
@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"not json", b"\x00" * 9000, b"{\n", b"\xff\xfe{\n}}"], ids=repr
)
def test_something_else_altogether(
    name: str, data: bytes, small_files: Files, right: dict[str, Any], in_memory: Callable[[Files], Catalog]
) -> None:
    assert never_wrong({**small_files, name: data}, right, in_memory) > 0


@pytest.mark.parametrize("name", SMALL_NAMES)
def test_missing_file(
    name: str, small_files: Files, right: dict[str, Any], in_memory: Callable[[Files], Catalog]
) -> None:
    files = {other: data for other, data in small_files.items() if other != name}
    assert never_wrong(files, right, in_memory) > 0


def test_an_entry_taken_out_of_the_index_is_not_another_hosts_model(
    small_files: Files, in_memory: Callable[[Files], Catalog]
) -> None:
    """``openrouter/openai/gpt-9`` can also be read as OpenAI's model behind a router: not when the index is damaged."""
    lines = small_files["index.json"].split(b"\n")
    kept = [line for line in lines if not line.startswith((b'"openrouter/openai/gpt-9"', b'"openrouter/gpt-9"'))]
    assert len(kept) < len(lines)
    catalog = in_memory({**small_files, "index.json": b"\n".join(kept)})
    with pytest.raises(DatasetError, match=r"index\.json"):
        catalog.get_model("openrouter/openai/gpt-9")


def test_an_entry_that_was_edited_is_named(small_files: Files, in_memory: Callable[[Files], Catalog]) -> None:
    edited = small_files["models/openai.json"].replace(b"400000", b"400001")
    catalog = in_memory({**small_files, "models/openai.json": edited})
    with pytest.raises(DatasetError, match=r"models/openai.json.*'gpt-9'.*checksum"):
        catalog.get_model("gpt-9")
    assert catalog.get_model("gpt-9-mini").limits.context_window == 200_000
    with pytest.raises(DatasetError, match=r"models/openai.json.*SHA-256"):
        catalog.list_models(provider="openai")


def test_files_that_changed_places_are_told_apart(small_files: Files, in_memory: Callable[[Files], Catalog]) -> None:
    """Each is whole in itself, with its entries' checksums right."""
    one, other = "models/openai.json", "models/azure.json"
    swapped = in_memory({**small_files, one: small_files[other], other: small_files[one]})
    for ref in ("openai/gpt-9", "azure/gpt-9"):
        with pytest.raises(DatasetError, match=r"'gpt-9' does not match its checksum"):
            swapped.get_model(ref)


@pytest.mark.parametrize("name", ["provenance/openai.json", "history/openai.json"])
def test_what_a_cut_file_no_longer_says_is_not_taken_to_be_unsaid(
    name: str, small_files: Files, in_memory: Callable[[Files], Catalog]
) -> None:
    cut = {**small_files, name: small_files[name][: small_files[name].index(b"{\n") + 2]}
    look = {"provenance": "list_observations", "history": "list_changes"}[name.partition("/")[0]]
    getattr(in_memory(small_files), look)("openai/gpt-9")
    with pytest.raises(DatasetError, match=rf"{name}.*SHA-256"):
        getattr(in_memory(cut), look)("openai/gpt-9")


@pytest.mark.parametrize(
    ("version", "advice"),
    [(2, "upgrade modelmeta"), (99, "upgrade modelmeta"), (0, "fetch"), ("1", "fetch"), (None, "fetch")],
)
def test_another_schema_version(
    version: object, advice: str, small_files: Files, in_memory: Callable[[Files], Catalog]
) -> None:
    stated = f'"schema_version": {SCHEMA_VERSION}'.encode()
    manifest = small_files[MANIFEST].replace(stated, f'"schema_version": {json.dumps(version)}'.encode(), 1)
    with pytest.raises(
        DatasetError, match=rf"schema version {version!r}, but .* version {SCHEMA_VERSION}.*{advice}"
    ) as caught:
        in_memory({**small_files, MANIFEST: manifest})
    clear(caught.value)


def test_damage_in_the_manifest_is_never_another_error(
    small_files: Files, in_memory: Callable[[Files], Catalog]
) -> None:
    manifest = small_files[MANIFEST]
    for old, new in (
        (b'"version"', b'"ver"'),
        (b'"models": ', b'"models": 1'),
        (b'"built_on": "2026', b'"built_on": "2025'),
        (b'"built_on": "2026', b'"built_on": "x026'),
        (b'"counts": {', b'"counts": [{'),
    ):
        assert old in manifest
        with pytest.raises(DatasetError) as caught:
            in_memory({**small_files, MANIFEST: manifest.replace(old, new, 1)}).dataset_info()
        clear(caught.value)


# Where a dataset can be ----------------------------------------------------------------------------------


def test_a_folder(small_folder: Path, right: dict[str, Any]) -> None:
    catalog = Catalog.load(small_folder)
    assert {name: outcome(lambda: lookup(catalog)) for name, lookup in LOOKUPS.items()} == right  # noqa: B023
    assert Catalog.load(str(small_folder)).get_model("gpt-9") == catalog.get_model("gpt-9")


@pytest.fixture(scope="module")
def small_zip(small_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zip") / "dataset.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in small_files.items():
            archive.writestr(name, data)
    return path


def test_a_zip_file(small_zip: Path, right: dict[str, Any]) -> None:
    catalog = Catalog.load(small_zip)
    assert {name: outcome(lambda: lookup(catalog)) for name, lookup in LOOKUPS.items()} == right  # noqa: B023


@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(0, 255))
@settings(deadline=None, max_examples=80)
def test_a_damaged_zip_file(
    place: float, flip: int, small_zip: Path, right: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A byte changed, or (0) the file cut off there."""
    data = bytearray(small_zip.read_bytes())
    at = int(place * len(data))
    if flip:
        data[at] ^= flip
    else:
        del data[at:]
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(data)
    try:
        catalog = Catalog.load(path)
        for name, lookup in LOOKUPS.items():
            assert outcome(lambda: lookup(catalog)) == right[name], name  # noqa: B023
    except DatasetError as error:
        clear(error)


def test_a_zip_file_that_unpacks_without_end_is_refused(
    small_files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file alone is small enough; all of them are kept."""
    most = sum(map(len, small_files.values())) - 1
    monkeypatch.setattr("modelmeta._packed.MAX_FILE_BYTES", most)
    path = tmp_path / "dataset.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in small_files.items():
            archive.writestr(name, data)
    with pytest.raises(DatasetError, match=f"unpacks to more than {most:,} bytes") as caught:
        Catalog.load(path)
    clear(caught.value)


def test_line_endings_that_were_changed_are_told(small_files: Files, in_memory: Callable[[Files], Catalog]) -> None:
    changed = {name: data.replace(b"\n", b"\r\n") for name, data in small_files.items()}
    with pytest.raises(DatasetError, match="line endings were changed to those of Windows"):
        in_memory({**changed, MANIFEST: small_files[MANIFEST]}).get_model("gpt-9")


@pytest.mark.parametrize("place", ["nowhere", "a\x00b", "", "x" * 900])
def test_no_such_place(place: str) -> None:
    with pytest.raises(DatasetError) as caught:
        Catalog.load(place)
    clear(caught.value)


def test_a_file_that_is_no_dataset(tmp_path: Path) -> None:
    path = tmp_path / "dataset.txt"
    path.write_text("hello")
    with pytest.raises(DatasetError, match="neither a dataset folder nor a zip file"):
        Catalog.load(path)


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"manifest\.json: .*reinstall"):
        Catalog.load(tmp_path)


def test_a_folder_where_a_file_should_be(small_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(small_folder, tmp_path / "data")
    (tmp_path / "data" / "models" / "openai.json").unlink()
    (tmp_path / "data" / "models" / "openai.json").mkdir()
    catalog = Catalog(Folder(str(tmp_path / "data")))
    with pytest.raises(DatasetError, match=r"openai\.json") as caught:
        catalog.get_model("gpt-9")
    clear(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(small_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(small_folder, tmp_path / "data")
    (tmp_path / "data" / "index.json").chmod(0)
    with pytest.raises(DatasetError, match=r"index\.json: Permission denied"):
        Catalog(Folder(str(tmp_path / "data"))).get_model("gpt-9")


@pytest.mark.parametrize("name", ["index.json", "models/openai.json", "offers.json", "providers.json"])
def test_load_checks_every_file_before_it_is_used(name: str, small_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(small_folder, tmp_path / "data")
    path = tmp_path / "data" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=name) as caught:
        Catalog.load(tmp_path / "data")
    clear(caught.value)


def test_the_bundled_files_are_those_of_the_manifest() -> None:
    storage = open_storage()
    read_manifest(storage)
    for name in SORTED_FILES:
        if name != MANIFEST:
            verify(storage, name)
    stated = json.loads((DATA / MANIFEST).read_text("ascii"))["files"]
    assert set(stated) == set(SORTED_FILES) - {MANIFEST} | {name for name in stated if name.startswith("parameters/")}
    assert all((DATA / name).stat().st_size == entry["bytes"] for name, entry in stated.items())


# How the package can be installed --------------------------------------------------------------------------

PROGRAM = """
import sys
import modelmeta
assert modelmeta.__file__.startswith(sys.argv[1]), modelmeta.__file__
from modelmeta import get_model, list_models, UnknownModelError
model = get_model("gpt-4.1-mini")
assert model.limits.context_window == 1047576, model
assert get_model("claude-sonnet-4-5").author == "anthropic"
assert len(list_models(provider="anthropic")) > 10
try:
    get_model("gpt-4.1-mimi")
except UnknownModelError as error:
    assert "gpt-4.1-mini" in error.suggestions
print("well")
"""


def run(root: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r})\n{PROGRAM}", str(root)],
        capture_output=True, text=True, check=False, cwd=root.parent, timeout=120,
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONPATH"}, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def package_files() -> list[Path]:
    return [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_imported_from_a_zip_file(tmp_path: Path) -> None:
    path = tmp_path / "modelmeta.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in package_files():
            archive.write(file, f"modelmeta/{file.relative_to(PACKAGE).as_posix()}")
    assert run(path) == "well\n"


def test_installed_read_only_and_without_bytecode(tmp_path: Path) -> None:
    root = tmp_path / "site"
    for file in package_files():
        copy = root / "modelmeta" / file.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
        copy.chmod(0o444)
    folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        before = sorted(root.rglob("*"))
        assert run(root, PYTHONDONTWRITEBYTECODE="1") == "well\n"
        assert sorted(root.rglob("*")) == before
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_an_unknown_model_is_only_unknown_in_a_whole_index(
    small_files: Files, in_memory: Callable[[Files], Catalog]
) -> None:
    with pytest.raises(UnknownModelError):
        in_memory(small_files).get_model("gpt-99")
    cut = small_files["index.json"][: len(small_files["index.json"]) // 2]
    with pytest.raises(DatasetError, match="SHA-256"):
        in_memory({**small_files, "index.json": cut}).get_model("gpt-99")
