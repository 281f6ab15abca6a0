using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Sealing;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>Reads what files keep beside their records: attribute names, positions of origins.</summary>
internal sealed class FileSummaries(EngineConnection connection)
{
    /// <summary>Adds the attribute names of segments that overlap the range.</summary>
    public void AddFields(FileView view, TimeRange range, Dictionary<(string Name, AttributeType Type), long> counts)
    {
        var segments = view.Segments.Where(segment => segment.LastTime >= range.From && segment.FirstTime < range.To).ToList();
        if (segments.Count == 0)
        {
            return;
        }

        using var result = connection.Query(
            $"SELECT name, type, sum(count)::BIGINT FROM {view.File.Alias}.{FileSchema.AttributeNames} "
            + $"WHERE segment IN ({string.Join(',', segments.Select(segment => segment.Number))}) GROUP BY name, type");
        while (result.Read())
        {
            for (var i = 0; i < result.RowCount; i++)
            {
                var key = (Encoding.UTF8.GetString(result.Column(0).Utf8(i)), (AttributeType)result.Column(1).Byte(i));
                counts[key] = counts.GetValueOrDefault(key) + result.Column(2).Int64(i);
            }
        }
    }

    /// <summary>Adds origins of which the file stored something since a time, and when it last did.</summary>
    public void AddLastSeen(DayFile file, long since, Dictionary<OriginKey, long> lastSeen)
    {
        using var result = connection.Query(
            $"SELECT o.sender, o.high, o.low, max(i.stored_at) FROM {file.Alias}.{FileSchema.OriginIntervals} i "
            + $"JOIN {file.Alias}.{FileSchema.Origins} o ON o.number = i.origin WHERE i.stored_at >= {since} GROUP BY ALL");
        while (result.Read())
        {
            for (var i = 0; i < result.RowCount; i++)
            {
                var key = Key(result, i);
                lastSeen[key] = Math.Max(lastSeen.GetValueOrDefault(key, long.MinValue), result.Column(3).Int64(i));
            }
        }
    }

    /// <summary>Adds the positions that the file's segments cover, of the origins that the dictionary has.</summary>
    public void AddPositions(DayFile file, Dictionary<OriginKey, PositionIntervals> positions)
    {
        using var result = connection.Query(
            $"SELECT o.sender, o.high, o.low, i.first, i.past FROM {file.Alias}.{FileSchema.OriginIntervals} i "
            + $"JOIN {file.Alias}.{FileSchema.Origins} o ON o.number = i.origin");
        while (result.Read())
        {
            for (var i = 0; i < result.RowCount; i++)
            {
                if (positions.TryGetValue(Key(result, i), out var intervals))
                {
                    intervals.Add(Unsigned(result, 3, i), Unsigned(result, 4, i));
                }
            }
        }
    }

    private static OriginKey Key(EngineResult result, int row) =>
        OriginKey.From(Unsigned(result, 0, row), Unsigned(result, 1, row), Unsigned(result, 2, row));

    private static ulong Unsigned(EngineResult result, int column, int row) =>
        unchecked((ulong)result.Column(column).Int64(row));
}
