using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;

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

    /// <summary>Adds the positions that the file's segments cover, of origins that were stored since a time.</summary>
    public void AddPositions(
        DayFile file, long since, Dictionary<OriginKey, (List<(ulong First, ulong Past)> Ranges, long LastSeen)> positions)
    {
        using var result = connection.Query(
            $"SELECT o.sender, o.high, o.low, i.first, i.past, i.stored_at FROM {file.Alias}.{FileSchema.OriginIntervals} i "
            + $"JOIN {file.Alias}.{FileSchema.Origins} o ON o.number = i.origin WHERE i.stored_at >= {since}");
        while (result.Read())
        {
            for (var i = 0; i < result.RowCount; i++)
            {
                var key = OriginKey.From(Unsigned(0, i), Unsigned(1, i), Unsigned(2, i));
                var known = positions.TryGetValue(key, out var value) ? value : (Ranges: [], LastSeen: long.MinValue);
                known.Ranges.Add((Unsigned(3, i), Unsigned(4, i)));
                positions[key] = (known.Ranges, Math.Max(known.LastSeen, result.Column(5).Int64(i)));
            }
        }

        ulong Unsigned(int column, int row) => unchecked((ulong)result.Column(column).Int64(row));
    }
}
