"""Forms that people use, filled in to the end."""

from pathlib import Path

import pytest
from lxml import etree

from kiosk.forms import fill_randomly, parse_form

NAMES = (
    "cht_person_create.xml",
    "cht_pregnancy.xml",
    "eimci_dtree.xml",
    "enketo_all_widgets.xml",
    "ifrc_distribution_site_assessment.xml",
    "liberia_s3m_coverage_r1.xml",
    "liberia_s3m_coverage_r2.xml",
    "liberia_s3m_std.xml",
    "odk_all_question_types.xml",
    "soar_facility_survey_kenya.xml",
    "socio_economic_survey.xml",
    "who_verbal_autopsy.xml",
    "converted/epfl_household_abidjan_2022.xls.repaired.xml",
    "converted/hot_fieldtm_merged_entities.xlsx.xml",
    "converted/ifrc_distribution_site_assessment.xlsx.repaired.xml",
    "converted/kobo_xlsform_examples.xlsx.xml",
    "converted/liberia_s3m_coverage_r1.xlsx.repaired.xml",
    "converted/odk_all_question_types.xlsx.xml",
    "converted/reach_msna_2024_draft_v11.xlsx.xml",
    "converted/socio_economic_survey.xlsx.xml",
    "converted/unhcr_koboloader_data_form.xls.repaired.xml",
    "converted/unhcr_koboloader_form.xls.repaired.xml",
    "converted/unhcr_koboloader_template.xlsx.xml",
    "converted/unhcr_xlsformutil_demo.xlsx.repaired.xml",
    "converted/wfp_surveydesigner_codebook_template.xlsx.xml",
    "converted/who_verbal_autopsy.xlsx.xml",
)


def _fill(folder: Path, name: str, seeds: range) -> None:
    form = parse_form((folder / "forms" / name).read_bytes())
    for seed in seeds:
        session = fill_randomly(form, seed)
        assert session.violations() == ()
        root = etree.fromstring(session.submission())
        assert root.get("id") == form.id


@pytest.mark.parametrize("name", NAMES)
def test_a_real_form_is_filled_in_to_a_valid_end(shared_data: Path, name: str) -> None:
    _fill(shared_data, name, range(2))


@pytest.mark.proof
@pytest.mark.parametrize("name", NAMES)
def test_a_real_form_is_filled_in_over_fifty_seeds(shared_data: Path, name: str) -> None:
    _fill(shared_data, name, range(50))


def test_the_same_seed_gives_the_same_answers(shared_data: Path) -> None:
    form = parse_form((shared_data / "forms" / "socio_economic_survey.xml").read_bytes())
    assert fill_randomly(form, 9).submission() == fill_randomly(form, 9).submission()
    assert fill_randomly(form, 9).submission() != fill_randomly(form, 10).submission()
