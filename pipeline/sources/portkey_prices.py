"""One pricing record of Portkey as price rows: amounts in US dollars per unit, by tier, region and threshold.

A record says its prices up to three times: flat (``pay_as_you_go``), for batch (``batch_config``), and by
region, execution mode and context tier (``custom_pricing``). The last is the most detailed and the newest:
for the token prices it states it is believed, but a rounding in it does not replace the longer figure. What
it says of tools is not read: it puts the same tools on every mode of every model, embeddings included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from pipeline.sources.facts import DIGITS_OF_A_FLOAT
from pipeline.sources.portkey_ids import ABOVE
from pipeline.sources.portkey_tables import (
    ADDITIONAL_AUDIO,
    CENTS,
    CUSTOM_SLIPS,
    EXCEPTIONS,
    IGNORED,
    IGNORED_CONFIG,
    MEANINGS,
    PER_REQUEST,
    REGION_GROUPS,
    SLIPS,
    TRAINING,
    VIDEO_SIZE,
    Condition,
    Meaning,
    Slip,
)

Record = Mapping[str, Any]

TOKEN_COMPONENTS = frozenset({"input", "output", "cached_input", "cache_write", "cache_write_1h"})
"""What ``custom_pricing`` states completely for a mode that it lists."""

TIERS = frozenset({"standard", "batch", "flex", "priority", "fast"})
FREE = re.compile(r".+:free|.+/free")
"""The only ids whose zeros mean that the model is free; everywhere else a zero is a placeholder."""


class Key(NamedTuple):
    """What one row prices."""

    component: str
    unit: str
    tier: str
    condition: Condition


Prices = dict[Key, Decimal]


def price_list(source: str, model_id: str, record: Record) -> Prices:
    """The prices of one record of the file ``source``, without rows that repeat what holds anyway."""
    config = record["pricing_config"]
    if config is None:
        return {}
    return _Reader(source, model_id).prices(config, record.get("custom_pricing"))


def merge(lists: Iterator[Prices]) -> Prices:
    """Several lists of one model as one: the first to price a thing is believed, digit for digit."""
    merged: Prices = {}
    for prices in lists:
        for key, amount in prices.items():
            merged[key] = more_exact(merged.get(key, amount), amount)
    return without_repeats(merged)


def more_exact(amount: Decimal, other: Decimal) -> Decimal:
    """``amount``, or ``other`` when ``amount`` is only a rounding of it (0.13 and 0.125)."""
    places = amount.normalize().as_tuple().exponent
    if not isinstance(places, int) or places >= 0 or abs(amount - other) * 10 > amount:
        return amount
    return other if other.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP) == amount else amount


def without_repeats(prices: Prices) -> Prices:
    """Without rows of a region, a threshold or a fine-tune's tools that state the price without it again."""
    return {key: amount for key, amount in prices.items() if not _repeats(key, amount, prices)}


def _repeats(key: Key, amount: Decimal, prices: Prices) -> bool:
    droppable = {"region", ABOVE} if key.component in TOKEN_COMPONENTS else {"region", ABOVE, "fine_tuned"}
    given = dict(key.condition)
    if ABOVE in given and given.keys() & {"region"}:
        droppable = {ABOVE} if _regional_base(key) in prices else {"region"}
    plain = tuple((name, value) for name, value in key.condition if name not in droppable)
    return plain != key.condition and prices.get(key._replace(condition=plain)) == amount


def _regional_base(key: Key) -> Key:
    return key._replace(condition=tuple(pair for pair in key.condition if pair[0] != ABOVE))


def _condition(*parts: Condition) -> Condition:
    return tuple(sorted(pair for part in parts for pair in part))


class _Reader:
    """Reads the record of one id, whose oddities the tables of exceptions and slips know by file and id."""

    def __init__(self, source: str, model_id: str) -> None:
        self.source = source
        self.model_id = model_id
        self.bare_id = re.sub(r"-(lte|gt)-\d+k$", "", model_id)

    def prices(self, config: Record, custom: Record | None) -> Prices:
        _refuse(config, {"pay_as_you_go", "batch_config", "fixed_cost", "finetune_config", *IGNORED_CONFIG})
        if config.get("currency", "USD") != "USD":
            raise ValueError(f"portkey: {self.source}/{self.model_id}: currency {config['currency']!r}")
        flat = {
            **self._listing(config.get("pay_as_you_go", {}), "standard"),
            **self._fixed(config.get("fixed_cost", {})),
            **self._training(config.get("finetune_config", {})),
        }
        flat.update(self._listing(config.get("batch_config", {}), "batch"))
        if custom is None:
            return flat
        detailed = self._custom(custom)
        stated = {key.tier for key in detailed}
        kept = {
            key: amount
            for key, amount in flat.items()
            if key.tier not in stated or key.component not in TOKEN_COMPONENTS
        }
        exact = {key: more_exact(amount, flat.get(key, amount)) for key, amount in detailed.items()}
        return without_repeats({**kept, **exact})

    def _listing(self, listing: Record, tier: str, condition: Condition = ()) -> Prices:
        prices: Prices = {}
        for key, value in listing.items():
            if key == "additional_units":
                for unit, price in value.items():
                    if not re.fullmatch(ADDITIONAL_AUDIO, unit):
                        self._add(prices, unit, price, tier, condition)
            elif key == "image":
                self._add_images(prices, value, tier)
            else:
                self._add(prices, key, value, tier, condition)
        return prices

    def _add(self, prices: Prices, key: str, value: Record, tier: str, condition: Condition = ()) -> None:
        _refuse(value, {"price"})
        if key in IGNORED:
            return
        meaning = self._meaning(key)
        if meaning is None or self._slipped(SLIPS, key, value["price"]):
            return
        self._state(prices, meaning, value["price"], tier, condition)

    def _state(
        self, prices: Prices, meaning: Meaning, price: Decimal | int, tier: str, condition: Condition = ()
    ) -> None:
        amount = DIGITS_OF_A_FLOAT.multiply(Decimal(price), meaning.scale)
        if amount or (FREE.fullmatch(self.model_id) and meaning.component in {"input", "output"}):
            key = Key(meaning.component, meaning.unit, tier, _condition(meaning.condition, condition))
            prices[key] = more_exact(prices.get(key, amount), amount)

    def _add_images(self, prices: Prices, qualities: Record, tier: str) -> None:
        meaning = self._meaning("image")
        if meaning is None:
            return
        by_quality = {name: sizes for name, sizes in qualities.items() if name != "default"} or qualities
        for quality, sizes in by_quality.items():
            for size, value in ({name: v for name, v in sizes.items() if name != "default"} or sizes).items():
                _refuse(value, {"price"})
                named = (("quality", quality), ("size", size))
                given = tuple(pair for pair in named if pair[1] != "default")
                if not self._slipped(SLIPS, "image", value["price"]):
                    self._state(prices, meaning, value["price"], tier, given)

    def _fixed(self, config: Record) -> Prices:
        """A fee for each request on top of its tokens."""
        _refuse(config, {"request", "response"})
        prices: Prices = {}
        for value in config.values():
            self._state(prices, PER_REQUEST, value["price"], "standard")
        return prices

    def _training(self, config: Record) -> Prices:
        _refuse(config, set(TRAINING))
        prices: Prices = {}
        for key, value in config.items():
            self._state(prices, TRAINING[key], value["price"], "standard")
        return prices

    def _custom(self, custom: Record) -> Prices:
        """Token prices by region, mode and threshold; beside a "global" region, the default is the others."""
        _refuse(custom, {"regions", "context_tier_map"})
        thresholds = {name: int(start) for start, name in custom.get("context_tier_map", {}).items()}
        elsewhere = "regional" if "global" in custom["regions"] else ""
        names = {"default": elsewhere, "global": ""}
        prices: Prices = {}
        for regions, content in custom["regions"].items():
            _refuse(content, {"execution_modes"})
            for region in (REGION_GROUPS.get(regions) or regions).split(","):
                name = names.get(region, region)
                place = (("region", name),) if name else ()
                prices.update(self._modes(content["execution_modes"], thresholds, place))
        return prices

    def _modes(self, modes: Record, thresholds: Mapping[str, int], place: Condition) -> Prices:
        prices: Prices = {}
        _refuse(modes, TIERS)
        for tier, content in modes.items():
            _refuse(content, {"context_tiers", "pricing_config"})
            for name, tiered in content.get("context_tiers", {"": content}).items():
                start = thresholds[name] if name else 0
                condition = (*place, *(((ABOVE, start),) if start else ()))
                _refuse(tiered["pricing_config"], {"pay_as_you_go"})
                listing = self._listing(tiered["pricing_config"]["pay_as_you_go"], tier, condition)
                for key, amount in listing.items():
                    if key.component in TOKEN_COMPONENTS and not self._slipped(CUSTOM_SLIPS, key.component, None):
                        prices[key] = amount
        return prices

    def _meaning(self, key: str) -> Meaning | None:
        for row in EXCEPTIONS:
            if (
                re.fullmatch(row.keys, key)
                and re.fullmatch(row.sources, self.source)
                and re.fullmatch(row.models, self.bare_id, re.IGNORECASE)
            ):
                return row.meaning
        video = VIDEO_SIZE.match(key)
        if video:
            size = f"{video['width']}x{video['height']}"
            return Meaning("output_seconds", "second", CENTS, (("size", size),))
        if key not in MEANINGS:
            raise ValueError(f"portkey: {self.source}/{self.model_id}: unknown price key {key!r}")
        return MEANINGS[key]

    def _slipped(self, slips: tuple[Slip, ...], key: str, price: Decimal | int | None) -> bool:
        return any(
            re.fullmatch(row.keys, key)
            and re.fullmatch(row.sources, self.source)
            and (re.fullmatch(row.models, self.model_id) or re.fullmatch(row.models, self.bare_id))
            and (row.amount is None or price is None or Decimal(row.amount) == price)
            for row in slips
        )


def _refuse(record: Record, known: frozenset[str] | set[str]) -> None:
    unknown = set(record).difference(known)
    if unknown:
        raise ValueError(f"portkey: unknown keys {sorted(unknown)}")
