using Bitacora.Delivery.Positions;
using Bitacora.Records;

namespace Bitacora.Delivery.Tests;

public class PositionTableTests
{
    [Fact]
    public void Origins_beyond_the_bound_are_forgotten_longest_unseen_first()
    {
        var table = new PositionTable(maxOrigins: 16, maxRanges: 10);
        for (var i = 1; i <= 20; i++)
        {
            table.Add(Batches.Of(0, 1, new Origin((UInt128)i << 1)), now: i);
        }

        table.Count.ShouldBeLessThanOrEqualTo(16);
        table.Of(new Origin(2)).ShouldBeEmpty();
        table.Of(new Origin(40)).Count.ShouldBe(1);
        table.Forgotten.ShouldBe(20 - table.Count);
    }

    [Fact]
    public void An_origin_lists_each_sender_by_itself()
    {
        var table = new PositionTable(16, 10);
        table.Add(Batches.Of(5, 2, sender: 9), now: 1);
        table.Add(Batches.Of(0, 3, sender: 1), now: 2);
        var found = table.Of(Batches.First);
        found.Select(positions => (positions.Sender.Value, positions.Ranges[0], positions.LastSeen))
            .ShouldBe([(1UL, new PositionRange(0, 3), 2L), (9UL, new PositionRange(5, 7), 1L)]);
    }

    [Fact]
    public void Positions_known_from_elsewhere_merge()
    {
        var table = new PositionTable(16, 10);
        table.Add(new OriginPositions(SenderId.None, Batches.First, [new(0, 5), new(10, 12)], LastSeen: 7));
        table.Add(Batches.Of(5, 5), now: 3);
        var found = table.Of(Batches.First).ShouldHaveSingleItem();
        found.Ranges.ShouldBe([new PositionRange(0, 12)]);
        found.LastSeen.ShouldBe(7);
    }
}
