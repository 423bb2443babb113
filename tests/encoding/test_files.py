import io
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest
import safetensors.numpy
from encoding.tiny import encoding_of, texts, tiny_tokenizer
from hypothesis import given
from hypothesis import strategies as st

from glassformer.encoding import parquet
from glassformer.encoding.arrays import Content
from glassformer.encoding.encoder import Encoding
from glassformer.encoding.files import check_output, writing
from glassformer.errors import OutputError, UsageError

WIDTH = 7


def content(**changes: Any) -> Content:
    given = {"d_model": WIDTH, "dtype": "float32", "pooled": False, "numbered": False}
    return Content(**{**given, **changes}, token_of=tiny_tokenizer().token_of)


def encodings(given_texts: list[str], what: Content) -> list[Encoding]:
    """Encodings with vectors that are all different, pooled or not."""
    random = np.random.default_rng(0)
    results = []
    for text in given_texts:
        tokens = len(tiny_tokenizer().encode(text).ids)
        shape = (WIDTH,) if what.pooled else (tokens, WIDTH)
        results.append(encoding_of(text, random.normal(size=shape).astype(what.dtype)))
    return results


def write(path: Path, what: Content, given: list[Encoding], **options: Any) -> Path:
    with writing(path, what, **options) as add:
        for number, encoding in enumerate(given):
            add(1 + 3 * number, encoding)
    return path


def read(path: Path) -> dict[str, np.ndarray]:
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    return safetensors.numpy.load_file(path)


@given(
    st.lists(texts, min_size=1, max_size=5),
    st.sampled_from([".npz", ".safetensors", ".NPZ"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["float32", "float64"]),
)
def test_arrays_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory,
    given_texts: list[str],
    suffix: str,
    pooled: bool,
    numbered: bool,
    dtype: str,
) -> None:
    what = content(pooled=pooled, numbered=numbered, dtype=dtype)
    given = encodings(given_texts, what)
    path = write(tmp_path_factory.mktemp("files") / f"r{suffix}", what, given)
    suffix = suffix.lower()
    arrays = read(path.rename(path.with_suffix(suffix)))
    names = {"vectors"} | ({"lines"} if numbered else set())
    tokens_as = "tokens" if suffix == ".npz" else "token_ids"
    assert arrays.keys() == names | (set() if pooled else {"offsets", tokens_as})
    assert arrays["vectors"].dtype == dtype
    np.testing.assert_array_equal(
        arrays["vectors"], np.concatenate([one.vectors.reshape(-1, WIDTH) for one in given])
    )
    if numbered:
        assert arrays["lines"].dtype == np.int64
        assert arrays["lines"].tolist() == [1 + 3 * number for number in range(len(given))]
    if pooled:
        assert len(arrays["vectors"]) == len(given)
        return
    offsets = arrays["offsets"]
    assert offsets.dtype == np.int64
    assert (offsets[0], offsets[-1], len(offsets)) == (0, len(arrays["vectors"]), len(given) + 1)
    for one, start, end in zip(given, offsets[:-1], offsets[1:], strict=True):
        np.testing.assert_array_equal(arrays["vectors"][start:end], one.vectors)
        if suffix == ".npz":
            assert arrays["tokens"].dtype.kind == "U"
            assert tuple(arrays["tokens"][start:end]) == one.tokens
        else:
            assert arrays["token_ids"].dtype == np.int32
            assert arrays["token_ids"][start:end].tolist() == list(one.tokenized.ids)


@given(
    st.lists(texts, min_size=1, max_size=9),
    st.booleans(),
    st.sampled_from(["float32", "float64"]),
    st.integers(1, 999),
)
def test_parquet_has_one_row_a_line(
    tmp_path_factory: pytest.TempPathFactory,
    given_texts: list[str],
    pooled: bool,
    dtype: str,
    group_bytes: int,
) -> None:
    what = content(pooled=pooled, dtype=dtype)
    given = encodings(given_texts, what)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROW_GROUP_BYTES", group_bytes)
        path = write(tmp_path_factory.mktemp("files") / "r.parquet", what, given)
    rows = pyarrow.parquet.read_table(path).to_pylist()
    assert [row["line"] for row in rows] == [1 + 3 * number for number in range(len(given))]
    assert [row["text"] for row in rows] == given_texts
    for row, one in zip(rows, given, strict=True):
        np.testing.assert_array_equal(np.array(row["vectors"], dtype), one.vectors)
        assert pooled or tuple(row["tokens"]) == one.tokens
    assert ("tokens" in rows[0]) is not pooled


def test_parquet_writes_a_row_group_as_soon_as_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = 4 * WIDTH + 4 * len(tiny_tokenizer().encode("a dog").ids) + len("a dog")
    monkeypatch.setattr(parquet, "ROW_GROUP_BYTES", 3 * row)
    what = content(pooled=True)
    path = write(tmp_path / "r.parquet", what, encodings(["a dog"] * 8, what))
    metadata = pyarrow.parquet.ParquetFile(path).metadata
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [3, 3, 2]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".parquet"])
def test_equal_content_gives_equal_bytes(tmp_path: Path, suffix: str) -> None:
    what = content(numbered=True)
    given = encodings(["a dog ate", "狗 吃"], what)
    one, other = (write(tmp_path / f"{name}{suffix}", what, given) for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_a_stream_gets_the_bytes_of_the_npz_and_need_not_seek(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seek(self, *_: object) -> int:
            raise AssertionError("nobody can seek in a pipe")

        tell = seekable = seek  # type: ignore[assignment]

        def write(self, data: bytes | memoryview, /) -> int:  # type: ignore[override]
            return super().write(data[:100])  # as an unbuffered stdout may

    what = content()
    given = encodings(["a dog ate", "it"], what)
    pipe = Pipe()
    with writing(pipe, what) as add:
        for encoding in given:
            add(1, encoding)
    assert pipe.getvalue() == write(tmp_path / "r.npz", what, given).read_bytes()


def test_safetensors_data_are_aligned(tmp_path: Path) -> None:
    what = content()
    data = write(tmp_path / "r.safetensors", what, encodings(["a dog ate"], what)).read_bytes()
    assert (8 + int.from_bytes(data[:8], "little")) % 8 == 0


def test_an_output_of_another_kind_is_refused(tmp_path: Path) -> None:
    message = r"the output file must end in \.npz, \.safetensors or \.parquet, but is .*r\.txt"
    with pytest.raises(UsageError, match=message):
        check_output(tmp_path / "r.txt", force=True)
    with pytest.raises(UsageError, match=message), writing(tmp_path / "r.txt", content()):
        pass


def test_parquet_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match=r"pip install 'glassformer\[parquet\]'"):
        check_output(tmp_path / "r.parquet", force=False)


def test_an_output_that_exists_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "r.npz"
    path.write_bytes(b"before")
    what = content()
    with pytest.raises(OutputError, match="already exists"):
        write(path, what, encodings(["a dog"], what))
    assert path.read_bytes() == b"before"
    write(path, what, encodings(["a dog"], what), force=True)
    assert read(path)["tokens"].tolist() == ["[CLS]", "a", "dog", "[SEP]"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".parquet"])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_lost_and_nothing_left_when_the_work_stops(
    tmp_path: Path, suffix: str, error: type[BaseException]
) -> None:
    path = tmp_path / f"r{suffix}"
    path.write_bytes(b"before")
    what = content()

    def stops() -> None:
        with writing(path, what, force=True) as add:
            add(1, encodings(["a dog"], what)[0])
            raise error

    with pytest.raises(error):
        stops()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As on a full disk: a write beyond fails with OSError (EFBIG)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".parquet"])
@pytest.mark.parametrize("size", [1, 4096, 60_000])
def test_nothing_is_lost_and_nothing_left_when_the_disk_is_full(
    tmp_path: Path, suffix: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP_BYTES", 1000)
    path = tmp_path / f"r{suffix}"
    path.write_bytes(b"before")
    what = content()
    given = encodings(["a dog ate the food"] * 300, what)  # 2,100 rows of 28 bytes: 58,800 alone
    with (
        no_file_longer_than(size),
        pytest.raises(OutputError, match=f"cannot write .*r{suffix}: .*File too large"),
    ):
        write(path, what, given, force=True)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_no_file_with_a_name_grows_beside_the_output(tmp_path: Path) -> None:
    what = content()
    with writing(tmp_path / "r.npz", what) as add:
        add(1, encodings(["a dog"], what)[0])
        assert list(tmp_path.iterdir()) == []  # not even kill -9 would leave something
    assert [path.name for path in tmp_path.iterdir()] == ["r.npz"]
