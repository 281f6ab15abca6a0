namespace Bitacora.Storage.Tests;

/// <summary>What ready answers hold together is bounded, and who reads keeps its own.</summary>
public sealed class HeldAnswersTests
{
    private readonly HeldAnswers _answers = new(capacity: 100);
    private readonly List<string> _dropped = [];

    [Fact]
    public void Answers_that_fit_are_kept_however_long_their_readers_take()
    {
        Hold("a", 50);
        Hold("b", 50);
        _dropped.ShouldBeEmpty();
        _answers.Bytes.ShouldBe(100);
    }

    [Fact]
    public void Where_there_is_no_room_that_whose_reader_waits_longest_is_dropped()
    {
        var first = Hold("first", 40);
        Hold("second", 40);
        first.Touch();
        Hold("third", 40);
        _dropped.ShouldBe(["second"]);
        Hold("large", 90);
        _dropped.ShouldBe(["second", "first", "third"]);
        _answers.Bytes.ShouldBe(90);
    }

    [Fact]
    public void An_answer_larger_than_all_may_hold_is_alone()
    {
        Hold("small", 1);
        var large = Hold("large", 1_000);
        _dropped.ShouldBe(["small"]);
        large.Dispose();
        _answers.Bytes.ShouldBe(0);
    }

    [Fact]
    public void What_was_read_makes_room_once()
    {
        var read = Hold("read", 100);
        read.Dispose();
        read.Dispose();
        Hold("next", 100);
        _dropped.ShouldBeEmpty();
        read.Touch();
        _answers.Bytes.ShouldBe(100);
    }

    private HeldAnswer Hold(string name, long bytes) => _answers.Hold(bytes, () => _dropped.Add(name));
}
