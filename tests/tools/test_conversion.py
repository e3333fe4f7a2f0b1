"""Units in everyday words: right, or refused with the reason."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.conversion import ask_units, convert


def said(question: str) -> str:
    with pytest.raises(ToolInputError) as caught:
        ask_units(question)
    return str(caught.value)


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("104f in celsius", 40, "°C"),
        ("my freezer shows -20 °C but the US shipper wants °F", -4, "°F"),
        ("minus forty celsius in fahrenheit", -40, "°F"),
        ("350 F to C to the nearest degree", 177, "°C"),
        ("celsius to fahrenheit 20", 68, "°F"),
        ("20 degrees in fahrenheit", 68, "°F"),
        ("90 degrees in radians", 1.57, "rad"),
        ("20 centigrades to fahreneit", 68, "°F"),
        ("temperature difference of 20 °C in °F", 36, "°F"),
        ("it got 10 C warmer, what is that in F", 18, "°F"),
        ("how many km are 25 miles", 40.23, "km"),
        ("twenty five miles in km", 40.23, "km"),
        ("a mile and a half in km", 2.41, "km"),
        ("2640 metres in km, 2 decimals", 2.64, "km"),
        ("convert 15 km to miles, rounded to the nearest whole number", 9, "mi"),
        ("5 kilometers to miles to 3 significant figures", 3.11, "mi"),
        ("100 yards in whole metres", 91, "m"),
        ("103 days in whole weeks", 15, "weeks"),
        ("how many full weeks are 103 days", 14, "weeks"),
        ("how many complete weeks are 105 days", 15, "weeks"),
        ("half a pound in grams", 226.8, "g"),
        ("two and a half kilos in pounds", 5.51, "lb"),
        ("5'11\" in cm", 180.34, "cm"),
        ("im 5ft11, whats that in cm", 180.34, "cm"),
        ("6 ft 2 in in centimetres", 187.96, "cm"),
        ("6 ft 2 in cm", 187.96, "cm"),
        ("5 stone 4 in kg", 33.57, "kg"),
        ("how much is 12 st 7 lb in kg?", 79.38, "kg"),
        ("120 km/h in mph", 74.56, "mph"),
        ("5 meters per second in km per hour", 18, "km/h"),
        ("3 cups in ml", 709.76, "ml"),
        ("½ cup in ml", 118.29, "ml"),
        ("1.5 L in US gallons", 0.396, "US gal"),
        ("20 UK gallons to litres", 90.92, "L"),
        ("imperial pint in ml", 568.26, "ml"),
        ("64 GB in MB", 64000, "MB"),
        ("1 TB in GiB", 931.32, "GiB"),
        ("500 Mb in MB", 62.5, "MB"),
        ("100 square feet to square metres", 9.29, "m²"),
        ("square feet to square metres", 0.0929, "m²"),
        ("32 psi to bar", 2.21, "bar"),
        ("psi to bar", 0.0689, "bar"),
        ("5 kWh to MJ", 18, "MJ"),
        ("90 min in hours", 1.5, "h"),
        ("3h 20min in minutes", 200, "min"),
        ("2 years in days", 730.5, "days"),
        ("8 oz in grams", 226.8, "g"),
        ("8 oz in ml", 236.59, "ml"),
        ("how many oz in a pound", 16, "oz"),
        ("how many feet are in a mile", 5280, "ft"),
        ("how many cups in a gallon", 16, "US cups"),
        ("30 mpg in l/100km", 7.84, "L/100 km"),
        ("200 PS in kW", 147.1, "kW"),
        ("1.250,5 kg in lb", 2756.88, "lb"),
        ("2,5 kg in lb", 5.51, "lb"),
        ("0.250 kg in g", 250, "g"),
        ("5.000.000 mm in km", 5, "km"),
        ("2 million km in miles", 1242742.38, "mi"),
        ("3/8 inch in mm", 9.53, "mm"),
        ("25 kilometrs in miles", 15.53, "mi"),
        ("WHAT IS 500 ML IN CUPS", 2.11, "US cups"),
        ("5 light-years in km", 47303652362904, "km"),
        ("0 K in C", -273.15, "°C"),
        ("30 cm in in", 11.81, "in"),
        ("35 degrees celcius to farenheit", 95, "°F"),
        ("2m30 to ft", 7.55, "ft"),
        ("my suitcase is 23kg, airline says limit in lbs, what's it in lb", 50.71, "lb"),
    ],
)
def test_values(question: str, value: float, unit: str) -> None:
    result = ask_units(question)
    assert (result["value"], result["unit"]) == (value, unit)
    assert type(result["value"]) is type(value)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("104f in celsius", "104 °F = 40 °C."),
        ("98.6 F in Celsius, one decimal", "98.6 °F = 37.0 °C."),
        ("25 miles in km", "25 mi ≈ 40.23 km."),
        ("how many seconds in a day", "1 day = 86,400 s."),
        ("6'2 in metres", "6 ft 2 in ≈ 1.88 m."),
        ("3 cups in ml", "3 US cups ≈ 709.76 ml. Taken as US; otherwise: 3 metric cups = 750 ml."),
        ("5 gallons in litres", "5 US gal ≈ 18.93 L. Taken as US; otherwise: 5 UK gal ≈ 22.73 L."),
        ("20 UK gallons to litres", "20 UK gal ≈ 90.92 L."),
        ("My British recipe needs 2 pints, how many ml?", "2 UK pt ≈ 1,136.52 ml."),
        ("1.250 kg in lb",
         "The number can be read in two ways: 1.25 kg ≈ 2.76 lb. Or: 1,250 kg ≈ 2,755.78 lb."),
        ("64 GB in MB",
         "64 GB = 64,000 MB. Decimal prefixes were taken (1 GB = 1,000 MB); binary ones are written GiB and MiB."),
        ("it got 10 C warmer, what is that in F", "A difference of 10 °C = 18 °F."),
        ("10 meteres in feet", "10 m ≈ 32.81 ft. meteres was read as meters."),
        ("20 °C in °F and K", "20 °C = 68 °F. 20 °C = 293.15 K."),
        ("180 cm in feet and inches", "180 cm ≈ 5 ft 10.87 in."),
    ],
)  # fmt: skip
def test_answers(question: str, answer: str) -> None:
    assert ask_units(question)["answer"] == answer


def test_several_targets_are_all_answered() -> None:
    assert ask_units("180 cm in feet and inches")["value"] == [5, 10.87]
    assert ask_units("71 in in feet and inches, no decimals")["value"] == [5, 11]
    both = ask_units("20 °C in °F and K")
    assert (both["value"], both["unit"]) == ([68, 293.15], ["°F", "K"])


@pytest.mark.parametrize(
    ("arguments", "value", "unit"),
    [
        ((25, "km", "miles"), 40.23, "km"),
        (("25 miles", "km"), 40.23, "km"),
        (("1.250,5", "lb", "kg"), 2756.88, "lb"),
        ((180, "feet and inches", "cm"), [5, 10.87], ["ft", "in"]),
        (("5'11\"", "cm"), 180.34, "cm"),
        ((-20.5, "F", "°C"), -4.9, "°F"),
    ],
)
def test_convert(arguments: tuple[Any, ...], value: Any, unit: Any) -> None:
    result = convert(*arguments)
    assert (result["value"], result["unit"]) == (value, unit)


def test_there_and_back() -> None:
    random_ = random.Random(3)
    pairs = [("km", "miles"), ("kg", "lb"), ("celsius", "fahrenheit"), ("litres", "US gallons"), ("m2", "sq ft"),
             ("bar", "psi"), ("km/h", "knots"), ("kWh", "MJ"), ("GB", "GiB"), ("hours", "minutes")]  # fmt: skip
    for one, other in pairs:
        value = random_.randrange(1_000, 5_000)
        there = convert(value, other, one)["value"]
        assert convert(there, one, other)["value"] == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("5 kg in metres", "kg measures mass and metres measures length: the one cannot be given in the other"),
        ("how heavy is 2 cups of sugar in grams", "cups measures volume and grams measures mass"),
        ("120 m in min", "m measures length and min measures time"),
        ("10k in miles", "k measures temperature and miles measures length"),
        ("a marathon in km", "no quantity was understood"),
        ("a marathon", "no quantity was understood"),
        ("25 flurbs in kg", "25 flurbs has no unit that is known here"),
        ("3 months in days", "3 months has no unit that is known here"),
        ("12 hectares in football fields", "into which unit is not understood"),
        ("100F", "into which unit is not understood"),
        ("25 km in miles and smoots", "'smoots' is no unit that is known here"),
        ("100 dollars in euros", "is money"),
        ("£60 in kg", "is money"),
        ("100 pounds in euros", "is money"),
        ("what is 5 km plus 3 miles in km", "one quantity is converted at a time"),
        ("how many pounds are 10 kg and 20 kg", "understood were 10 kg, 20 kg"),
        ("room 4 m x 5 m in square feet", "one quantity is converted at a time"),
        ("I ran 5 km in 25 minutes, what's that in miles?", "one quantity is converted at a time"),
        ("5-10 kg in lb", "the number 5 could not be placed"),
        ("between 5 and 10 kg in lb", "the number 5 could not be placed"),
        ("3 bags of 2 kg in lb", "the number 3 could not be placed"),
        ("2 x 4 kg in lb", "the number 2 could not be placed"),
        ("1 250 g in kg", "the number 1 could not be placed"),
        ("what is twice 5 kg in lb", "'twice' is more than one conversion"),
        ("what is half of 5 kg in g", "'half' is more than one conversion"),
        ("3 dozen inches in cm", "'dozen' is more than one conversion"),
        ("20% of 5 kg in g", "could not be placed"),
        ("10 inches squared in cm", "'squared' is more than one conversion"),
        ("-500 C in F", "-500 °C lies below absolute zero"),
        ("3:20 in minutes", "'3:20' is a time of the clock"),
        ("5 km in miles, rounded up", "only rounding to decimals"),
        ("5 km in miles to the nearest cm", "to the nearest cm is no way to round another unit"),
        ("1.2.3 kg in g", "'1.2.3' is no number"),
        ("100 mW in MW", "no quantity was understood"),
        ("0 mpg in l/100km", "0 US mpg cannot be given"),
        ("translate 5 km to miles", "'translate' is more than one conversion"),
        ("hello", "no quantity was understood"),
        ("", "a question of 1 to 600 characters is needed, got 0"),
        ("5 km in miles " + "though nobody here seems really sure " * 10, "words beside its quantity"),
    ],
)  # fmt: skip
def test_refusals(question: str, words: str) -> None:
    assert words in said(question)


@pytest.mark.parametrize(
    "arguments",
    [(5, "flurbs", "kg"), (5, "kg", "__import__('os')"), (float("nan"), "kg", "g"), ("1 + 1", "kg", "g"), (5, "", "g")],
)
def test_convert_refuses(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ToolInputError):
        convert(*arguments)


def test_pint_waits_for_its_first_use() -> None:
    code = "import sys, prefrontal.tools.conversion; print('pint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
