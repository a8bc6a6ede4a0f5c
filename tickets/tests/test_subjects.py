"""Subjects without what mail programs put before them."""

import pytest

from tickets.subjects import bare_subject, is_answer, is_passed_on, normalised_subject, same_subject


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Invoice", "Invoice"),
        ("Re: Invoice", "Invoice"),
        ("RE: RE : re[4]: Invoice", "Invoice"),
        ("AW: WG: Rechnung", "Rechnung"),
        ("RES: ENC: Fatura", "Fatura"),
        ("RV: RE: Factura", "Factura"),
        ("TR: Réf : Facture", "Facture"),
        ("Antw: Factuur", "Factuur"),
        ("[EXTERNAL] Re: [Support] Invoice", "Invoice"),
        ("Odp: PD: Faktura", "Faktura"),
        ("回复：发票", "发票"),
        ("Re: 12:30 meeting", "12:30 meeting"),
        ("Reservation: room 4", "Reservation: room 4"),
        ("Recibo: pago", "Recibo: pago"),
        ("Re", "Re"),
        ("Ira: a word that begins with i", "Ira: a word that begins with i"),
        ("", ""),
    ],
)
def test_it_works(subject, bare):
    assert bare_subject(subject) == bare


def test_our_mark_case_and_spacing_do_not_count():
    assert normalised_subject("RE: Where  IS it? [#42-aaaaaaaaaaaaaaaa]") == "where is it?"
    assert same_subject("Where is it?", "fwd: where is it? (#42)")
    assert not same_subject("", "Re:")


def test_answers_and_mails_passed_on_are_told_apart():
    assert is_answer("[EXT] AW: WG: x")
    assert not is_answer("WG: AW: x")
    assert is_passed_on("Enc: x")
    assert is_passed_on("I: x")
    assert not is_passed_on("Invoice: x")


def test_hostile_subjects_are_read_quickly():
    for subject in ("Re: " * 100_000, "[" * 100_000, "re [" * 50_000, " " * 100_000 + "x"):
        assert len(normalised_subject(subject)) <= 1000
