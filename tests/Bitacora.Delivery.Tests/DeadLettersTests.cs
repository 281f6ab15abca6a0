using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests;

public class DeadLettersTests
{
    private readonly FaultyFiles _files = new();

    [Fact]
    public void Letters_come_back_with_their_reasons_after_a_loss_of_power()
    {
        var letters = Open();
        letters.TryAdd(Batches.Of(5, 2), 7, "no \"room\"\n").ShouldBeTrue();
        letters.TryAdd(Batches.Of(0, 1), 3, "other").ShouldBeTrue();

        var again = new DeadLetters(_files.AfterPowerLoss(), 1 << 20, TimeProvider.System);
        again.Count.ShouldBe(2);
        again.Bytes.ShouldBe(letters.Bytes);
        again.Read().Select(letter => letter.Reason).ShouldBe(["other", "no \"room\"\n"]);
        Batches.Names(again.Read().Last().Batch).ShouldBe(Batches.Names(Batches.Of(5, 2)));
    }

    [Fact]
    public void What_does_not_fit_is_dropped_and_what_is_there_stays()
    {
        var letters = new DeadLetters(_files, 1000, TimeProvider.System);
        letters.TryAdd(Batches.Of(0, 1), 1, "first").ShouldBeTrue();
        letters.TryAdd(Batches.Of(1, 1, messageBytes: 900), 2, "second").ShouldBeFalse();
        letters.Read().ShouldHaveSingleItem().Reason.ShouldBe("first");
    }

    [Fact]
    public void A_damaged_letter_is_passed_over_and_a_lost_reason_does_not_hide_the_records()
    {
        var letters = Open();
        letters.TryAdd(Batches.Of(0, 1), 1, "first");
        letters.TryAdd(Batches.Of(1, 1), 2, "second");
        var names = _files.List().Order(StringComparer.Ordinal).ToArray();
        names.Select(Path.GetExtension).ShouldBe([".batch", ".json", ".batch", ".json"]);
        _files.Flip(names[0], 70, 1);
        _files.Put(names[3], [1, 2]);
        var letter = letters.Read().ShouldHaveSingleItem();
        letter.Reason.ShouldBe("the reason is lost");
        Batches.Names(letter.Batch).ShouldBe(Batches.Names(Batches.Of(1, 1)));
    }

    [Fact]
    public void A_reason_of_any_length_is_cut_and_can_be_read_again()
    {
        Open().TryAdd(Batches.Of(0, 1), 1, new string('\u0001', 100_000)).ShouldBeTrue();
        Open().Read().ShouldHaveSingleItem().Reason.Length.ShouldBe(8192);
    }

    [Fact]
    public void A_write_that_fails_is_tried_again_with_the_same_letter()
    {
        var letters = Open();
        _files.FailNextWriteAfter = 10;
        Should.Throw<IOException>(() => letters.TryAdd(Batches.Of(0, 1), 1, "reason"));
        letters.TryAdd(Batches.Of(0, 1), 1, "reason").ShouldBeTrue();
        letters.Read().Count().ShouldBe(1);
        letters.Bytes.ShouldBe(_files.List().Sum(name => _files.Content(name).Length));
    }

    private DeadLetters Open() => new(_files, 1 << 20, TimeProvider.System);
}
