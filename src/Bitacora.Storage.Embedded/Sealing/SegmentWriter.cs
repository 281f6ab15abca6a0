using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// Writes one draft into its file as one transaction: rows, the segment's directory entry, attribute names, origins and their
/// intervals, and the WAL sequence through which the file is sealed. Either all of it is there after a crash, or nothing.
/// </summary>
internal sealed class SegmentWriter(EngineConnection connection, RowFeed feed, DayFile file)
{
    private readonly List<OriginKey> _newOrigins = [];
    private readonly Dictionary<OriginKey, int> _newNumbers = [];
    private readonly Dictionary<int, PositionIntervals> _intervals = [];
    private readonly AttributeNameCounts _names = new();

    /// <exception cref="EngineException">DuckDB could not write; the file is as it was before.</exception>
    public void Write(SegmentDraft draft, ReadOnlyMemory<MemTableEntry> entries, ulong through, long now)
    {
        connection.Execute("BEGIN");
        try
        {
            var segment = WriteRows(draft, entries, through, now);
            WriteDirectory(segment);
            WriteNames(segment.Number);
            WriteOrigins();
            WriteIntervals(now);
            connection.Execute("COMMIT");
            file.Commit(segment, _newOrigins);
        }
        catch
        {
            connection.TryRollback();
            throw;
        }
    }

    private Segment WriteRows(SegmentDraft draft, ReadOnlyMemory<MemTableEntry> entries, ulong through, long now)
    {
        using var rows = new SegmentRows(draft.Rows, entries, NumberOrigins, _names);
        feed.Insert(file.Alias, FileSchema.Records, rows);
        return new Segment(
            file.Segments.Length,
            file.Rows,
            file.Rows + draft.Rows.Length - 1,
            draft.Rows.Span[0].Id.Time,
            draft.Rows.Span[^1].Id.Time,
            rows.LevelBits,
            rows.LayerBits,
            rows.Columns,
            through,
            now,
            _names.IsComplete);
    }

    private int[] NumberOrigins(RecordBatch batch)
    {
        var numbers = new int[batch.Origins.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var origin = batch.Origins[i];
            var key = new OriginKey(batch.Sender, origin.Origin);
            if (!file.Origins.TryGet(key, out var number) && !_newNumbers.TryGetValue(key, out number))
            {
                number = file.Origins.Count + _newOrigins.Count;
                _newOrigins.Add(key);
                _newNumbers.Add(key, number);
            }

            numbers[i] = number;
            if (!_intervals.TryGetValue(number, out var intervals))
            {
                _intervals.Add(number, intervals = new PositionIntervals());
            }

            intervals.Add(origin.First, origin.End);
        }

        return numbers;
    }

    private void WriteDirectory(Segment segment) => Insert(FileSchema.Segments, 1, (columns, row, _) =>
    {
        columns[0].Int32(row, segment.Number);
        columns[1].Int64(row, segment.FirstRow);
        columns[2].Int64(row, segment.LastRow);
        columns[3].Int64(row, segment.FirstTime);
        columns[4].Int64(row, segment.LastTime);
        columns[5].Byte(row, segment.LevelBits);
        columns[6].Byte(row, segment.LayerBits);
        columns[7].Int32(row, segment.Columns);
        columns[8].Int64(row, unchecked((long)segment.Through));
        columns[9].Int64(row, segment.SealedAt);
        columns[10].Byte(row, segment.NamesComplete ? (byte)1 : (byte)0);
    });

    private void WriteNames(int segment)
    {
        var counts = _names.Counts.ToArray();
        Insert(FileSchema.AttributeNames, counts.Length, (columns, row, i) =>
        {
            var ((name, type), count) = counts[i];
            columns[0].Int32(row, segment);
            columns[1].Utf8(row, name);
            columns[2].Byte(row, (byte)type);
            columns[3].Int64(row, count);
        });
    }

    private void WriteOrigins() => Insert(FileSchema.Origins, _newOrigins.Count, (columns, row, i) =>
    {
        columns[0].Int32(row, file.Origins.Count + i);
        columns[1].Int64(row, unchecked((long)_newOrigins[i].Sender.Value));
        columns[2].Int64(row, unchecked((long)(ulong)(_newOrigins[i].Origin.Value >> 64)));
        columns[3].Int64(row, unchecked((long)(ulong)_newOrigins[i].Origin.Value));
    });

    private void WriteIntervals(long now)
    {
        var all = _intervals
            .SelectMany(origin => origin.Value.Merged().Select(part => (Origin: origin.Key, part.First, part.Past)))
            .ToArray();
        Insert(FileSchema.OriginIntervals, all.Length, (columns, row, i) =>
        {
            columns[0].Int32(row, all[i].Origin);
            columns[1].Int64(row, unchecked((long)all[i].First));
            columns[2].Int64(row, unchecked((long)all[i].Past));
            columns[3].Int64(row, now);
        });
    }

    private void Insert(string table, int count, IndexedRows.RowWriter write)
    {
        if (count > 0)
        {
            feed.Insert(file.Alias, table, new IndexedRows(count, write));
        }
    }
}
