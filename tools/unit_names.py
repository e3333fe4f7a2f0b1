"""Units by the names that people write, what each measures, and which of several is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Unit:
    """One unit: its name for pint, its sign, what it measures, and where its name means this and not another."""

    pint: str
    sign: str
    kind: str
    region: str = ""


# kind: pint's name or expression = sign: names people write. Plurals and "per" are made from these.
_ROWS = {
    "length": """
        meter=m: m metre meter mtr | kilometer=km: km kilometre kilometer kms
        centimeter=cm: cm centimetre centimeter cms
        millimeter=mm: mm millimetre millimeter mms | micrometer=µm: µm um micrometre micrometer micron
        nanometer=nm: nm nanometre nanometer
        decimeter=dm: dm decimetre decimeter | mile=mi: mi mile | yard=yd: yd yard | foot=ft: ft foot feet feets '
        inch=in: in inch inches " '' | nautical_mile=nmi: nmi nautical_mile sea_mile | furlong=furlong: furlong
        light_year=ly: ly light_year lightyear | astronomical_unit=au: au astronomical_unit | parsec=pc: parsec
        thou=mil: thou mil""",
    "mass": """
        kilogram=kg: kg kilogram kilogramme kilo kgs | gram=g: g gram gramme gr gm gms
        milligram=mg: mg milligram milligramme
        microgram=µg: µg ug mcg microgram | metric_ton=t: t tonne metric_ton | pound=lb: lb lbs pound pnd
        ounce=oz: oz ounce ozs
        stone=st: st stone | carat=ct: carat | troy_ounce=oz t: troy_ounce troy_oz oz_t | grain=gr: grain""",
    "area": """
        meter**2=m²: m² m2 m^2 sqm sq_m square_metre square_meter
        centimeter**2=cm²: cm² cm2 cm^2 sq_cm square_centimetre square_centimeter
        kilometer**2=km²: km² km2 km^2 sq_km square_kilometre square_kilometer
        millimeter**2=mm²: mm² mm2 mm^2 sq_mm square_millimetre
        foot**2=ft²: ft² ft2 ft^2 sqft sq_ft sq_feet square_foot square_feet sq_foot
        inch**2=in²: in² in2 in^2 sq_in square_inch square_inches
        yard**2=yd²: yd² yd2 yd^2 sqyd sq_yd square_yard | mile**2=mi²: mi² mi2 sq_mi square_mile sq_mile
        hectare=ha: ha hectare | international_acre=acres: acre ac""",
    "volume": """
        liter=L: l litre liter ltr | milliliter=ml: ml millilitre milliliter mls cc
        centiliter=cl: cl centilitre centiliter
        deciliter=dl: dl decilitre deciliter | hectoliter=hl: hl hectolitre hectoliter
        meter**3=m³: m³ m3 m^3 cubic_metre cubic_meter cbm cu_m
        centimeter**3=cm³: cm³ cm3 cm^3 cubic_centimetre cubic_centimeter
        foot**3=ft³: ft³ ft3 ft^3 cubic_foot cubic_feet cu_ft cuft
        inch**3=in³: in³ in3 in^3 cubic_inch cubic_inches cu_in | yard**3=yd³: yd³ yd3 cubic_yard cu_yd
        oil_barrel=bbl: bbl oil_barrel""",
    "temperature": """
        degC=°C: °c c celsius celcius celsuis centigrade degc deg_c degree_celsius degree_c degree_centigrade
        degF=°F: °f f fahrenheit farenheit fahrenhiet farenheight degf deg_f degree_fahrenheit degree_f
        kelvin=K: k kelvin degree_kelvin""",
    "speed": """
        kilometer/hour=km/h: kmh kph kmph kmhr km+kms+kilometre+kilometer/h+hr+hour
        mile/hour=mph: mph mi+mile/h+hr+hour
        meter/second=m/s: mps m+metre+meter/s+sec+second | knot=knots: kn knot kt kts
        foot/second=ft/s: fps ft+foot+feet/s+sec+second""",
    "pace": """
        minute/kilometer=min/km: min+mins+minute/km+kilometre+kilometer
        minute/mile=min/mi: min+mins+minute/mi+mile""",
    "time": """
        second=s: s sec second | minute=min: min minute mins | hour=h: h hr hour hrs | day=days: d day
        week=weeks: wk week
        year=years: yr year y | millisecond=ms: ms millisecond | microsecond=µs: µs microsecond
        fortnight=fortnights: fortnight""",
    "pressure": """
        bar=bar: bar bars | millibar=mbar: mbar millibar mb | psi=psi: psi lb/in² pound/square_inch
        pascal=Pa: pa pascal | hectopascal=hPa: hpa hectopascal
        kilopascal=kPa: kpa kilopascal | megapascal=MPa: mpa megapascal | atmosphere=atm: atm atmosphere
        mmHg=mmHg: mmhg torr | inHg=inHg: inhg""",
    "energy": """
        joule=J: j joule | kilojoule=kJ: kj kilojoule | megajoule=MJ: mj megajoule | gigajoule=GJ: gj gigajoule
        watt_hour=Wh: wh watt_hour
        kilowatt_hour=kWh: kwh kilowatt_hour kw/h kw_h | megawatt_hour=MWh: mwh megawatt_hour
        kilocalorie=kcal: kcal kilocalorie
        british_thermal_unit=BTU: btu british_thermal_unit | therm=therms: therm
        electron_volt=eV: ev electronvolt electron_volt""",
    "power": """
        metric_horsepower=PS: ps metric_hp | watt=W: w watt | kilowatt=kW: kw kilowatt | megawatt=MW: megawatt
        british_thermal_unit/hour=BTU/h: btu/h btu/hr btu/hour btuh""",
    "force": """
        newton=N: n newton | kilonewton=kN: kilonewton | pound_force=lbf: lbf pound_force
        kilogram_force=kgf: kgf""",
    "torque": """
        newton*meter=Nm: n_m n·m newton_metre newton_meter
        pound_force*foot=lb-ft: lb-ft ft-lb lbft ftlb foot_pound pound_foot ft_lb ft_lbs ft-lbs lb_ft""",
    "angle": """
        radian=rad: rad radian | gradian=gon: gon gradian""",
    "fuel use": """
        litre_per_100_km=L/100 km: l+litre+liter+ltr/100km+100_km+100_kilometres+100_kilometers
        kilometer/liter=km/L: kpl km+kilometre+kilometer/l+litre+liter""",
    "frequency": """
        hertz=Hz: hz hertz | kilohertz=kHz: khz kilohertz | megahertz=MHz: mhz megahertz
        gigahertz=GHz: ghz gigahertz""",
    "amount of data": """
        byte=B: byte | kilobyte=kB: kb kilobyte | megabyte=MB: megabyte meg | gigabyte=GB: gb gigabyte gig
        terabyte=TB: tb terabyte
        petabyte=PB: pb petabyte | kibibyte=KiB: kib kibibyte | mebibyte=MiB: mib mebibyte
        gibibyte=GiB: gib gibibyte | tebibyte=TiB: tib tebibyte
        bit=bit: bit | kilobit=kbit: kbit kilobit | megabit=Mbit: mbit megabit | gigabit=Gbit: gbit gigabit""",
    "data rate": """
        megabit/second=Mbit/s: mbps mbit/s megabit/second | gigabit/second=Gbit/s: gbps gbit/s gigabit/second
        kilobit/second=kbit/s: kbps kbit/s | megabyte/second=MB/s: mb/s megabyte/second
        gigabyte/second=GB/s: gb/s""",
}  # fmt: skip
# Names that mean a different unit here and there: the first is taken unless the question tells.
_REGIONAL = {
    ("volume", "gal", "gal gallon gals"): (("US", "gallon"), ("UK", "imperial_gallon")),
    ("volume", "qt", "qt quart"): (("US", "quart"), ("UK", "imperial_quart")),
    ("volume", "pt", "pt pint"): (("US", "pint"), ("UK", "imperial_pint")),
    ("volume", "fl oz", "fl_oz floz fluid_ounce fluid_oz fl_ounce fl._oz oz ounce"):
        (("US", "fluid_ounce"), ("UK", "imperial_fluid_ounce")),
    ("volume", "cups", "cup"): (("US", "cup"), ("metric", "metric_cup")),
    ("volume", "tbsp", "tbsp tablespoon tbs tblsp"): (("US", "tablespoon"), ("metric", "metric_tablespoon")),
    ("volume", "tsp", "tsp teaspoon"): (("US", "teaspoon"), ("metric", "metric_teaspoon")),
    ("mass", "tons", "ton"): (("metric", "metric_ton"), ("US", "short_ton"), ("UK", "long_ton")),
    ("fuel use", "mpg", "mpg mile/gallon mile_per_gallon"): (("US", "mile/gallon"), ("UK", "mile/imperial_gallon")),
    ("power", "hp", "hp horsepower bhp"): (("mechanical", "horsepower"), ("metric", "metric_horsepower")),
    ("energy", "calories", "calorie cal"): (("food", "kilocalorie"), ("small", "calorie")),
    ("temperature", "°", "degree deg °"): (("Celsius", "degC"), ("Fahrenheit", "degF")),
}  # fmt: skip
# What pint does not define, or defines by the survey foot.
DEFINITIONS = (
    "metric_cup = 250 * milliliter", "metric_tablespoon = 15 * milliliter", "metric_teaspoon = 5 * milliliter",
    "international_acre = 4840 * yard ** 2", "litre_per_100_km = 0.01 * liter / kilometer",
)  # fmt: skip
# Written with capitals, these are other units than in small letters; nobody keeps to it with the rest.
CAPITALS = {"Mb": "megabit", "Gb": "gigabit", "Kb": "kilobit", "Mb/s": "megabit/second", "Gb/s": "gigabit/second",
             "MW": "megawatt", "mW": "milliwatt", "Mg": "megagram", "mPa": "millipascal", "mJ": "millijoule",
             "ML": "megalitre", "Mm": "megametre"}  # fmt: skip
CURRENCIES = re.compile(
    r"[$€£¥₹₽₩]|\b(?:dollars?|bucks|euros?|eur|usd|gbp|quid|pounds? sterling|pence|"
    r"yen|jpy|yuan|rmb|cny|rupees?|inr|chf|"
    r"swiss francs?|zloty|zlotych|pln|kron[ae]r?|sek|nok|dkk|pesos?|rubles?|roubles?|bitcoins?|btc|ethereum|cad|aud)\b"
)


@cache
def names() -> dict[str, tuple[Unit, ...]]:
    """Every name in small letters, and the units that it may stand for, the usual one first."""
    table: dict[str, tuple[Unit, ...]] = {}
    for kind, rows in _ROWS.items():
        for row in re.split(r"\s*\|\s*|\n\s*", rows.strip()):
            head, words = row.split(": ", 1)
            pint, sign = head.rsplit("=", 1)
            _enter(table, words, (Unit(pint, sign, kind),))
    _enter(table, "degree deg °", (Unit("degree", "°", "angle"),))
    _enter(table, "b", (Unit("byte", "B", "amount of data"),))
    _enter(table, "m", (Unit("minute", "min", "time"),))
    _enter(table, "mb", (Unit("megabyte", "MB", "amount of data"),))
    _enter(table, "nm", (Unit("newton*meter", "Nm", "torque"),))
    for (kind, sign, words), variants in _REGIONAL.items():
        units = tuple(Unit(pint, _regional_sign(region, sign), kind, region) for region, pint in variants)
        _enter(table, words, units)
    return table


def _regional_sign(region: str, sign: str) -> str:
    return {"Celsius": "°C", "Fahrenheit": "°F"}.get(region, f"{region} {sign}")


def _enter(table: dict[str, tuple[Unit, ...]], words: str, units: tuple[Unit, ...]) -> None:
    for word in words.split():
        for name in _forms(word.replace("_", " ")):
            old = table.get(name, ())
            table[name] = old + tuple(unit for unit in units if unit not in old)


def _forms(name: str) -> set[str]:
    """A name with its plural, and "per" for the stroke; "km+kilometre/h+hour" are all of these with all of those."""
    firsts, stroke, seconds = name.partition("/")
    heads = {form for first in firsts.split("+") for form in (first, _plural(first))}
    if not stroke:
        return heads
    joints = [(second, joint) for second in seconds.split("+") for joint in ("/", " per ", " / ", " a ", " an ")]
    return {
        f"{head}{joint}{second}" for head in heads for second, joint in joints if len(second) > 2 or len(joint) != 3
    }


def _plural(name: str) -> str:
    if "degree" in name:
        return re.sub(r"\bdegree\b", "degrees", name)
    if (len(name) > 2 and name.isalpha() and name[-1] not in "sh") or " " in name:
        return f"{name}s"
    return name
