using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Reading;

namespace Bitacora.Storage.Cassandra.Tests.Reading;

public sealed class SliceFilterTests
{
    private const byte Info = 1 << (int)Level.Info;
    private const byte Error = 1 << (int)Level.Error;
    private static readonly DateTimeOffset _now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", Info | Error)]
    [InlineData("level:ERROR", Error)]
    [InlineData("level>=ERROR x", Error)]
    [InlineData("NOT level:ERROR", Info)]
    [InlineData("level:CRITICAL", 0)]
    [InlineData("layer:infrastructure", 0)]
    [InlineData("source:shop", Info)]
    [InlineData("source:SH*", Info)]
    [InlineData("source=Shop", 0)]
    [InlineData("source:pay logger:x", Error)]
    [InlineData("NOT source:shop", Error)]
    [InlineData("source:shop level:ERROR", 0)]
    [InlineData("source:nobody OR anything", Info | Error)]
    [InlineData("source:nobody anything", 0)]
    [InlineData("request_id:R-1", Info | Error)]
    [InlineData("request_id=R-1", Info | Error)]
    [InlineData("request_id:other", 0)]
    [InlineData("request_id:r*", Info | Error)]
    [InlineData("NOT request_id:other", Info | Error)]
    [InlineData("request_id:other OR level:ERROR", Error)]
    [InlineData("user_id:r-1", 0)]
    [InlineData("span_id:none", Info | Error)]
    [InlineData("logger:*", Error)]
    public void Only_levels_that_may_match_are_read(string query, int levels) =>
        FilterOf(query).Levels(Manifest()).ShouldBe((byte)levels);

    [Fact]
    public void Without_counts_or_ids_everything_but_the_level_is_possible()
    {
        var unknown = Manifest() with { Counts = null, Ids = null };
        FilterOf("source:nobody request_id:other").Levels(unknown).ShouldBe((byte)(Info | Error));
        FilterOf("level:ERROR source:nobody").Levels(unknown).ShouldBe(Error);
    }

    [Theory]
    [InlineData("level:ERROR source:shop", true)]
    [InlineData("layer:application OR NOT logger:x*", true)]
    [InlineData("source~sh.p", true)]
    [InlineData("text", false)]
    [InlineData("host:a", false)]
    public void Counts_answer_what_level_layer_source_and_logger_decide(string query, bool decided) =>
        FilterOf(query).IsDecidedByCounts.ShouldBe(decided);

    [Fact]
    public void A_layer_that_cannot_match_is_not_looked_at()
    {
        FilterOf("layer:infrastructure x").MayMatch(Layer.Application).ShouldBeFalse();
        FilterOf("layer:infrastructure OR x").MayMatch(Layer.Application).ShouldBeTrue();
    }

    private static SliceFilter FilterOf(string query) => new(QueryParser.Parse(query, new QueryContext { Now = _now }));

    private static Manifest Manifest()
    {
        var minute = (RecordTime.From(_now) / TimeSpan.TicksPerMinute) - 5;
        var counts = new ManifestCounts();
        counts.Add(minute, Level.Info, "shop"u8, default, 2);
        counts.Add(minute, Level.Error, "pay"u8, "x"u8, 1);
        return new Manifest
        {
            Layer = Layer.Application,
            Key = new PartitionKey(0, 0, 0),
            Id = default,
            Writer = "",
            First = RecordId.Create(minute * TimeSpan.TicksPerMinute, 0),
            Last = RecordId.Create(minute * TimeSpan.TicksPerMinute, 9),
            Rows = 3,
            Levels = Info | Error,
            Counts = counts,
            Ids = [.. new[] { IdHash.Of(NamedField.RequestId, "r-1"u8), IdHash.Of(NamedField.Host, "h"u8) }.Order()],
        };
    }
}
