using Bitacora.Alerting.Evaluation;

namespace Bitacora.Alerting.Tests;

public class LateWatchTests
{
    private static readonly AlertRule Errors = new()
    {
        Name = "errors",
        Query = "level:ERROR",
        Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
    };

    private readonly AlertWorld _world = new();

    [Fact]
    public async Task A_minute_to_which_records_come_again_and_again_has_one_mark()
    {
        var engine = _world.Engine(Errors);
        for (var minute = 5; minute < 15; minute++)
        {
            await _world.AppendAsync(1, 1);
            await _world.JudgeAsync(engine, minute);
        }

        var (state, _) = await new StateValue<LateState>(_world.States, "alerts/late").LoadAsync(CancellationToken.None);
        state.LastNumber.ShouldBe(9);
        state.Marks.ShouldHaveSingleItem().Number.ShouldBe(9);
    }

    [Fact]
    public async Task Who_judges_every_five_minutes_at_no_quarter_of_an_hour_finds_what_came_hours_late()
    {
        var engine = _world.Engine(Errors);
        await _world.JudgeAsync(engine, 239);
        await _world.JudgeAsync(engine, 244);
        await _world.AppendAsync(10, 11);
        var told = new List<AlertNotification>();
        for (var minute = 249; minute <= 264; minute += 5)
        {
            told.AddRange((await _world.JudgeAsync(engine, minute)).Raised);
        }

        told.ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Late);
    }
}
