namespace Bitacora.Alerting.Tests;

public class AlertConditionTests
{
    [Theory]
    [InlineData("> 10", 11, 10)]
    [InlineData(">= 10", 10, 9)]
    [InlineData("<10", 9, 10)]
    [InlineData("<=  10", 10, 11)]
    [InlineData("= 10", 10, 9)]
    [InlineData("absence", 0, 1)]
    public void A_condition_holds_for_its_counts_only(string text, long held, long other)
    {
        AlertCondition.TryParse(text, out var condition).ShouldBeTrue();
        condition.Holds(held).ShouldBeTrue();
        condition.Holds(other).ShouldBeFalse();
        AlertCondition.TryParse(condition.ToString(), out var again).ShouldBeTrue();
        again.ShouldBe(condition);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("> ")]
    [InlineData("> -1")]
    [InlineData("=> 3")]
    [InlineData("> 1.5")]
    [InlineData("> 1000000000001")]
    [InlineData("absent")]
    public void What_is_no_condition_is_refused(string text) => AlertCondition.TryParse(text, out _).ShouldBeFalse();
}
