using Bitacora.Client.Entries;

namespace Bitacora.Client.Tests;

public sealed class ExceptionTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void An_exception_with_as_many_causes_as_people_read_is_its_own_text(int exceptions)
    {
        var exception = Thrown(Chain(exceptions));
        ExceptionText.Of(exception).ShouldBe(exception.ToString());
    }

    [Fact]
    public void Several_causes_of_one_exception_are_its_own_text()
    {
        var exception = Thrown(new AggregateException("all", Enumerable.Range(0, 99).Select(i => new IOException($"cause {i}"))));
        ExceptionText.Of(exception).ShouldBe(exception.ToString());
    }

    [Theory]
    [InlineData(101, "1 more cause is")]
    [InlineData(99_999, "99899 more causes are")]
    [InlineData(200_000, "at least 99900 more causes are")]
    public void A_longer_chain_is_told_up_to_its_hundredth_exception_and_how_many_more_there_are(int exceptions, string rest)
    {
        var text = ExceptionText.Of(Thrown(Chain(exceptions)));
        text.ShouldStartWith("System.InvalidOperationException: number 0");
        text.ShouldContain(nameof(Thrown));
        text.ShouldContain(" ---> System.InvalidOperationException: number 99");
        text.ShouldNotContain("number 100");
        text.ShouldContain($"{rest} left out");
    }

    [Fact]
    public void A_tree_of_causes_that_is_too_large_is_told_in_its_order()
    {
        var leaves = new AggregateException(Enumerable.Range(0, 1_000).Select(i => new IOException($"leaf {i:D3}")));
        var text = ExceptionText.Of(new AggregateException("all", new IOException("first"), leaves, new IOException("last")));
        text.ShouldContain(" ---> System.IO.IOException: first");
        text.ShouldContain("leaf 096");
        text.ShouldNotContain("leaf 097");
        text.ShouldContain("904 more causes are left out");
    }

    [Fact]
    public void Exceptions_that_cause_each_other_a_hundred_thousand_levels_deep_end_nothing()
    {
        Exception exception = new IOException("innermost");
        for (var i = 0; i < 100_000; i++)
        {
            exception = new AggregateException(exception);
        }

        ExceptionText.Of(exception).ShouldStartWith("System.AggregateException");
        ExceptionText.MessageOf(exception).ShouldContain("causes");
    }

    [Fact]
    public void A_message_or_a_stack_that_cannot_be_had_leaves_the_others()
    {
        var text = ExceptionText.Of(new Faulty(Chain(200)));
        text.ShouldStartWith(typeof(Faulty).FullName!);
        text.ShouldContain("number 98");
    }

    private static InvalidOperationException Chain(int exceptions)
    {
        InvalidOperationException? exception = null;
        for (var i = exceptions - 1; i >= 0; i--)
        {
            exception = new InvalidOperationException($"number {i}", exception);
        }

        return exception!;
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }

    private sealed class Faulty(Exception cause) : Exception("", cause)
    {
        public override string Message => throw new NotSupportedException();

        public override string StackTrace => throw new NotSupportedException();
    }
}
