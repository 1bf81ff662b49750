"""The standard words of the Core Business Vocabulary (CBV 2.0) and the three ways in which documents spell them.

Bare word in JSON-LD (`shipping`), URN in XML (`urn:epcglobal:cbv:bizstep:shipping`), web URI in both
(`https://ref.gs1.org/cbv/BizStep-shipping`). The web URI is what values hold and hashes use.
"""

from typing import Final

CBV: Final = "https://ref.gs1.org/cbv/"
GS1: Final = "https://gs1.org/voc/"
# The web vocabulary answers at both addresses; documents use either.
_GS1_ELSEWHERE: Final = ("https://ref.gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")

BIZ_STEPS: Final = frozenset(
    [
        "accepting",
        "arriving",
        "assembling",
        "collecting",
        "commissioning",
        "consigning",
        "creating_class_instance",
        "cycle_counting",
        "decommissioning",
        "departing",
        "destroying",
        "disassembling",
        "dispensing",
        "encoding",
        "entering_exiting",
        "holding",
        "inspecting",
        "installing",
        "killing",
        "loading",
        "other",
        "packing",
        "picking",
        "receiving",
        "removing",
        "repackaging",
        "repairing",
        "replacing",
        "reserving",
        "retail_selling",
        "sampling",
        "sensor_reporting",
        "shipping",
        "staging_outbound",
        "stock_taking",
        "stocking",
        "storing",
        "transporting",
        "unloading",
        "unpacking",
        "void_shipping",
    ]
)
DISPOSITIONS: Final = frozenset(
    [
        "active",
        "available",
        "completeness_inferred",
        "completeness_verified",
        "conformant",
        "container_closed",
        "container_open",
        "damaged",
        "destroyed",
        "dispensed",
        "disposed",
        "encoded",
        "expired",
        "in_progress",
        "in_transit",
        "inactive",
        "mismatch_class",
        "mismatch_instance",
        "mismatch_quantity",
        "needs_replacement",
        "no_pedigree_match",
        "non_conformant",
        "non_sellable_other",
        "partially_dispensed",
        "recalled",
        "reserved",
        "retail_sold",
        "returned",
        "sellable_accessible",
        "sellable_not_accessible",
        "stolen",
        "unavailable",
        "unknown",
    ]
)
BIZ_TRANSACTION_TYPES: Final = frozenset(
    [
        "bol",
        "cert",
        "desadv",
        "inv",
        "pedigree",
        "po",
        "poc",
        "prodorder",
        "recadv",
        "rma",
        "testprd",
        "testres",
        "upevt",
    ]
)
SOURCE_DESTINATION_TYPES: Final = frozenset(["owning_party", "possessing_party", "location"])
ERROR_REASONS: Final = frozenset(["did_not_occur", "incorrect_data"])
COMPONENTS: Final = frozenset(
    [
        "altitude",
        "axial_distance",
        "azimuth",
        "easting",
        "elevation_angle",
        "height",
        "latitude",
        "longitude",
        "northing",
        "polar_angle",
        "spherical_radius",
        "x",
        "y",
        "z",
    ]
)
MEASUREMENTS: Final = frozenset(
    [
        "AbsoluteHumidity",
        "AbsorbedDose",
        "AbsorbedDoseRate",
        "Acceleration",
        "Altitude",
        "AmountOfSubstance",
        "AmountOfSubstancePerUnitVolume",
        "Angle",
        "AngularAcceleration",
        "AngularMomentum",
        "AngularVelocity",
        "Area",
        "Capacitance",
        "Conductance",
        "Conductivity",
        "Count",
        "Density",
        "Dimensionless",
        "DoseEquivalent",
        "DoseEquivalentRate",
        "DynamicViscosity",
        "ElectricCharge",
        "ElectricCurrent",
        "ElectricCurrentDensity",
        "ElectricFieldStrength",
        "Energy",
        "Exposure",
        "Force",
        "Frequency",
        "Illuminance",
        "Inductance",
        "Irradiance",
        "KinematicViscosity",
        "Length",
        "LinearMomentum",
        "Luminance",
        "LuminousFlux",
        "LuminousIntensity",
        "MagneticFlux",
        "MagneticFluxDensity",
        "MagneticVectorPotential",
        "Mass",
        "MassConcentration",
        "MassFlowRate",
        "MassPerAreaTime",
        "MemoryCapacity",
        "MolalityOfSolute",
        "MolarEnergy",
        "MolarMass",
        "MolarVolume",
        "Power",
        "Pressure",
        "RadiantFlux",
        "RadiantIntensity",
        "Radioactivity",
        "RelativeHumidity",
        "Resistance",
        "Resistivity",
        "SolidAngle",
        "SpecificVolume",
        "Speed",
        "SurfaceDensity",
        "SurfaceTension",
        "Temperature",
        "Time",
        "Torque",
        "Voltage",
        "Volume",
        "VolumeFlowRate",
        "VolumeFraction",
        "VolumetricFlux",
        "Wavenumber",
    ]
)
ALERTS: Final = frozenset(("ALARM_CONDITION", "ERROR_CONDITION"))

# Family of words: the start of its web URI, of its URN (None where it has none), its words.
FAMILIES: Final[dict[str, tuple[str, str | None, frozenset[str]]]] = {
    "bizStep": (CBV + "BizStep-", "urn:epcglobal:cbv:bizstep:", BIZ_STEPS),
    "disposition": (CBV + "Disp-", "urn:epcglobal:cbv:disp:", DISPOSITIONS),
    "bizTransaction": (CBV + "BTT-", "urn:epcglobal:cbv:btt:", BIZ_TRANSACTION_TYPES),
    "sourceDest": (CBV + "SDT-", "urn:epcglobal:cbv:sdt:", SOURCE_DESTINATION_TYPES),
    "reason": (CBV + "ER-", "urn:epcglobal:cbv:er:", ERROR_REASONS),
    "component": (CBV + "Comp-", None, COMPONENTS),
    "measurement": (GS1, None, MEASUREMENTS),
    "alert": (GS1, None, ALERTS),
}
URNS: Final = {urn: web for web, urn, _ in FAMILIES.values() if urn}
_FULL: Final = {family: {word: web + word for word in words} for family, (web, _, words) in FAMILIES.items()}
_BARE: Final = {family: {full: word for word, full in full_of.items()} for family, full_of in _FULL.items()}


def full_word(family: str, text: str) -> str:
    """The web URI of a standard word however it is spelt; any other text as it is.

    >>> full_word("bizStep", "shipping"), full_word("disposition", "urn:epcglobal:cbv:disp:in_transit")
    ('https://ref.gs1.org/cbv/BizStep-shipping', 'https://ref.gs1.org/cbv/Disp-in_transit')
    """
    found = _FULL[family].get(text)
    if found is not None:
        return found
    web, urn, _ = FAMILIES[family]
    if urn and text.startswith(urn):
        return web + text[len(urn) :]
    if web == GS1:
        for other in _GS1_ELSEWHERE:
            if text.startswith(other):
                return GS1 + text[len(other) :]
        # A measurement that the vocabulary gained later is still written as one bare word.
        if text.isidentifier():
            return GS1 + text
    return text


def bare_word(family: str, full: str) -> str:
    """The word as JSON-LD writes it: bare where it is standard, else as it is."""
    found = _BARE[family].get(full)
    if found is None and family in ("measurement", "alert") and full.startswith(GS1):
        return "gs1:" + full[len(GS1) :]
    return full if found is None else found


def urn_word(family: str, full: str) -> str:
    """The word as XML documents commonly write it: URN where the family has one, else `cbv:`/`gs1:` and the word."""
    web, urn, _ = FAMILIES[family]
    if urn and full.startswith(web):
        return urn + full[len(web) :]
    return full
