"""Dates in everyday words: right, or refused with the reason."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.dates import ask_date

TODAY = date(2026, 11, 26)  # a Thursday


def said(question: str, today: date = TODAY) -> str:
    with pytest.raises(ToolInputError) as caught:
        ask_date(question, today)
    return str(caught.value)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("is 14 feb 2027 a sunday?", "Sunday"),
        ("on what weekday falls 14 February 2027", "Sunday"),
        ("what day was the 17th of March 1959", "Tuesday"),
        ("I was born on 17 March 1959, which day was it?", "Tuesday"),
        ("Please tell me which weekday the 17/3/59 was, I was born then", "Tuesday"),
        ("Which day of the week did 9 November 1989 fall on?", "Thursday"),
        ("what day was Sept. 11, 2001?", "Tuesday"),
        ("14.2.2027 weekday?", "Sunday"),
        ("2027-02-14, what weekday is that", "Sunday"),
        ("Whats the weekday on the 5th of november 2028", "Sunday"),
        ("which weekday is the first of april 2027", "Thursday"),
        ("the twenty-first of june 2027, weekday?", "Monday"),
        ("is 13/08/2027 a friday", "Friday"),
        ("did 17 march 1959 fall on a tuesday", "Tuesday"),
        ("is 5 june 2027 on a weekend?", "Saturday"),
        ("Was 1 January 2000 a Saturday or a Sunday?", "Saturday"),
        ("We get married on the 12th of June '27. Which day is this?", "Saturday"),
        ("what weekday is 14 febuary 2027", "Sunday"),
        ("Could you tell me on which day of the week Christmas Eve, 24 December 2027, falls?", "Friday"),
    ],
)
def test_weekdays(question: str, value: str) -> None:
    result = ask_date(question, TODAY)
    assert (result["value"], result["unit"]) == (value, "weekday")


def test_a_claim_is_answered() -> None:
    assert ask_date("is 14 feb 2027 a sunday?", TODAY)["answer"] == "Yes, 14 February 2027 is a Sunday."
    story = (
        "I was born on 17 March 1959 and my mother always said I am a Sunday child. Was this true, or on what weekday "
        "was it really?"
    )
    assert ask_date(story, TODAY) == {
        "answer": "No, 17 March 1959 was a Tuesday, not a Sunday.",
        "value": "Tuesday",
        "unit": "weekday",
    }


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("how many days from 14 February 2027 until 6 June 2027", 112, "days"),
        ("from 28 nov 2026 til 24 dec 2026", 26, "days"),
        ("Permit runs 14 Jan 2024 to 3 Mar 2024. Days between?", 49, "days"),
        ("how many days from 3 May to 7 May 2027, counting both days", 5, "days"),
        ("From 2027-01-01 to 2027-12-31 inclusive, how many days?", 365, "days"),
        ("days from 3 to 17 May 2027", 14, "days"),
        ("3-17 March 2027 how many days", 14, "days"),
        ("how many days are there between the 3rd and the 17th of May 2027", 14, "days"),
        ("We leave on 28 Nov and come back 24 Dec. How many nights is that?", 26, "days"),
        ("how many weeks between 14/02/27 and 06/06/27?", 16, "weeks"),
        ("Meeting moved from 3 March 2027 to 17 March 2027. By how many weeks?", 2, "weeks"),
        ("how many full weeks between 3 may 2027 and 7 july 2027", 9, "weeks"),
        ("how many months between 14 Jan 2024 and 3 Mar 2025", 13, "months"),
        ("years between 3 may 1990 and 1 jan 2027", 36, "years"),
        ("how many working days between 1 Dec 2026 and 24 Dec 2026?", 17, "working days"),
        ("how many business days are there from 1 December 2026 to 24 December 2026 inclusive", 18, "working days"),
        ("how many days excluding weekends from 1 December 2026 to 24 December 2026", 17, "working days"),
        ("how many days until 24 december", 28, "days"),
        ("how many days left until 1 January", 36, "days"),
        ("In how many days is 3 May 2027?", 158, "days"),
        ("how long ago was 5 june 2020", 2365, "days"),
        ("how many days since 3 may", 207, "days"),
        ("i took the pill first on 5 oct, today is 26 nov 2026, how many days is that?", 52, "days"),
        ("my son was born 14/02/24, how many weeks old is he?", 145.14, "weeks"),
        ("how old is somebody born 3 May 1990 on 1 Jan 2027", 36, "years"),
        ("how old on 2 May 2027 is somebody born 3 May 1990", 36, "years"),
        ("how old am I if I was born on 3 May 1990?", 36, "years"),
        ("what day number of the year is 3 May 2027", 123, "day of the year"),
        ("which iso week is 1 Jan 2027 in", 53, "ISO week"),
        ("which KW is the 5.6.2027", 22, "ISO week"),
        ("is 2100 a leap year", False, "leap year"),
        ("was 2024 a leap year?", True, "leap year"),
        ("when is the next leap year", 2028, "year"),
    ],
)
def test_numbers(question: str, value: float, unit: str) -> None:
    result = ask_date(question, TODAY)
    assert (result["value"], result["unit"]) == (value, unit)
    assert type(result["value"]) is type(value)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("120 days after 2023-11-08, with weekday", "2024-03-07"),
        ("3 weeks before 1 May", "2027-04-10"),
        ("what date is 90 d after 14.2.2027", "2027-05-15"),
        ("two months later than 31 December 2026, which date is that", "2027-02-28"),
        ("10 working days after 24 Dec 2026", "2027-01-07"),
        ("45 working days before 24 Dec 2026", "2026-10-22"),
        ("1 year, 2 months and 3 days after 14 Feb 2027", "2028-04-17"),
        ("what is 14 Feb 2027 plus 6 weeks", "2027-03-28"),
        ("14 Feb 2027 - 6 weeks", "2027-01-03"),
        ("add 10 days to 25.12.2026", "2027-01-04"),
        ("subtract 10 days from 1/1/2027", "2026-12-22"),
        ("half a year after 3 Aug 2026", "2027-02-03"),
        ("the day after 28 feb 2028", "2028-02-29"),
        ("My visa starts 14 Feb 2027 and lasts 90 days. Until when is it valid?", "2027-05-15"),
        ("my 90-day trial began on 1 Nov 2026. which day does it end?", "2027-01-30"),
        ("invoice dated 14.03.2027, payment due within 30 days - which date is that?", "2027-04-13"),
        ("if today is 14 march 2027, what date is it in 30 days?", "2027-04-13"),
        ("I have to give 2 weeks notice before 31 Jan 2027. By when must I hand it in?", "2027-01-17"),
        ("what date was 3 weeks ago", "2026-11-05"),
        ("what day is it 45 days from now?", "2027-01-10"),
        ("what date is tomorrow", "2026-11-27"),
        ("what's today's date", "2026-11-26"),
        ("what date is it the day after tomorrow", "2026-11-28"),
        ("2 days after the day after tomorrow", "2026-11-30"),
        ("what date is a week on Tuesday", "2026-12-08"),
        ("what date is tuesday week", "2026-12-08"),
        ("which date is friday next week", "2026-12-04"),
        ("when is next Friday", "2026-11-27"),
        ("third sunday of march 2027, which date is that?", "2027-03-21"),
        ("last friday of march 2027, what date?", "2027-03-26"),
    ],
)
def test_dates(question: str, value: str) -> None:
    result = ask_date(question, TODAY)
    assert (result["value"], result["unit"]) == (value, "date")


def test_the_answer_is_a_sentence() -> None:
    told = {
        "120 days after 2023-11-08, with weekday":
            "120 days after Wednesday, 8 November 2023, it is Thursday, 7 March 2024.",
        "3 weeks before 1 May":
            "3 weeks before Saturday, 1 May 2027, it is Saturday, 10 April 2027. "
            "No year was given with 1 May: 2027 was taken.",
        "10 working days after 24 Dec 2026":
            "10 working days after Thursday, 24 December 2026, it is Thursday, 7 January 2027. "
            "Working days are Monday to Friday; public holidays are not known here.",
        "a month before 31 march 2027":
            "1 month before Wednesday, 31 March 2027, it is Sunday, 28 February 2027. "
            "February 2027 has only 28 days: its last one was taken.",
        "how many days from 14 February 2027 until 6 June 2027":
            "From Sunday, 14 February 2027 to Sunday, 6 June 2027 it is 112 days (113 when both days are counted).",
        "how old was my grandma, born 2 Feb 1931, on 5 March 2019":
            "Somebody born on 2 February 1931 was 88 years old on Tuesday, 5 March 2019 "
            "(88 years, 1 month and 3 days).",
        "is 1900 leap": "1900 is no leap year: 29 February 1900 does not exist.",
    }  # fmt: skip
    assert {question: ask_date(question, TODAY)["answer"] for question in told} == told


def test_a_date_that_reads_both_ways_is_told_both_ways() -> None:
    assert ask_date("03/04/2027 which weekday?", TODAY)["answer"] == (
        "03/04/2027 can be read in two ways. With the day first: 3 April 2027 is a Saturday. With the month first: "
        "4 March 2027 is a Thursday."
    )
    assert "two ways" not in ask_date("how many days between 03/04/2027 and 20/04/2027", TODAY)["answer"]
    assert ask_date("from 12/20/2026 to 03/04/2027 how many days", TODAY)["value"] == 74
    assert "two ways" in ask_date("tell us the weekday of 03/04/2027", TODAY)["answer"]
    assert ask_date("US date 03/04/2027: which weekday?", TODAY)["value"] == "Thursday"
    assert "two ways" not in ask_date("how many years between 03/04/2020 and 03/04/2027", TODAY)["answer"]


def test_next_friday_is_told_both_ways() -> None:
    assert ask_date("when is next Friday", TODAY)["answer"] == (
        "Next Friday can be read in two ways. The first to come: It is Friday, 27 November 2026. The one of next week: "
        "It is Friday, 4 December 2026."
    )
    assert "two ways" not in ask_date("when is next Tuesday", TODAY)["answer"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("what weekday will 3 May be", "Monday"),
        ("what day of the week was the 3rd of may", "Sunday"),
        ("I was told that it is on 3 May. What weekday is that?", "Monday"),
    ],
)
def test_the_year_that_lacks(question: str, value: str) -> None:
    result = ask_date(question, TODAY)
    assert result["value"] == value
    assert "No year was given" in result["answer"]


def test_this_year_and_the_next() -> None:
    assert ask_date("was 3 may this year a sunday", TODAY)["answer"] == "Yes, 3 May 2026 was a Sunday."
    assert ask_date("what weekday is 3 may next year", TODAY)["answer"] == "3 May 2027 is a Monday."


def test_agrees_with_python_on_random_dates() -> None:
    random_ = random.Random(7)
    for _ in range(200):
        day = date(1900, 1, 1) + timedelta(random_.randrange(70_000))
        other = day + timedelta(random_.randrange(1, 2_000))
        number = random_.randrange(2, 500)
        assert ask_date(f"how many days from {day} to {other}", TODAY)["value"] == (other - day).days
        assert ask_date(f"{number} days before {day:%d %B %Y}", TODAY)["value"] == str(day - timedelta(number))
        assert ask_date(f"what weekday is {day:%B %d, %Y}?", TODAY)["value"] == f"{day:%A}"
        assert ask_date(f"iso week of {day:%d.%m.%Y}", TODAY)["value"] == day.isocalendar().week


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("30 February 2027 weekday?", "'30 February 2027' does not exist: February 2027 has 28 days"),
        ("what day is 31 April", "'31 April' does not exist: April has 30 days"),
        ("29 Feb 2027 which weekday", "does not exist"),
        ("2/30/2027 which weekday", "does not exist"),
        ("weekday of 14/14/2027", "there is no month 14"),
        ("fifth monday of february 2027, which date", "'fifth monday of february 2027' does not exist"),
        ("weekday of 12 oct 1492", "before the Gregorian calendar"),
        ("Sow in mid-March: which weekday?", "a vague date"),
        ("around 3 May 2027, which weekday", "a vague date"),
        ("end of March 2027 which weekday", "a vague date"),
        ("in March 2027, which weekday?", "is no day; give the day of the month"),
        ("a few weeks after 3 May 2027", "a vague date or span"),
        ("at 5 pm on 3 May 2027, what weekday is it", "times of day"),
        ("what date is it 3 hours after 3 May 2027", "times of day"),
        ("3 May 2027 UTC, what weekday", "time zones"),
        ("how many days till thanksgiving", "holidays and feasts"),
        ("40 days before ramadan 2027", "holidays and feasts"),
        ("how many working days from 1 May 2027 to 1 June 2027, public holidays excluded", "holidays and feasts"),
        ("how many sundays between 3 May 2027 and 7 June 2027", "not counted here"),
        ("every 2 weeks from 3 May 2027, third date?", "repeat"),
        ("what date is halfway between 3 May 2027 and 7 June 2027", "only dates and spans"),
        ("Translate 3 May 2027 to German", "something besides dates"),
        ("which is earlier, 3 May 2027 or 4 June 2027", "not compared"),
        ("what weekday is 3 May 2027 and how many days until then", "several things are asked at once"),
        ("What weekdays are 3 May 2027 and 4 June 2027?", "1 date would be needed, 2 are there"),
        ("how many days from 3 May 2027 to 4 May 2027 to 7 May 2027", "2 dates would be needed, 3 are there"),
        ("how many days is 3 May 2027", "2 dates would be needed, 1 are there"),
        ("how many days", "2 dates would be needed, 0 are there"),
        ("What weekday was 3 May 2020, 5 years ago?", "could not be told"),
        ("In 3 weeks we go. Is that before 3 May 2027, on which date?", "could not be told"),
        ("what date is the Monday after 5 May 2027", "could not be"),
        ("What day is the Sunday after 3 May 2027", "could not be"),
        ("how many days from Monday to 5 May 2027", "Monday could not be placed"),
        ("what weekday is the week after 3 May 2027", "how long after it could not be told"),
        ("born 3 May 1990, what weekday is my birthday this year", "could not be told"),
        ("what weekday is the first anniversary of 3 May 2027", "anniversaries"),
        ("14 Feb 2027", "nothing is asked that is known here"),
        ("hello", "nothing is asked that is known here"),
        ("The flight leaves 3 May 2027 and costs 300 euros. What weekday?", "the number 300 could not be placed"),
        ("what weekday is the 14th", "the number 14 could not be placed"),
        ("1.5 weeks after 3 May 2027", "could not be placed"),
        ("I have 3 weeks of leave. What weekday is 1 May 2027?", "added or taken away could not be told"),
        ("My sister came 2 weeks later. I was born on 3 May 1990. What weekday was I born on?", "could not be told"),
        ("how many days from 3 May 2027 to 7 June 2027 except tuesdays", "'except' is not understood"),
        ("Monday 14 Feb 2027 plus 3 days", "14 February 2027 is a Sunday, not a Monday"),
        ("is diwali a leap year", "holidays and feasts"),
        ("is it a leap year", "one year is needed"),
        ("", "a question of 1 to 600 characters is needed, got 0"),
        ("which weekday is 3 May 2027 " + "and this goes on and on " * 30, "a question of 1 to 600 characters"),
        ("weekday of 3 May 2027 " + "though nobody here seems really sure " * 10, "words beside its dates"),
        ("how many days from 9999-12-31 to 2 may", "outside of the years 1583 to 9999"),
        ("99999 years after 3 May 2027", "outside of the years"),
    ],
)  # fmt: skip
def test_refusals(question: str, words: str) -> None:
    assert words in said(question)


def test_a_refusal_says_what_was_understood() -> None:
    assert said("My passport of 03.04.2027 must be valid for 6 months. I arrive 01.10.2026. Days between?") == (
        "understood was the date '03.04.2027', the date '01.10.2026', the span '6 months', and that the time between "
        "two dates is asked; but '6 months' could not be placed"
    )


def test_today_is_the_default() -> None:
    assert ask_date("what date is today")["value"] == date.today().isoformat()
