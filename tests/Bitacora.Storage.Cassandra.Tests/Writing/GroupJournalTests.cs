using Bitacora.Records;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Tests.Writing;

public sealed class GroupJournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bitacora-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_not_settled_is_known_after_a_restart()
    {
        using (var journal = GroupJournal.Open(_directory))
        {
            journal.Add(Group(1, 3, 100));
            journal.Add(Group(4, 4, 101));
            journal.Add(Group(5, 9, 102));
            journal.Settle([Settled(1, 3, 0, 30)], now: 1_000);
            journal.DurableThrough.ShouldBe(3UL);
        }

        using var again = GroupJournal.Open(_directory);
        again.DurableThrough.ShouldBe(3UL);
        again.Unsettled().ShouldBe([(4UL, 4UL, 101L), (5UL, 9UL, 102L)]);
    }

    [Fact]
    public void What_was_being_written_has_used_its_sequences()
    {
        using (var journal = GroupJournal.Open(_directory))
        {
            journal.UsedThrough.ShouldBe(0UL);
            journal.Add(Group(1, 3, 100));
            journal.Add(Group(4, 9, 101));
            journal.Settle([Settled(1, 3, 0, 30)], now: 1_000);
        }

        using (var journal = GroupJournal.Open(_directory))
        {
            journal.UsedThrough.ShouldBe(9UL);
            journal.Settle([Settled(4, 9, 30, 90)], now: 1_000);
        }

        using var again = GroupJournal.Open(_directory);
        again.UsedThrough.ShouldBe(9UL);
    }

    [Fact]
    public void Positions_that_follow_each_other_are_one_range_and_old_origins_are_forgotten()
    {
        using var journal = GroupJournal.Open(_directory);
        journal.Settle([Settled(1, 1, 0, 30), Settled(2, 2, 30, 70), Settled(3, 3, 100, 101)], now: 1_000);
        journal.Settle([Settled(4, 4, ulong.MaxValue - 5, ulong.MaxValue)], now: 2_000);

        var positions = journal.Positions(since: 0).ShouldHaveSingleItem();
        positions.Ranges.Select(range => (range.First, range.End)).Order().ShouldBe(
            [(0UL, 70UL), (100UL, 101UL), (ulong.MaxValue - 5, ulong.MaxValue)]);
        journal.Positions(since: 1_500).ShouldHaveSingleItem().Ranges.Count.ShouldBe(1);
        journal.Positions(since: 3_000).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        File.WriteAllText(Path.Combine(_directory, "groups.db"), new string('x', 5_000));
        Should.Throw<IOException>(() => GroupJournal.Open(_directory)).Message.ShouldContain("groups.db");
    }

    private static RecordGroup Group(ulong first, ulong last, long timestamp)
    {
        var group = new RecordGroup { Timestamp = timestamp };
        var batch = new Testing.Storage.TestBatches(TimeProvider.System).Of(new Testing.Storage.TestRecord(1, "m"));
        _ = group.Add(batch, first);
        _ = group.Add(batch, last);
        return group;
    }

    private static SettledGroup Settled(ulong first, ulong last, ulong from, ulong to) =>
        new(first, last, 1, [(SenderId.None, new BatchOrigin(new Origin(8), from, to))]);
}
