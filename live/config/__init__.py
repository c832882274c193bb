"""Rigs and scenes: frozen typed models, read once, every fault reported together."""

from live.config.load import Show, load_show
from live.config.rig import (
    CaptionsConfig,
    EncoderConfig,
    FileOutput,
    GraphicConfig,
    IsoOutput,
    MediaSource,
    Microphone,
    NetworkSource,
    OutputConfig,
    PatternSource,
    Person,
    PictureConfig,
    Rig,
    SceneUse,
    SourceConfig,
    StillSource,
    StreamOutput,
    TransitionConfig,
    WebcamSource,
)
from live.config.scene import Layer, Move, SceneConfig, SetConfig, ShotConfig, TalentPlace

__all__ = [
    "CaptionsConfig", "EncoderConfig", "FileOutput", "GraphicConfig", "IsoOutput", "Layer", "MediaSource", "Microphone", "Move", "NetworkSource",
    "OutputConfig", "PatternSource", "Person", "PictureConfig", "Rig", "SceneConfig", "SceneUse", "SetConfig", "ShotConfig",
    "Show", "SourceConfig", "StillSource", "StreamOutput", "TalentPlace", "TransitionConfig", "WebcamSource", "load_show",
]  # fmt: skip
