namespace Bitacora.Query.Tests;

/// <summary>Rule 17's limits hold before anything large is built, and without overflowing a stack.</summary>
public class QueryLimitTests
{
    [Fact]
    public void Sixteen_kibibytes_of_UTF8_are_read_and_one_more_byte_is_not()
    {
        Should.NotThrow(() => Asking.Parse(new string('x', 16384)));
        Asking.Fails(new string('x', 16385)).Problem.ShouldContain("16384 bytes");
        Asking.Fails(new string('é', 8193)).Problem.ShouldContain("16384 bytes");
    }

    [Fact]
    public void Two_hundred_and_fifty_six_terms_are_read_and_one_more_is_not()
    {
        Should.NotThrow(() => Asking.Parse(string.Join(' ', Enumerable.Repeat("x", 256))));
        QuerySyntaxException error = Asking.Fails(string.Join(' ', Enumerable.Repeat("x", 257)));
        error.Problem.ShouldBe("more than 256 terms");
        error.Position.ShouldBe(513);
    }

    [Fact]
    public void Thirty_two_parentheses_are_read_and_one_more_is_not()
    {
        Should.NotThrow(() => Asking.Parse(new string('(', 32) + "x" + new string(')', 32)));
        Asking.Fails(new string('(', 33) + "x" + new string(')', 33)).Position.ShouldBe(33);
        Should.NotThrow(() => Asking.Parse(string.Concat(Enumerable.Repeat("(x) ", 100))));
    }

    [Fact]
    public void Thousands_of_operators_are_an_error_and_no_stack_overflow()
    {
        Asking.Fails(string.Concat(Enumerable.Repeat("NOT ", 4000))).Position.ShouldBe(5);
        Asking.Fails(new string('(', 4000)).Problem.ShouldContain("32 parentheses");
        Asking.Fails(new string('-', 4000)).Position.ShouldBe(2);
        Asking.Fails("f:" + new string('(', 4000)).Problem.ShouldContain("32 parentheses");
    }

    [Fact]
    public void The_ninth_stage_is_an_error_before_any_stage_is_read()
    {
        QuerySyntaxException error = Asking.Fails("x" + string.Concat(Enumerable.Repeat("|y", 9)));
        error.Problem.ShouldBe("more than 8 stages");
        error.Position.ShouldBe(18);
    }

    [Fact]
    public void A_regular_expression_has_at_most_a_kibibyte_and_a_bounded_automaton()
    {
        Should.NotThrow(() => Asking.Parse("x~" + new string('a', 1024)));
        Asking.Fails("x~" + new string('a', 1025)).Problem.ShouldContain("1024 bytes");
        Asking.Fails("x~\"((a{1000}){1000}){1000}\"").Problem.ShouldContain("too large");
    }
}
